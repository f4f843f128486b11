import MemScopeShim
import Testing

/// The peak, its holders and its bounds.
@Suite struct PeakTests {
    @Test func thePeakOfOneRingIsExactToTheEvent() {
        let memory = EngineMemory(sizes: [10, 100])
        let ring = memory.rings[0]
        ring.allocate(1)
        ring.allocate(2)
        ring.allocate(2)
        ring.free(2)
        ring.free(2)
        ring.allocate(1)
        memory.drainAll()
        #expect(memory.state.pointee.peak_bytes == 210)
        #expect(memory.state.pointee.peak_upper_bound == 210)
        #expect(memory.blocksAtPeak(1) == 1)
        #expect(memory.blocksAtPeak(2) == 2)
        #expect(memory.liveBytes == 20)
    }

    @Test func theFirstOfTwoEqualPeaksStands() {
        let memory = EngineMemory(sizes: [50, 50])
        let ring = memory.rings[0]
        ring.allocate(1)
        ring.free(1)
        ring.allocate(2)
        memory.drainAll()
        #expect(memory.blocksAtPeak(1) == 1)
        #expect(memory.blocksAtPeak(2) == 0)
    }

    @Test func holdersSurviveLaterRounds() {
        let memory = EngineMemory(sizes: [10, 100])
        let ring = memory.rings[0]
        for _ in 0..<5 { ring.allocate(2) }
        memory.drainAll(epoch: 1)
        for _ in 0..<5 { ring.free(2) }
        ring.allocate(1)
        memory.drainAll(epoch: 2)
        ring.allocate(1)
        memory.drainAll(epoch: 3)
        #expect(memory.blocksAtPeak(2) == 5)
        #expect(memory.blocksAtPeak(1) == 0)
        for _ in 0..<6 { ring.allocate(2) }
        memory.drainAll(epoch: 4)
        #expect(memory.state.pointee.peak_bytes == 620)
        #expect(memory.blocksAtPeak(2) == 6)
        #expect(memory.blocksAtPeak(1) == 2)
    }

    @Test func severalRingsHaveTheCutAndAnUpperBound() {
        let memory = EngineMemory(sizes: [100], rings: 2)
        for ring in memory.rings {
            ring.allocate(1)
            ring.allocate(1)
            ring.free(1)
        }
        memory.drainAll()
        #expect(memory.state.pointee.peak_bytes == 200)
        #expect(memory.state.pointee.peak_upper_bound == 400)
        #expect(memory.bytesAtPeak(1) == 200)
    }

    @Test func aRingThatFreesWhatALaterOneAllocatedDoesNotRaiseTheBound() {
        let memory = EngineMemory(sizes: [100], rings: 2)
        memory.rings[1].allocate(1)
        memory.rings[0].free(1)
        memory.rings[0].allocate(1)
        memory.drainAll()
        #expect(memory.liveBytes == 100)
        #expect(memory.state.pointee.peak_bytes == 100)
        #expect(memory.state.pointee.peak_upper_bound == 100)
    }

    @Test func theBoundOfARingReachesOverItsSegments() {
        let memory = EngineMemory(sizes: [100], rings: 2)
        for ring in memory.rings {
            ring.allocate(1)
            ring.closeSegment()
            ring.allocate(1)
            ring.closeSegment()
            ring.free(1)
            ring.free(1)
        }
        memory.drainAll()
        // Both rings may have been at their height at the same time.
        #expect(memory.state.pointee.peak_upper_bound == 400)
    }
}
