import MemScopeShim
import Testing

/// Hand-made records in, totals out.
@Suite struct StateEngineTests {
    @Test func totalsAreKeptPerLeafAndPerContext() {
        let memory = EngineMemory(sizes: [10, 100])
        let ring = memory.rings[0]
        for _ in 0..<3 { ring.allocate(1, context: 5) }
        ring.allocate(2, context: 6)
        ring.free(1, context: 5)
        memory.drainAll()
        #expect(memory.totals(1).allocations == 3)
        #expect(memory.totals(1).frees == 1)
        #expect(memory.totals(2).allocations == 1)
        #expect(memory.totals(2).frees == 0)
        #expect(memory.context(5).allocations == 3)
        #expect(memory.context(5).allocated_bytes == 30)
        #expect(memory.context(5).freed_bytes == 10)
        #expect(memory.context(6).allocated_bytes == 100)
        #expect(memory.liveBytes == 120)
        #expect(memory.state.pointee.allocations + memory.state.pointee.frees == 5)
    }

    @Test func aFreeCountsForTheContextThatAllocated() {
        let memory = EngineMemory(sizes: [10], rings: 2)
        memory.rings[0].allocate(1, context: 5)
        memory.rings[1].free(1, context: 5)
        memory.drainAll()
        #expect(memory.context(5).frees == 1)
        #expect(memory.liveBytes == 0)
    }

    @Test func temporariesAreFreesToo() {
        let memory = EngineMemory(sizes: [10])
        memory.rings[0].allocate(1, context: 3)
        memory.rings[0].free(1, context: 3, isTemporary: true)
        memory.drainAll()
        #expect(memory.totals(1).temporaries == 1)
        #expect(memory.totals(1).frees == 1)
        #expect(memory.context(3).temporaries == 1)
        #expect(memory.state.pointee.temporaries == 1)
        #expect(memory.state.pointee.frees == 1)
    }

    @Test func aLeafOfMixedSizesHasItsExactBytes() {
        let memory = EngineMemory(sizes: [nil, nil])
        let ring = memory.rings[0]
        ring.allocate(1, context: 2, size: 1000)
        ring.allocate(1, context: 2, size: 70)
        ring.allocate(2, context: 2, size: 5)
        ring.free(1, context: 2, size: 70)
        memory.drainAll()
        let mixed = memory.state.pointee.mixed[1]
        #expect(mixed.allocated_bytes == 1070)
        #expect(mixed.freed_bytes == 70)
        #expect(memory.state.pointee.mixed[2].allocated_bytes == 5)
        #expect(memory.context(2).allocated_bytes == 1075)
        #expect(memory.liveBytes == 1005)
        #expect(memory.state.pointee.peak_bytes == 1075)
        #expect(memory.bytesAtPeak(1) == 1070)
        #expect(memory.bytesAtPeak(2) == 5)
    }

    @Test func aTypeBelongsToTheNextFreeOnly() {
        let memory = EngineMemory(sizes: [48])
        let ring = memory.rings[0]
        for _ in 0..<4 { ring.allocate(1) }
        ring.free(1, type: 0x1000)
        ring.free(1)
        ring.free(1, type: 0x1000)
        ring.free(1, type: 0x2000)
        memory.drainAll()
        #expect(memory.freed(type: 0x1000, leaf: 1) == (2, 96))
        #expect(memory.freed(type: 0x2000, leaf: 1) == (1, 48))
        #expect(memory.totals(1).frees == 4)
    }

    @Test func aModuleBelongsToTheNextFreeOnlyAndStandsBesideAType() {
        let memory = EngineMemory(sizes: [48, 16])
        let ring = memory.rings[0]
        for leaf in [1, 1, 1, 2, 2] { ring.allocate(leaf) }
        ring.free(1, module: 7)
        ring.free(1)
        ring.free(1, type: 0x1000, module: 9)
        ring.free(2, module: 7, isTemporary: true)
        memory.drainAll()
        #expect(memory.crossed(1, into: 7) == (1, 48))
        #expect(memory.crossed(1, into: 9) == (1, 48))
        #expect(memory.crossed(2, into: 7) == (1, 16))
        #expect(memory.freed(type: 0x1000, leaf: 1) == (1, 48))
        #expect(memory.totals(1).frees == 3)
        #expect(memory.state.pointee.crossings_lost == 0)
    }

