internal import MemScopeShim

/// Turns records into totals: per leaf, per context, task and thread, and for the whole heap, with the peak and its holders.
///
/// Its state is ``memscope_engine``, tables of mapped memory that the hooks' side created; the engine itself allocates
/// nothing and takes no lock, which the compiler checks. It runs on the drain thread, and once more in the frozen copy
/// that writes a capture. Cost: about 75 instructions a record; in time what counts is the cache miss of the leaf's totals.
///
/// The peak is exact to the event, holders included, while one ring has records: then every allocation is looked at.
/// When several have, the order between them inside a cut is not known. The peak is then judged at the cut, and
/// `peak_upper_bound` adds up how high each ring alone could have lifted the heap.
struct StateEngine {
    let state: UnsafeMutablePointer<memscope_engine>
    let contexts: UnsafeMutablePointer<memscope_context>
    let tasks: UnsafeMutablePointer<memscope_task>
    let threads: UnsafeMutablePointer<memscope_thread_info>
    private let leaves: UnsafeMutablePointer<memscope_leaf_totals>
    private let mixed: UnsafeMutablePointer<memscope_mixed_totals>
    /// Whether the heap between two records of this round is known, because only one ring has any.
    private let isAlone: Bool
    var batch: AttributionBatch
    private var allocations: UInt64
    private var frees: UInt64
    private var temporaries: UInt64
    private var allocatedBytes: UInt64
    /// Below zero inside a cut, when a ring with frees is drained before the ring with their allocations.
    private var liveBytes: Int64
    private var peakBytes: Int64
    private var peakGeneration: UInt32

    private var startOfRing: Int64
    private var highest: Int64

    @_noLocks @_noAllocation
    init(_ state: UnsafeMutablePointer<memscope_engine>, isAlone: Bool) {
        self.state = state
        self.isAlone = isAlone
        batch = AttributionBatch()
        leaves = state.pointee.totals
        contexts = state.pointee.contexts
        tasks = state.pointee.tasks
        threads = state.pointee.threads
        mixed = state.pointee.mixed
        allocations = state.pointee.allocations
        frees = state.pointee.frees
        temporaries = state.pointee.temporaries
        allocatedBytes = state.pointee.allocated_bytes
        liveBytes = Int64(truncatingIfNeeded: allocatedBytes &- state.pointee.freed_bytes)
        peakBytes = Int64(truncatingIfNeeded: state.pointee.peak_bytes)
        peakGeneration = state.pointee.peak_generation
        startOfRing = liveBytes
        highest = liveBytes
    }

    /// Applies `count` words of one ring, control records and all.
    ///
    /// - Parameters:
    ///   - words: The first of the words.
    ///   - count: How many there are.
    ///   - ring: Whose they are.
    ///   - epoch: The epoch of this cut. A mark of this epoch or a later one ends it for this ring.
    /// - Returns: The words taken; fewer than `count` when a mark ended the cut, which is then noted in `ring`.
    @_noLocks @_noAllocation
    mutating func apply(
        _ words: UnsafePointer<UInt64>, count: Int, of ring: UnsafeMutablePointer<memscope_ring>, epoch: UInt64
    ) -> Int {
        var index = 0
        while index < count {
            let word = words[index]
            let ahead = index &+ Self.lookahead
            if ahead < count { memscope_prefetch(leaves + Self.leafIndex(words[ahead])) }
            let kind = word & 3
            if kind == UInt64(MEMSCOPE_RECORD_CONTROL.rawValue) {
                let control = (word >> 2) & 0xff
                if control == UInt64(MEMSCOPE_CONTROL_SKIP.rawValue) {
                    index = count
                    break
                }
                if control == UInt64(MEMSCOPE_CONTROL_EPOCH.rawValue) {
                    if words[index &+ 1] >= epoch {
                        ring.pointee.stopped_at_mark = 1
                        break
                    }
                } else if control == UInt64(MEMSCOPE_CONTROL_SIZE.rawValue) {
                    ring.pointee.pending_size = words[index &+ 1]
                } else if control == UInt64(MEMSCOPE_CONTROL_FREE_NOTE.rawValue) {
                    ring.pointee.pending_note = words[index &+ 1]
                } else if control >= UInt64(MEMSCOPE_CONTROL_RETAIN.rawValue) {
                    memscope_ledger_apply(word, words[index &+ 1])
                } else {
                    applyNote(control, words[index &+ 1], of: ring.pointee.thread)
                }
                index &+= 2
                continue
            }
            index &+= 1
            if kind == UInt64(MEMSCOPE_RECORD_ALLOCATION.rawValue) {
                applyAllocation(word, ring)
                if liveBytes > highest {
                    highest = liveBytes
                    if isAlone && liveBytes > peakBytes { notePeak() }
                }
            } else {
                applyFree(word, ring, isTemporary: kind == UInt64(MEMSCOPE_RECORD_TEMPORARY.rawValue))
            }
        }
        endBatch()
        return index
    }

