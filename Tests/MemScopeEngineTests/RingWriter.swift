import MemScopeShim

/// Writes records into a ring as a thread's hooks do.
final class RingWriter {
    private let ring: UnsafeMutablePointer<memscope_ring>
    private let segmentWords: Int
    private var segment: UnsafeMutablePointer<memscope_segment>
    private var cursor = 0
    private var epoch: UInt64 = 0

    init(_ ring: UnsafeMutablePointer<memscope_ring>, segmentWords: Int) {
        self.ring = ring
        self.segmentWords = segmentWords
        segment = Self.segment()
        ring.pointee.consumer = segment
    }

    /// Whether the last drain left this ring at a mark.
    var isStoppedAtMark: Bool { ring.pointee.stopped_at_mark != 0 }

    /// Records an allocation; `size` only where the leaf has mixed sizes.
    func allocate(_ leaf: Int, context: Int = 0, size: UInt64? = nil) {
        reserve()
        if let size { control(MEMSCOPE_CONTROL_SIZE, size) }
        write(word(leaf, context, MEMSCOPE_RECORD_ALLOCATION))
    }

    /// Records a free; `type` when it is not the leaf's usual one, `module` when it is not the one that allocated.
    func free(
        _ leaf: Int, context: Int = 0, size: UInt64? = nil, type: UInt64 = 0, module: UInt64 = 0,
        isTemporary: Bool = false
    ) {
        reserve()
        if let size { control(MEMSCOPE_CONTROL_SIZE, size) }
        let note = module << UInt64(MEMSCOPE_NOTE_MODULE_SHIFT) | type
        if note != 0 { control(MEMSCOPE_CONTROL_FREE_NOTE, note) }
        write(word(leaf, context, isTemporary ? MEMSCOPE_RECORD_TEMPORARY : MEMSCOPE_RECORD_FREE))
    }

    /// Writes a mark if this thread has not seen the epoch yet.
    func see(epoch now: UInt64) {
        guard now != epoch else { return }
        epoch = now
        reserve()
        control(MEMSCOPE_CONTROL_EPOCH, now)
    }

    /// Says something that belongs to no event.
    func note(_ control: memscope_control, _ raw: UInt64) {
        reserve()
        self.control(control, raw)
    }

    /// Goes on in a fresh segment; what is left of this one is skipped.
    func closeSegment() {
        let next = Self.segment()
        if cursor < segmentWords { write(UInt64(MEMSCOPE_CONTROL_SKIP.rawValue) << 2 | 3) }
        segment.pointee.next = next
        segment.pointee.closed = 1
        segment = next
        cursor = 0
    }

    private static func segment() -> UnsafeMutablePointer<memscope_segment> {
        let words = EngineMemory.zeroed(UInt64.self, Int(MEMSCOPE_SEGMENT_BYTES) / 8)
        return UnsafeMutableRawPointer(words).assumingMemoryBound(to: memscope_segment.self)
    }

    private func word(_ leaf: Int, _ context: Int, _ kind: memscope_record_kind) -> UInt64 {
        UInt64(leaf) << 36 | UInt64(context) << 10 | UInt64(kind.rawValue)
    }

    private func control(_ control: memscope_control, _ raw: UInt64) {
        put(UInt64(control.rawValue) << 2 | UInt64(MEMSCOPE_RECORD_CONTROL.rawValue))
        put(raw)
        segment.pointee.published = UInt32(cursor)
    }

    private func write(_ word: UInt64) {
        put(word)
        segment.pointee.published = UInt32(cursor)
    }

    private func put(_ word: UInt64) {
        UnsafeMutablePointer(mutating: memscope_segment_words(segment))[cursor] = word
        cursor += 1
    }

    private func reserve() {
        if cursor + 7 > segmentWords { closeSegment() }
    }
}
