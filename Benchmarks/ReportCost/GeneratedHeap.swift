import MemScopeModel
import MemScopeReport

/// A heap with as many stacks as one likes and the proportions of a large Swift program's: about 40 frames a stack, seven
/// of them new, two sizes a stack, two blocks in ten of no known type, inlined functions at every other address.
///
/// The same size gives the same heap on every machine.
struct GeneratedHeap {
    private(set) var snapshot = HeapSnapshot()
    private var random: SeededNumbers

    /// Makes a heap of two sites a stack and five live blocks a site.
    init(stacks: Int) {
        random = SeededNumbers(seed: UInt64(stacks))
        addModulesAndAddresses(min(max(stacks / 4, 10), 20_000))
        addTypesAndContexts()
        addStacks(stacks)
        for site in snapshot.sites.indices { addLiveBlocks(of: site) }
        addTimeline(5_000)
        addCounters()
    }

    /// Names as symbols give them.
    var names: SnapshotNames {
        var random = SeededNumbers(seed: 1)
        let addresses = snapshot.addresses.indices.map { index in
            let inlined = index % 2 == 0 ? 1 + index % 3 : 0
            return AddressDescription(
                frames: (0...inlined).map { depth in
                    let function = depth == 0 ? index / 3 : random.below(400)
                    return Report.Frame(
                        function: "Parser.Lookahead<Tokens>.consume\(function)(after: RawTokenKind, at: Int) -> Syntax",
                        file: "/src/swift-syntax/Sources/SwiftParser/Expressions\(function % 97).swift",
                        line: 10 + index % 900, module: index % 7 == 0 ? "libswiftCore.so" : "swift-format",
                        isInlined: depth < inlined, isRuntime: index % 7 == 0)
                })
        }
        return SnapshotNames(addresses: addresses, moduleNotes: [])
    }

    private mutating func addModulesAndAddresses(_ count: Int) {
        let start: UInt64 = 0x5555_5555_0000
        snapshot.modules = [
            LoadedModule(start: start, end: start + UInt64(count) << 6, bias: start, path: "/bin/program", buildID: "")
        ]
        snapshot.addresses = (0..<count).map { start + UInt64($0) << 6 }
    }

    private mutating func addTypesAndContexts() {
        snapshot.types = (0..<2_000).map {
            HeapType(
                name: "Swift._ContiguousArrayStorage<Syntax.Node\($0 / 2)>", kind: $0 % 5 == 0 ? .box : .classInstance)
        }
        snapshot.threads = (1...8).map { TrackedThread(tid: $0, name: "worker-\($0)", hasExited: false) }
        snapshot.scopes = (0..<64).map {
            ScopePath(parent: $0 > 0 ? ($0 - 1) / 3 : nil, name: "request \($0)", entries: 100)
        }
        snapshot.contexts = (0..<512).map {
            AllocationContext(
                thread: $0 % 8, scope: $0 / 8, allocations: 4_000, frees: 2_000, temporaries: 500,
                allocatedBytes: 400_000, freedBytes: 200_000)
        }
    }

    private mutating func addStacks(_ count: Int) {
        snapshot.nodes = [CallNode(parent: 0, address: 0, kind: .frame)]
        var stack: [Int] = [0]
        for _ in 0..<count {
            // Between 10 and 130 frames, with a pull towards 40.
            let new = 1 + random.below(13)
            let kept = max(stack.count - 1 - random.below(stack.count > 40 ? 16 : 12), min(stack.count, 4))
            stack.removeLast(stack.count - kept)
            for _ in 0..<min(new, 130 - kept) {
                let address = random.below(random.below(snapshot.addresses.count) + 1)
                snapshot.nodes.append(
                    CallNode(
                        parent: stack[stack.count - 1], address: address, kind: address % 50 == 0 ? .async : .frame))
                stack.append(snapshot.nodes.count - 1)
            }
            for _ in 0..<2 { addSite(of: stack[stack.count - 1]) }
        }
    }

    private mutating func addSite(of node: Int) {
        let size = UInt64(16 + random.below(64) * 16)
        let freed = UInt64(random.below(1 + random.below(100)))
        snapshot.sites.append(
            AllocationSite(
                node: node, size: size, hasMixedSizes: random.below(50) == 0,
                type: random.below(3) == 0 ? nil : random.below(2_000), allocations: freed + 5, frees: freed,
                temporaries: freed / 3, allocatedBytes: (freed + 5) * size, freedBytes: freed * size, peakBlocks: 5,
                peakBytes: 5 * size))
    }

    private mutating func addLiveBlocks(of index: Int) {
        let site = snapshot.sites[index]
        // Some in one context, some in another.
        let first = UInt64(random.below(6))
        for blocks in [first, 5 - first] where blocks > 0 {
            snapshot.liveGroups.append(
                LiveGroup(
                    site: index, context: random.below(512), type: random.below(5) == 0 ? nil : site.type,
                    blocks: blocks,
                    bytes: blocks * site.size))
        }
        guard site.frees > 0, random.below(20) == 0 else { return }
        snapshot.freedTypes.append(FreedType(site: index, type: random.below(2_000), frees: 1, bytes: site.size))
    }

    private mutating func addTimeline(_ samples: Int) {
        snapshot.timeline = (0..<samples).map {
            TimelineSample(
                time: UInt64($0) * 10_000_000, liveBytes: UInt64(random.below(1 << 30)), liveBlocks: 1_000_000,
                allocations: UInt64($0) * 1_000, allocatedBytes: UInt64($0) * 100_000, residentBytes: 1 << 30)
        }
    }

    private mutating func addCounters() {
        for site in snapshot.sites {
            snapshot.counters.allocations += site.allocations
            snapshot.counters.frees += site.frees
            snapshot.counters.allocatedBytes += site.allocatedBytes
            snapshot.counters.freedBytes += site.freedBytes
        }
        snapshot.counters.events = snapshot.counters.allocations + snapshot.counters.frees
        snapshot.counters.isFrozenCopy = true
    }
}