    @Test func theRestOfASegmentIsSkipped() {
        let memory = EngineMemory(sizes: [10])
        memory.rings[0].allocate(1)
        memory.rings[0].closeSegment()
        memory.rings[0].allocate(1)
        memory.drainAll()
        #expect(memory.totals(1).allocations == 2)
        #expect(memory.state.pointee.allocations + memory.state.pointee.frees == 2)
    }

    @Test(arguments: 7...40) func recordsMayBeSplitOverSegments(words: Int) {
        let memory = EngineMemory(sizes: [10, nil], segmentWords: words)
        let ring = memory.rings[0]
        for round in 0..<200 {
            ring.allocate(1)
            ring.allocate(2, size: UInt64(round))
            ring.free(2, size: UInt64(round), type: 0x1000)
            if round % 7 == 0 { memory.drainAll() }
        }
        memory.drainAll()
        #expect(memory.totals(1).allocations == 200)
        #expect(memory.totals(2).frees == 200)
        #expect(memory.liveBytes == 2000)
        #expect(memory.freed(type: 0x1000, leaf: 2).frees == 200)
    }

    @Test func aMarkEndsTheCutForItsRingAndTheNextRoundGoesOnThere() {
        let memory = EngineMemory(sizes: [10], rings: 2)
        let (first, second) = (memory.rings[0], memory.rings[1])
        first.see(epoch: 4)
        first.allocate(1)
        first.see(epoch: 5)
        first.allocate(1)
        first.allocate(1)
        second.allocate(1)
        memory.drainAll(epoch: 5)
        #expect(memory.totals(1).allocations == 2)
        #expect(first.isStoppedAtMark)
        #expect(!second.isStoppedAtMark)
        memory.drainAll(epoch: 5)
        #expect(memory.totals(1).allocations == 2, "the same cut again finds nothing new")
        memory.drainAll(epoch: 6)
        #expect(memory.totals(1).allocations == 4)
        #expect(!first.isStoppedAtMark)
    }

    @Test func aMarkAtTheEndOfASegmentStopsBeforeTheNextOne() {
        let memory = EngineMemory(sizes: [10])
        let ring = memory.rings[0]
        ring.allocate(1)
        ring.see(epoch: 9)
        ring.closeSegment()
        ring.allocate(1)
        memory.drainAll(epoch: 9)
        #expect(memory.totals(1).allocations == 1)
        memory.drainAll(epoch: 10)
        #expect(memory.totals(1).allocations == 2)
    }

    @Test func anEmptyRoundChangesNothing() {
        let memory = EngineMemory(sizes: [10], rings: 3)
        memory.drainAll()
        #expect(memory.state.pointee.allocations + memory.state.pointee.frees == 0)
        #expect(memory.state.pointee.peak_upper_bound == 0)
    }

    @Test func freedTypesWithoutRoomAreCounted() {
        let memory = EngineMemory(sizes: [16])
        for type in 0..<(UInt64(MEMSCOPE_FREED_TYPES) + 1000) {
            memory.rings[0].allocate(1)
            memory.rings[0].free(1, type: 0x1000 + type * 8)
        }
        memory.drainAll()
        var counted: UInt64 = 0
        for index in 0..<Int(MEMSCOPE_FREED_TYPES) { counted += memory.state.pointee.freed_types[index].frees }
        #expect(memory.state.pointee.freed_types_lost >= 1000)
        #expect(counted + memory.state.pointee.freed_types_lost == UInt64(MEMSCOPE_FREED_TYPES) + 1000)
    }
}
