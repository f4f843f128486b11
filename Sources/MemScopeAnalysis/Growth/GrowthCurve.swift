/// A figure over its samples, asked by quarters of the axis.
struct GrowthCurve {
    private let values: [Double]
    private let axis: [Double]
    /// The highest value up to each sample.
    private let records: [Double]
    /// The largest drop from a high to a later low.
    let fall: Double

    /// - Parameters:
    ///   - values: At least two.
    ///   - axis: Where they lie; ascends.
    init(_ values: [Double], at axis: [Double]) {
        self.values = values
        self.axis = axis
        var record = values[0]
        var fall = 0.0
        records = values.map { value in
            record = max(record, value)
            fall = max(fall, record - value)
            return record
        }
        self.fall = fall
    }

    private func boundary(_ quarter: Int) -> Double {
        axis[0] + (axis[axis.count - 1] - axis[0]) * Double(quarter) / 4
    }

    /// The samples from one boundary between quarters to another, each sample in one quarter only. Empty where there are none.
    private func samples(_ begin: Int, _ end: Int) -> ArraySlice<Double> {
        let from = begin == 0 ? 0 : axis.firstIndex { $0 > boundary(begin) } ?? axis.count
        let to = end == 4 ? axis.count : axis.firstIndex { $0 > boundary(end) } ?? axis.count
        return values[from..<max(from, to)]
    }

    /// The highest value between two boundaries; what it was before where there is no sample.
    func highest(_ begin: Int, _ end: Int) -> Double {
        samples(begin, end).max() ?? record(at: boundary(begin))
    }

    /// The lowest value between two boundaries, likewise.
    func lowest(_ begin: Int, _ end: Int) -> Double {
        samples(begin, end).min() ?? record(at: boundary(begin))
    }

    /// How much higher than ever before it rose in a quarter.
    func growth(inQuarter quarter: Int) -> Double {
        record(at: boundary(quarter + 1)) - record(at: boundary(quarter))
    }

    /// The record at a place between samples, as if it rose evenly from one to the next.
    private func record(at place: Double) -> Double {
        guard let next = axis.firstIndex(where: { $0 >= place }) else { return records[records.count - 1] }
        if next == 0 { return records[0] }
        let width = axis[next] - axis[next - 1]
        let share = width > 0 ? (place - axis[next - 1]) / width : 1
        return records[next - 1] + (records[next] - records[next - 1]) * share
    }
}
