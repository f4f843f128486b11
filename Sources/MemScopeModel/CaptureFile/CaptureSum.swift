/// Adds up a column of a capture, to be sure that no sum over any part of it can overflow later.
struct CaptureSum {
    private var total: UInt64 = 0

    mutating func add(_ value: UInt64, _ column: StaticString) throws(CaptureError) {
        let (sum, overflow) = total.addingReportingOverflow(value)
        guard !overflow, sum <= UInt64(Int64.max) else {
            throw .damaged("the \(column) add up to more than an address space holds")
        }
        total = sum
    }
}
