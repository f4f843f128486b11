/// What consecutive records of a ring add to one context: most follow others of the same one, so its sums, and those of its
/// task and thread, are touched once for many records.
struct AttributionBatch {
    /// Index of the context, -1 for none.
    var context: Int
    var allocations: UInt64
    var frees: UInt64
    var temporaries: UInt64
    var allocatedBytes: UInt64
    /// What is live now, beyond what was at the batch's beginning.
    var rise: Int64
    /// The most that was.
    var highest: Int64

    @inline(__always) @_noLocks @_noAllocation
    init() {
        context = -1
        allocations = 0
        frees = 0
        temporaries = 0
        allocatedBytes = 0
        rise = 0
        highest = 0
    }

    @inline(__always) @_noLocks @_noAllocation
    mutating func addAllocation(_ size: UInt64) {
        allocations &+= 1
        allocatedBytes &+= size
        rise &+= Int64(bitPattern: size)
        if rise > highest { highest = rise }
    }

    @inline(__always) @_noLocks @_noAllocation
    mutating func addFree(_ size: UInt64, isTemporary: Bool) {
        frees &+= 1
        rise &-= Int64(bitPattern: size)
        if isTemporary { temporaries &+= 1 }
    }
}
