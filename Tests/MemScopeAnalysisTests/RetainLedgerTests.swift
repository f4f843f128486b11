internal import MemScopeModel
internal import Testing

@testable import MemScopeAnalysis

@Suite("Retains and releases")
struct RetainLedgerTests {
    private func object(
        _ address: UInt64, type: Int = 0, events: UInt64 = 2, threads: Int = 1, leaked: Bool = false
    ) -> LedgerObject {
        var object = LedgerObject(address: address, type: type, origin: LedgerPlace(site: 0, thread: 0))
        object.retains = events / 2
        object.releases = events - events / 2
        object.involved.threads = threads
        object.isLeaked = leaked
        object.held = 1
        object.peak = 2
        object.lowest = 1
        return object
    }

    @Test("What leaked is listed first, then what many threads share; a type of few events has its row")
    func listing() {
        var ledger = RetainLedger()
        ledger.objects = (0..<50).map { object(UInt64($0), events: 100 + UInt64($0)) }
        ledger.objects.append(object(100, type: 1))
        ledger.objects.append(object(101, events: 4, threads: 4))
        ledger.objects.append(object(102, leaked: true))
        let listing = LedgerListing(ledger, thresholds: LedgerThresholds(), limit: 3)
        #expect(listing.objects.prefix(4) == [52, 51, 49, 48])
        #expect(listing.objects.contains(50))
        #expect(listing.objects.count < 15)
    }

    @Test("An object whose count swings most is listed, though others have more retains and releases")
    func swing() {
        var ledger = RetainLedger()
        ledger.objects = (0..<50).map { object(UInt64($0), events: 1000 + UInt64($0)) }
        ledger.objects[7].retains = 30
        ledger.objects[7].releases = 30
        ledger.objects[7].peak = 31
        ledger.objects[8].peak = 90
        ledger.objects[8].lowest = 90
        let listing = LedgerListing(ledger, thresholds: LedgerThresholds(), limit: 1)
        #expect(listing.objects.contains(7))
        #expect(!listing.objects.contains(8))
    }

    @Test("A place's busiest second adds up those stacks alone that were busy in it")
    func traffic() {
        var traffic = RetainTraffic()
        for (second, events) in [(1, 60), (2, 50), (2, 40)] as [(Int, UInt64)] {
            traffic.add(
                LedgerSite(site: 0, retains: events, releases: 10, busiestSecond: second, inBusiestSecond: events))
        }
        #expect(traffic.retains == 150)
        #expect(traffic.releases == 30)
        #expect(traffic.eventsPerSecond == 90)
    }

    @Test("A reference's maker is named if there is one, or one whose stack runs the holder's code; never by a guess")
    func maker() {
        func reference(_ site: Int) -> LedgerReference {
            LedgerReference(place: LedgerPlace(site: site, thread: 0), count: 1)
        }
        var ledger = RetainLedger()
        ledger.references = [reference(1), reference(2), reference(3), reference(4)]
        ledger.objects = [object(16), object(32), object(48)]
        ledger.objects[0].references = 0..<1
        ledger.objects[1].references = 1..<3
        ledger.objects[2].references = 3..<4
        ledger.objects[2].unseen = 1
        let maker = ReferenceMaker(ledger)
        #expect(maker.place(of: 16) { _ in false }?.site == 1)
        #expect(maker.place(of: 32) { $0 == 3 }?.site == 3)
        #expect(maker.place(of: 32) { _ in false } == nil)
        #expect(maker.place(of: 32) { _ in true } == nil)
        #expect(maker.place(of: 48) { _ in true } == nil)
        #expect(maker.place(of: 64) { _ in true } == nil)
    }
}
