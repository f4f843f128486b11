/// What the program named.
extension CaptureEncoder {
    mutating func encodeTracked(_ snapshot: HeapSnapshot) {
        section(.trackedNames, snapshot.trackedNames) { encoder, bytes, name in
            bytes.u32(encoder.text(name.name), encoder.text(name.file), UInt32(name.line), 0)
            bytes.u64(name.blocks, name.liveBlocks)
        }
        section(.trackedBlocks, snapshot.trackedBlocks) { _, bytes, block in
            bytes.u64(~block.address)
            bytes.u32(UInt32(block.name), 0)
        }
    }
}
