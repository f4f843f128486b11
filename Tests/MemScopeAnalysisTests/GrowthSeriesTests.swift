import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// From changes of sites to series of groups.
@Suite struct GrowthSeriesTests {
    @Test func `a group holds what its sites hold, and those that rose most are chosen`() {
        let history = HeapHistory([[1, 2, 3], [10, 10, 12], [5, 5, 4], [0, 9, 9]])
        let samples = GrowthSamples(history)
        let all = GrowthSeries.rising(in: history, at: samples, by: [0, 0, 1, -1], count: 2, limit: 10)
        #expect(all.map(\.group) == [0])
        #expect(all[0].series.blocks == [11, 12, 15] && all[0].series.bytes == [1_100, 1_200, 1_500])
        let one = GrowthSeries.rising(in: history, at: samples, by: [0, 1, 2, 3], count: 4, limit: 1)
        #expect(one.map(\.group) == [3])
    }

    @Test func `frees are counted in the note in which they are`() {
        let history = HeapHistory([[10, 4, 6]], churn: 2)
        let series = GrowthSeries(blocks: [10, 4, 6], bytes: [1_000, 400, 600], frees: [2, 8, 2])
        let samples = GrowthSamples(HeapHistory([[1]]))
        #expect(GrowthSeries.rising(in: history, at: samples, by: [0], count: 1, limit: 1).isEmpty)
        let rising = HeapHistory([[1, 10, 4, 6]], churn: 2)
        let found = GrowthSeries.rising(in: rising, at: GrowthSamples(rising), by: [0], count: 1, limit: 1)
        #expect(Array(found[0].series.frees.dropFirst(2)) == Array(series.frees.dropFirst()))
    }

    @Test func `marks are the samples when there are seven, else all notes are`() {
        var history = HeapHistory([(1...7).map { $0 }])
        #expect(GrowthSamples(history).areMarks && GrowthSamples(history).axis == [0, 1, 2, 3, 4, 5, 6])
        history.append(time: 9_000_000_000, [])
        #expect(GrowthSamples(history).notes == [0, 1, 2, 3, 4, 5, 6])
        history.notes[3].mark = nil
        #expect(!GrowthSamples(history).areMarks && GrowthSamples(history).notes.count == 8)
        #expect(GrowthSamples(history).axis == [1, 2, 3, 4, 5, 6, 7, 9] && GrowthSamples(history).seconds == 8)
    }

    @Test func `what must have survived is what was live less what was freed since`() throws {
        let finding = try #require(GrowthFinding(of: [10, 20, 30, 40, 50, 60, 70], churn: 3))
        #expect(finding.middleBlocks == 40)
        #expect(finding.survivors == 40 - 9)
        #expect(finding.blocksPerSecond == 10 && finding.bytesPerSecond == 1_000)
    }
}
