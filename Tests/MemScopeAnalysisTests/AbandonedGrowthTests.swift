import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// What grows with each repetition, and what of that nothing refers to.
@Suite struct AbandonedGrowthTests {
    private let repetitions = 4

    /// A history in which each site has so many blocks of ten bytes more after each repetition.
    private func history(_ steps: [UInt64]) -> HeapHistory {
        var history = HeapHistory()
        history.append(time: 1, isHeld: true, [])
        for round in 1...repetitions {
            let changes = steps.enumerated().map { SiteChange(site: $0, size: 10, allocations: $1, frees: 0) }
            history.append(time: UInt64(round + 1), isHeld: true, changes)
        }
        return history
    }

    /// So many blocks of ten bytes of a site that no root leads to.
    private func unreached(_ blocks: [(site: Int, count: Int, isIgnored: Bool)]) -> UnreachedSums {
        var graph = ObjectGraph()
        for (site, count, isIgnored) in blocks {
            for _ in 0..<count {
                var block = GraphBlock(address: UInt64(graph.blocks.count + 1) << 12, size: 10, site: site, context: 0)
                block.isIgnored = isIgnored
                graph.blocks.append(block)
            }
        }
        return UnreachedSums(graph)
    }

    private func growth(_ steps: [UInt64], before: UnreachedSums = .init(), after: UnreachedSums) -> [AbandonedGrowth]?
    {
        AbandonedGrowth.all(
            in: history(steps), repetitions: repetitions, by: steps.indices.map(Int32.init), before: before,
            after: after)
    }

    @Test func `what is reached and what leaked are told apart, and what leaked before is not counted`() throws {
        let found = try #require(
            growth([3], before: unreached([(0, 7, false)]), after: unreached([(0, 7 + 4, false)])))
        #expect(found.map(\.blocks) == [8] && found.map(\.bytes) == [80] && found.map(\.blocksPerRepetition) == [2])
        #expect(found.map(\.leakedBlocks) == [4] && found.map(\.leakedBytes) == [40])
        #expect(found.map(\.leakedPerRepetition) == [1])
    }

    @Test func `what is suppressed or ignored is neither leaked nor abandoned`() throws {
        #expect(growth([3], after: unreached([(0, 12, true)])) == [])
        let found = try #require(growth([3, 1], after: unreached([(0, 4, true), (0, 4, false), (1, 4, false)])))
        #expect(found.map(\.group) == [0, 1])
        #expect(found.map(\.blocks) == [4, 0] && found.map(\.bytes) == [40, 0])
        #expect(found.map(\.leakedBlocks) == [4, 4] && found.map(\.leakedPerRepetition) == [1, 1])
        // What was ignored already before the first repetition did not grow.
        let before = unreached([(0, 5, true)])
        #expect(growth([3], before: before, after: before)?.map(\.blocks) == [12])
    }
}
