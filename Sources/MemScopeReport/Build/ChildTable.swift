/// Finds a tree node by its parent, frame and kind: a hash table with open addressing.
///
/// Always true: at most half of the slots are taken, so a probe ends; slot value -1 is empty.
struct ChildTable {
    private var keys: [UInt64] = [UInt64](repeating: 0, count: 1024)
    private var values: [Int32] = [Int32](repeating: -1, count: 1024)
    private var count = 0

    /// The child with a key, made by `create` if there is none yet.
    mutating func child(_ parent: Int32, _ frame: Int32, _ kind: UInt8, create: () -> Int32) -> Int32 {
        // 32 bits of parent, 30 of frame, 2 of kind: no two children share a key.
        let key = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: frame)) << 2 | UInt64(kind)
        var slot = Self.slot(key, in: keys.count)
        while values[slot] >= 0 {
            if keys[slot] == key { return values[slot] }
            slot = (slot + 1) & (keys.count - 1)
        }
        let value = create()
        keys[slot] = key
        values[slot] = value
        count += 1
        if 2 * count > keys.count { grow() }
        return value
    }

    private mutating func grow() {
        let old = zip(keys, values)
        keys = [UInt64](repeating: 0, count: 2 * keys.count)
        values = [Int32](repeating: -1, count: 2 * values.count)
        for (key, value) in old where value >= 0 {
            var slot = Self.slot(key, in: keys.count)
            while values[slot] >= 0 { slot = (slot + 1) & (keys.count - 1) }
            keys[slot] = key
            values[slot] = value
        }
    }

    private static func slot(_ key: UInt64, in capacity: Int) -> Int {
        let mixed = (key ^ key >> 32) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: mixed >> 32) & (capacity - 1)
    }
}
