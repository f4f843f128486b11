internal import MemScopeShim

/// Drains every ring up to the cut of `epoch`: what the drain thread calls each round.
///
/// The epoch was advanced before this call. Within a ring records are in their thread's order; a ring is left at its
/// first mark of this epoch, so what other threads did after they saw something from beyond the cut stays for the next.
@_noLocks @_noAllocation
@_cdecl("memscope_engine_drain")
func drain(
    _ state: UnsafeMutablePointer<memscope_engine>, _ rings: UnsafeMutablePointer<memscope_ring>, _ epoch: UInt64
) {
    // The peak is followed event by event while only one ring has anything to say.
    var busy = 0
    var next: UnsafeMutablePointer<memscope_ring>? = rings
    while let ring = next {
        if hasRecords(ring) { busy &+= 1 }
        next = ring.pointee.next
    }
    if busy == 0 { return }
    var engine = StateEngine(state, isAlone: busy == 1)
    var upperBound = state.pointee.allocated_bytes &- state.pointee.freed_bytes
    next = rings
    while let ring = next {
        // A ring that came to life since the count was taken waits for the next round, so that `isAlone` stays true.
        if busy > 1 || hasRecords(ring) {
            engine.beginRing()
            drainRing(ring, &engine, epoch)
            upperBound &+= engine.highestInRing
            if busy == 1 { break }
        }
        next = ring.pointee.next
    }
    engine.finish(upperBound: upperBound)
}

@_noLocks @_noAllocation
private func hasRecords(_ ring: UnsafeMutablePointer<memscope_ring>) -> Bool {
    guard let segment = ring.pointee.consumer else { return false }
    return memscope_load_acquire(&segment.pointee.published) != segment.pointee.consumed
        || memscope_load_acquire(&segment.pointee.closed) != 0
}

@_noLocks @_noAllocation
private func drainRing(
    _ ring: UnsafeMutablePointer<memscope_ring>, _ engine: inout StateEngine, _ epoch: UInt64
) {
    ring.pointee.stopped_at_mark = 0
    while let segment = ring.pointee.consumer {
        // First whether it is closed, then how much it holds: closed is stored last.
        let isClosed = memscope_load_acquire(&segment.pointee.closed) != 0
        let published = memscope_load_acquire(&segment.pointee.published)
        let consumed = segment.pointee.consumed
        if published > consumed {
            let taken = engine.apply(
                memscope_segment_words(segment) + Int(consumed), count: Int(published &- consumed), of: ring,
                epoch: epoch)
            segment.pointee.consumed = consumed &+ UInt32(truncatingIfNeeded: taken)
            if ring.pointee.stopped_at_mark != 0 { return }
        }
        guard isClosed, let following = memscope_load_segment(&segment.pointee.next) else { return }
        ring.pointee.consumer = following
        memscope_segment_return(segment)
    }
}
