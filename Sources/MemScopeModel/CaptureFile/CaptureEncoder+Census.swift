/// What live blocks say beside their number.
extension CaptureEncoder {
    mutating func encodeCensus(_ snapshot: HeapSnapshot) {
        section(.census, snapshot.census) { _, bytes, row in
            bytes.u32(row.type.plusOne, (row.ageMilliseconds == nil ? 0 : 1) | (row.bytesBefore == nil ? 0 : 2))
            bytes.u64(row.ageMilliseconds ?? 0, row.bytesBefore ?? 0)
        }
    }
}
