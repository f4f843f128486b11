import MemScopeModel

@testable import MemScopeAnalysis

extension HeapHistory {
    /// A history in which each site holds the given numbers of blocks of 100 bytes at the ends of the notes.
    ///
    /// - Parameters:
    ///   - live: For each site its blocks at each note.
    ///   - churn: How many more blocks each site allocates and frees in each note.
    ///   - seconds: How long a note lasts.
    ///   - areMarks: Whether the program named the ends of the notes.
    init(_ live: [[Int]], churn: Int = 0, seconds: Double = 1, areMarks: Bool = true) {
        self.init()
        for note in live[0].indices {
            let changes = live.indices.compactMap { site -> SiteChange? in
                let step = live[site][note] - (note > 0 ? live[site][note - 1] : 0)
                let allocations = max(step, 0) + (live[site][note] > 0 ? churn : 0)
                let frees = allocations - step
                guard allocations > 0 || frees > 0 else { return nil }
                return SiteChange(site: site, size: 100, allocations: UInt64(allocations), frees: UInt64(frees))
            }
            append(
                time: UInt64((Double(note + 1) * seconds * 1e9).rounded()), mark: areMarks ? "round \(note)" : nil,
                changes)
        }
    }
}

extension GrowthFinding {
    /// The judgement of one site's blocks.
    init?(of live: [Int], churn: Int = 0, seconds: Double = 1, areMarks: Bool = true, leaked: UInt64? = nil) {
        let history = HeapHistory([live], churn: churn, seconds: seconds, areMarks: areMarks)
        let samples = GrowthSamples(history)
        let rising = GrowthSeries.rising(in: history, at: samples, by: [0], count: 1, limit: 10)
        guard let series = rising.first?.series else { return nil }
        self.init(series, at: samples, leakedBlocks: leaked)
    }
}
