/// Runs of scopes and captures with their times.
extension CaptureEncoder {
    mutating func encodeEvents(_ snapshot: HeapSnapshot) {
        section(.scopeEvents, snapshot.scopeEvents) { _, bytes, event in
            bytes.u32(UInt32(event.scope), event.figures == nil ? 1 : 0)
            bytes.u64(
                event.begin, event.end, event.figures?.allocations ?? 0, event.figures?.allocatedBytes ?? 0,
                event.figures?.retainedBytes ?? 0)
        }
        section(.captureEvents, snapshot.captureEvents) { encoder, bytes, event in
            bytes.u64(event.time, event.liveBytes, event.liveBlocks)
            bytes.u32(encoder.text(event.reason), event.hasLeakScan ? 1 : 0)
        }
    }
}
