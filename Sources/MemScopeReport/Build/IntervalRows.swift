internal import MemScopeModel

/// Changes by rows of one section of the report, of all intervals. What belongs to no row is -1.
struct IntervalRows {
    typealias Change = Report.Timeline.Interval.Change

    private var sums: [[Int: Change]] = []
    /// What of each row all intervals have together.
    private var allocated: [Int: UInt64] = [:]
    /// How many rows are not told apart, because there were too many changes.
    private(set) var merged = 0

    /// Begins the next interval.
    mutating func beginInterval() { sums.append([:]) }

    /// Adds to a row of the latest interval.
    mutating func add(_ row: Int, _ allocations: UInt64, _ bytes: UInt64, _ frees: UInt64, _ freedBytes: UInt64) {
        var sum =
            sums[sums.count - 1][row]
            ?? Change(node: row, allocations: 0, allocatedBytes: 0, frees: 0, freedBytes: 0)
        sum.allocations += allocations
        sum.allocatedBytes += bytes
        sum.frees += frees
        sum.freedBytes += freedBytes
        sums[sums.count - 1][row] = sum
        if row >= 0 { allocated[row, default: 0] += bytes }
    }

    /// The changes of each interval, rows in their order, with at most `limit` of them but for one more an interval.
    mutating func intervals(limit: Int) -> [[Change]] {
        var room = limit - sums.reduce(0) { $0 + $1.keys.lazy.filter { $0 >= 0 }.count }
        if room < 0 {
            var kept = Set(allocated.keys)
            let occurrences = sums.lazy.flatMap(\.keys).reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            for (row, _) in allocated.sorted(by: { ($0.value, $1.key) < ($1.value, $0.key) }) where room < 0 {
                room += occurrences[row] ?? 0
                kept.remove(row)
            }
            merged = allocated.count - kept.count
            let old = sums
            sums = []
            for interval in old {
                beginInterval()
                for change in interval.values {
                    add(
                        kept.contains(change.node) ? change.node : -1, change.allocations, change.allocatedBytes,
                        change.frees, change.freedBytes)
                }
            }
        }
        return sums.map { $0.values.sorted { $0.node < $1.node } }
    }
}
