import MemScopeModel
import Testing

@testable import MemScopeReport

/// What changed from instant to instant by the rows of other sections.
@Suite struct IntervalRowsTests {
    @Test func `what falls on one row is one change`() {
        var rows = IntervalRows()
        rows.beginInterval()
        rows.add(2, 1, 10, 0, 0)
        rows.add(-1, 5, 50, 1, 10)
        rows.add(2, 2, 20, 1, 5)
        rows.beginInterval()
        let intervals = rows.intervals(limit: 10)
        #expect(intervals.map(\.count) == [2, 0])
        #expect(intervals[0].map(\.node) == [-1, 2])
        #expect(intervals[0][1].allocations == 3 && intervals[0][1].allocatedBytes == 30)
        #expect(intervals[0][1].frees == 1 && intervals[0][1].freedBytes == 5)
        #expect(rows.merged == 0)
    }

    @Test func `beyond the limit rows that allocated least are told as none, and nothing is lost`() {
        var rows = IntervalRows()
        for interval in 0..<10 {
            rows.beginInterval()
            for row in 0..<20 { rows.add(row, 1, UInt64(row * 100 + interval), 1, 7) }
        }
        let intervals = rows.intervals(limit: 55)
        #expect(rows.merged == 15)
        for (index, changes) in intervals.enumerated() {
            #expect(changes.map(\.node) == [-1, 15, 16, 17, 18, 19])
            #expect(changes.reduce(0) { $0 + $1.allocations } == 20)
            #expect(changes.reduce(0) { $0 + $1.allocatedBytes } == UInt64(19_000 + 20 * index))
            #expect(changes.reduce(0) { $0 + $1.freedBytes } == 140)
        }
    }

    @Test func `a site is of a type for sure if all its blocks are`() {
        var snapshot = HeapSnapshot()
        snapshot.types = [HeapType(name: "A", kind: .classInstance), HeapType(name: "B", kind: .classInstance)]
        func site(_ type: Int?, frees: UInt64) -> AllocationSite {
            AllocationSite(
                node: 0, size: 8, hasMixedSizes: false, isTruncated: false, type: type, module: nil, allocations: 4,
                frees: frees, temporaries: 0, allocatedBytes: 32, freedBytes: 8 * frees, peakBlocks: 0, peakBytes: 0)
        }
        snapshot.sites = [
            site(0, frees: 4), site(0, frees: 4), site(nil, frees: 0), site(1, frees: 2), site(0, frees: 2),
        ]
        snapshot.freedTypes = [FreedType(site: 1, type: 1, frees: 1, bytes: 8)]
        snapshot.liveGroups = [
            LiveGroup(site: 2, context: 0, type: 1, blocks: 4, bytes: 32),
            LiveGroup(site: 3, context: 0, type: nil, blocks: 2, bytes: 16),
        ]
        let usual: (ofSites: [Int32], first: [Int32]) = ([0, 0, 1, 1, 0], [0, 1])
        let types = SiteTypes(snapshot, usual: usual)
        #expect(types.types == [0, 0, 1, 1, 0])
        // Site 1 freed another one, of site 3 others live, and of site 4 nobody looked at what lives.
        #expect(types.isSure == [true, false, true, false, false])
    }
}
