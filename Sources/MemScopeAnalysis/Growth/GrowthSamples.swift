package import MemScopeModel

/// The instants that growth is judged at.
///
/// Where the program marks instants, it marks comparable ones: the end of a request, of a day, of a round. Then those are the samples
/// and each counts for one step. Else the tracker's own notes are, and time is the measure.
package struct GrowthSamples: Sendable, Equatable {
    /// With fewer intervals than that nothing is judged to be bounded or unbounded.
    package static let fewestIntervals = 6

    /// Indices into ``HeapHistory/notes``.
    package let notes: [Int]
    /// Where each sample lies: its number for marks, its time in seconds else.
    package let axis: [Double]
    /// Whether these are the program's own marks.
    package let areMarks: Bool
    /// Seconds from the first sample to the last.
    package let seconds: Double

    /// Chooses the samples of a history.
    package init(_ history: HeapHistory) {
        let marks = history.notes.indices.filter { history.notes[$0].mark != nil }
        areMarks = marks.count > Self.fewestIntervals
        notes = areMarks ? marks : Array(history.notes.indices)
        let times = notes.map { Double(history.notes[$0].time) / 1e9 }
        axis = areMarks ? notes.indices.map(Double.init) : times
        seconds = (times.last ?? 0) - (times.first ?? 0)
    }

    /// How many intervals lie between the samples.
    package var intervals: Int { max(notes.count - 1, 0) }
}
