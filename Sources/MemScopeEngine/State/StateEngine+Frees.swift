internal import MemScopeShim

/// What is unusual about frees: blocks of another type than their leaf's, and blocks that another module frees than allocated
/// them.
extension StateEngine {
    /// Counts a free by its note, see ``MEMSCOPE_CONTROL_FREE_NOTE``.
    @_noLocks @_noAllocation
    func noteUnusualFree(_ note: UInt64, _ leaf: UInt32, _ size: UInt64) {
        let type = note & (1 << UInt64(MEMSCOPE_NOTE_MODULE_SHIFT) &- 1)
        let module = UInt32(truncatingIfNeeded: note >> UInt64(MEMSCOPE_NOTE_MODULE_SHIFT))
        if type != 0 { noteFreedType(type, leaf: leaf, size: size) }
        if module != 0 { noteCrossing(of: leaf, into: module, size) }
    }

    @_noLocks @_noAllocation
    private func noteFreedType(_ type: UInt64, leaf: UInt32, size: UInt64) {
        let table = state.pointee.freed_types
        let mask = Int(MEMSCOPE_FREED_TYPES &- 1)
        let hash = (type ^ UInt64(leaf) &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        var probes = 0
        while probes < 64 {
            let entry = table + slot
            if entry.pointee.leaf == 0 {
                entry.pointee.leaf = leaf
                entry.pointee.type = type
            }
            if entry.pointee.leaf == leaf && entry.pointee.type == type {
                entry.pointee.frees &+= 1
                entry.pointee.bytes &+= size
                return
            }
            slot = (slot &+ 1) & mask
            probes &+= 1
        }
        state.pointee.freed_types_lost &+= 1
    }

    @_noLocks @_noAllocation
    private func noteCrossing(of leaf: UInt32, into module: UInt32, _ size: UInt64) {
        guard let table = state.pointee.crossings else { return }
        let mask = Int(MEMSCOPE_CROSSINGS &- 1)
        let hash = (UInt64(module) << 32 | UInt64(leaf)) &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(truncatingIfNeeded: hash >> 40) & mask
        var probes = 0
        while probes < 64 {
            let entry = table + slot
            if entry.pointee.frees == 0 {
                entry.pointee.leaf = leaf
                entry.pointee.freed_in = module
            }
            if entry.pointee.leaf == leaf && entry.pointee.freed_in == module {
                entry.pointee.frees &+= 1
                entry.pointee.bytes &+= size
                return
            }
            slot = (slot &+ 1) & mask
            probes &+= 1
        }
        state.pointee.crossings_lost &+= 1
    }
}