    /// Ends the cut: stores the process-wide totals, which until now were kept here, and judges the peak.
    @_noLocks @_noAllocation
    mutating func finish(upperBound: Int64) {
        foldWhatEnded()
        state.pointee.allocations = allocations
        state.pointee.frees = frees
        state.pointee.temporaries = temporaries
        state.pointee.allocated_bytes = allocatedBytes
        state.pointee.freed_bytes = allocatedBytes &- UInt64(bitPattern: liveBytes)
        if liveBytes > peakBytes { notePeak() }
        let bound = upperBound > peakBytes ? upperBound : peakBytes
        if bound > Int64(bitPattern: state.pointee.peak_upper_bound) {
            state.pointee.peak_upper_bound = UInt64(bitPattern: bound)
        }
    }

    /// Begins the next ring of the same cut.
    @_noLocks @_noAllocation
    mutating func beginRing() {
        startOfRing = liveBytes
        highest = liveBytes
    }

    /// How far the ring drained last lifted the heap above where it was when that ring began.
    var riseInRing: Int64 {
        @_noLocks @_noAllocation get { highest &- startOfRing }
    }

    /// Bytes live after what was applied so far.
    var live: Int64 {
        @_noLocks @_noAllocation get { liveBytes }
    }

    /// How far ahead totals are asked for: as long as a miss takes, in records.
    private static var lookahead: Int {
        @_transparent get { 10 }
    }

    @_noLocks @_noAllocation
    private static func leafIndex(_ word: UInt64) -> Int {
        Int(truncatingIfNeeded: (word >> 36) & UInt64(MEMSCOPE_LEAF_MIXED_BIT &- 1))
    }

    @_noLocks @_noAllocation
    private static func contextIndex(_ word: UInt64) -> Int {
        Int(truncatingIfNeeded: (word >> 10) & 0x1ff_ffff)
    }

    @_noLocks @_noAllocation
    private mutating func applyAllocation(_ word: UInt64, _ ring: UnsafeMutablePointer<memscope_ring>) {
        let leaf = leaves + Self.leafIndex(word)
        keepPeak(leaf)
        leaf.pointee.allocations &+= 1
        var size = leaf.pointee.size
        if size >> 63 != 0 {
            let bytes = mixed + Int(truncatingIfNeeded: size & 0x7fff_ffff)
            size = ring.pointee.pending_size
            bytes.pointee.allocated_bytes &+= size
        }
        attributeAllocation(Self.contextIndex(word), size)
        allocations &+= 1
        allocatedBytes &+= size
        liveBytes &+= Int64(bitPattern: size)
    }

    @_noLocks @_noAllocation
    private mutating func applyFree(
        _ word: UInt64, _ ring: UnsafeMutablePointer<memscope_ring>, isTemporary: Bool
    ) {
        let leaf = leaves + Self.leafIndex(word)
        keepPeak(leaf)
        leaf.pointee.frees &+= 1
        var size = leaf.pointee.size
        if size >> 63 != 0 {
            let bytes = mixed + Int(truncatingIfNeeded: size & 0x7fff_ffff)
            size = ring.pointee.pending_size
            bytes.pointee.freed_bytes &+= size
        }
        attributeFree(Self.contextIndex(word), size, by: ring.pointee.thread, isTemporary: isTemporary)
        if isTemporary {
            leaf.pointee.temporaries &+= 1
            temporaries &+= 1
        }
        frees &+= 1
        liveBytes &-= Int64(bitPattern: size)
        if ring.pointee.pending_note != 0 {
            noteUnusualFree(ring.pointee.pending_note, UInt32(truncatingIfNeeded: Self.leafIndex(word)), size)
            ring.pointee.pending_note = 0
        }
    }

    /// Before a leaf changes for the first time since the peak: what it holds now is what it held then.
    @_noLocks @_noAllocation
    private func keepPeak(_ leaf: UnsafeMutablePointer<memscope_leaf_totals>) {
        if leaf.pointee.peak_generation == peakGeneration { return }
        leaf.pointee.peak_generation = peakGeneration
        leaf.pointee.live_at_peak = UInt32(truncatingIfNeeded: leaf.pointee.allocations &- leaf.pointee.frees)
        if leaf.pointee.size >> 63 != 0 {
            let bytes = mixed + Int(truncatingIfNeeded: leaf.pointee.size & 0x7fff_ffff)
            bytes.pointee.live_bytes_at_peak = bytes.pointee.allocated_bytes &- bytes.pointee.freed_bytes
        }
    }

    /// The heap has never been larger: every leaf's share of the peak is what it holds now.
    @_noLocks @_noAllocation
    private mutating func notePeak() {
        peakBytes = liveBytes
        peakGeneration &+= 1
        state.pointee.peak_bytes = UInt64(bitPattern: liveBytes)
        state.pointee.peak_generation = peakGeneration
        state.pointee.peak_time = state.pointee.now
    }
}
