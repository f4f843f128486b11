/// What modules freed that others had allocated.
extension CaptureEncoder {
    mutating func encodeCrossings(_ custody: Custody) {
        section(.crossings, custody.crossings) { _, bytes, crossing in
            bytes.u32(UInt32(crossing.site), UInt32(crossing.freedIn))
            bytes.u64(crossing.frees, crossing.bytes)
        }
    }

    static func counters(of custody: Custody) -> [(String, UInt64)] {
        guard custody.isOn else { return [] }
        return [
            ("custody", 1), ("freedByUnknown", custody.freedByUnknown), ("crossingsLost", custody.lost),
        ]
    }
}
