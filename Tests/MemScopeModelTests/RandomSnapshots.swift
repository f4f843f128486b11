import MemScopeModel

/// A generator that gives the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 2 &+ 1
    }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ state >> 29) &* 0xbf58_476d_1ce4_e5b9
        return mixed ^ mixed >> 32
    }
}

extension HeapSnapshot {
    /// A consistent snapshot with something in every array.
    static func random(seed: UInt64) -> HeapSnapshot {
        var generator = SeededGenerator(seed: seed)
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        func figure(_ limit: Int) -> UInt64 { UInt64(number(0...limit)) }
        func name() -> String {
            ["", "main", "naïve – 日本", "a;b\n", String(repeating: "x", count: 300)][number(0...4)]
        }
        var snapshot = HeapSnapshot()
        snapshot.process.executable = name()
        snapshot.process.arguments = (0..<number(0...3)).map { _ in name() }
        snapshot.process.pid = number(0...99_999)
        snapshot.process.architecture = ["x86_64", "aarch64"][number(0...1)]
        snapshot.process.startTime = figure(Int.max)
        snapshot.process.captureTime = figure(Int.max)
        snapshot.process.reason = name()
        snapshot.process.unavailable = ["types": name(), "tasks": "none"]
        snapshot.modules = (0..<number(0...3)).map { index in
            LoadedModule(
                start: UInt64(index) << 20, end: UInt64(index + 1) << 20, bias: figure(9_999), path: name(),
                buildID: "00ff", isUnloaded: number(0...1) == 1)
        }
        snapshot.addresses = (0..<number(1...20)).map { _ in UInt64.random(in: 0...UInt64.max, using: &generator) }
        snapshot.nodes = [CallNode(parent: 0, address: 0, kind: .frame)]
        for index in 1...number(1...50) {
            let kind = CallNode.Kind.allCases[number(0...2)]
            snapshot.nodes.append(
                CallNode(
                    parent: number(0...index - 1), address: number(0...snapshot.addresses.count - 1), kind: kind))
        }
        snapshot.types = HeapType.Kind.allCases.map { HeapType(name: name(), kind: $0) }
        snapshot.threads = (0...number(0...3)).map {
            TrackedThread(
                tid: 100 + $0, name: name(), hasExited: number(0...1) == 1, peakBytes: figure(1 << 30))
        }
        snapshot.scopes = (0...number(0...5)).map {
            ScopePath(parent: $0 > 0 && number(0...2) > 0 ? number(0...$0 - 1) : nil, name: name(), entries: figure(9))
        }
        snapshot.addTasks(using: &generator)
        snapshot.contexts = (0...number(0...5)).map { _ in
            AllocationContext(
                thread: number(0...snapshot.threads.count - 1),
                scope: number(0...1) == 0 ? nil : number(0...snapshot.scopes.count - 1),
                taskSite: number(0...1) == 0 ? nil : number(0...snapshot.taskSites.count - 1), queue: name(),
                allocations: 50 + figure(50),
                frees: figure(50), temporaries: figure(9), allocatedBytes: 5_000 + figure(999), freedBytes: figure(999))
        }
        snapshot.sites = (0...number(0...30)).map { _ in
            AllocationSite(
                node: number(0...snapshot.nodes.count - 1), size: figure(1 << 20), hasMixedSizes: number(0...3) == 0,
                isTruncated: number(0...3) == 0, type: number(0...1) == 0 ? nil : number(0...6),
                module: snapshot.modules.isEmpty ? nil : number(0...snapshot.modules.count - 1),
                allocations: 50 + figure(50), frees: figure(50), temporaries: figure(40),
                allocatedBytes: 5_000 + figure(1 << 40), freedBytes: figure(5_000), peakBlocks: figure(50),
                peakBytes: figure(1 << 40))
        }
        snapshot.custody.isOn = number(0...1) == 1
        if snapshot.custody.isOn, !snapshot.modules.isEmpty {
            snapshot.custody.crossings = (0..<number(0...5)).map { _ in
                Custody.Crossing(
                    site: number(0...snapshot.sites.count - 1), freedIn: number(0...snapshot.modules.count - 1),
                    frees: figure(99), bytes: figure(9_999))
            }
            snapshot.custody.freedByUnknown = figure(9)
            snapshot.custody.lost = figure(9)
        }
        snapshot.liveGroups = (0..<number(0...20)).map { _ in
            LiveGroup(
                site: number(0...snapshot.sites.count - 1), context: number(0...snapshot.contexts.count - 1),
                type: number(0...1) == 0 ? nil : number(0...6), blocks: figure(99), bytes: figure(9_999))
        }
        snapshot.freedTypes = (0..<number(0...9)).map { _ in
            FreedType(
                site: number(0...snapshot.sites.count - 1), type: number(0...6), frees: figure(60), bytes: figure(9_999)
            )
        }
        snapshot.census = (0..<number(0...9)).map { _ in
            TypeCensus(
                type: number(0...1) == 0 ? nil : number(0...6),
                ageMilliseconds: number(0...1) == 0 ? nil : figure(9_999),
                bytesBefore: number(0...1) == 0 ? nil : figure(9_999))
        }
        snapshot.trackedNames = (0..<number(0...3)).map { _ in
            TrackedName(name: name(), file: name(), line: number(0...999), blocks: 9 + figure(9), liveBlocks: figure(9))
        }
        if !snapshot.trackedNames.isEmpty {
            snapshot.trackedBlocks = (0..<number(0...3)).map {
                TrackedBlock(address: UInt64($0) << 6, name: number(0...snapshot.trackedNames.count - 1))
            }
        }
        snapshot.timeline = (0..<number(0...9)).map {
            TimelineSample(
                time: UInt64($0), liveBytes: figure(99), liveBlocks: figure(9), allocations: figure(99),
                allocatedBytes: figure(999), residentBytes: figure(9_999))
        }
        snapshot.marks = [TimelineMark(time: 5, name: name(), liveBytes: 1, liveBlocks: 2)]
        snapshot.addEvents(using: &generator)
        snapshot.counters.allocations = 1_000
        snapshot.counters.frees = figure(1_000)
        snapshot.counters.allocatedBytes = 1 << 40
        snapshot.counters.freedBytes = figure(1 << 40)
        snapshot.counters.peakUpperBound = figure(Int.max)
        snapshot.counters.namesLost = figure(10)
        snapshot.counters.freedTypesLost = figure(10)
        for site in snapshot.sites.indices { snapshot.sites[site].hasUnknownModule = number(0...3) == 0 }
        snapshot.counters.isFrozenCopy = number(0...1) == 1
        snapshot.addGraph(using: &generator)
        snapshot.addHistory(using: &generator)
        snapshot.addOwnerChanges(using: &generator)
        snapshot.addLedger(using: &generator)
        return snapshot
    }

    /// Runs of scopes with their times, and captures.
    private mutating func addEvents(using generator: inout SeededGenerator) {
        scopeEvents = scopes.indices.prefix(3).map { scope in
            let begin = UInt64.random(in: 0...999, using: &generator)
            let isOpen = Bool.random(using: &generator)
            return ScopeEvent(
                scope: scope, begin: begin, end: begin + UInt64.random(in: 0...999, using: &generator),
                figures: isOpen
                    ? nil : ScopeEvent.Figures(allocations: 7, allocatedBytes: begin + 70, retainedBytes: begin))
        }
        captureEvents = [
            CaptureEvent(time: 3, liveBytes: 40, liveBlocks: 2, reason: "period", hasLeakScan: false),
            CaptureEvent(time: 9, liveBytes: 50, liveBlocks: 3, reason: "exit", hasLeakScan: true),
        ]
        counters.scopeRuns = UInt64(scopeEvents.count) + 5
        counters.captures = 2
    }

    /// For notes what the contexts have, a little of it in each.
    private mutating func addOwnerChanges(using generator: inout SeededGenerator) {
        for note in history.notes.indices {
            for (index, context) in contexts.enumerated() where Bool.random(using: &generator) {
                let share = UInt64(history.notes.count)
                history.ownerChanges.append(
                    OwnerChange(
                        context: index, allocations: context.allocations / share, frees: context.frees / share / 2,
                        allocatedBytes: context.allocatedBytes / share, freedBytes: 0))
            }
            history.notes[note].ownersEnd = history.ownerChanges.count
        }
    }

    /// Notes whose changes the sites have room for.
    private mutating func addHistory(using generator: inout SeededGenerator) {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        for note in 0..<number(0...5) {
            let changes = sites.indices.dropFirst().filter { _ in number(0...2) == 0 }.map { site in
                let allocations = UInt64(number(1...9))
                var change = SiteChange(
                    site: site, size: sites[site].size, allocations: allocations,
                    frees: UInt64(number(0...Int(allocations))))
                if sites[site].hasMixedSizes {
                    change.allocatedBytes = UInt64(number(300...1 << 40))
                    change.freedBytes = UInt64(number(0...300))
                }
                return change
            }
            history.append(
                time: UInt64(note * 1000), mark: [nil, "naïve", ""][number(0...2)], isHeld: number(0...3) == 0, changes)
        }
    }

    /// What a leak scan may have seen.
    private mutating func addGraph(using generator: inout SeededGenerator) {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        leakScan.outcome = LeakScan.Outcome.allCases[number(0...2)]
        leakScan.pause = UInt64(number(0...1 << 30))
        leakScan.duration = UInt64(number(0...1 << 30))
        leakScan.threads = UInt64(number(0...99))
        leakScan.complaint = ["", "naïve"][number(0...1)]
        leakScan.ignoredBlocks = UInt64(number(0...99))
        leakScan.ignoredBytes = UInt64(number(0...1 << 40))
        leakScan.roots = [[], LeakScan.usualRoots, ["stacks", "unaligned"]][number(0...2)]
        leakScan.programSuppressions = ["", "leak:Ψ\nleak:b"][number(0...1)]
        let count = number(0...9)
        graph.closures = (0..<number(0...3)).map { UInt64($0) << 12 }
        for index in 0..<count {
            var block = GraphBlock(
                address: UInt64(index + 1) << 5, size: UInt64(number(0...1 << 40)),
                site: number(0...sites.count - 1), context: number(0...contexts.count - 1),
                type: number(0...1) == 0 ? nil : number(0...types.count - 1))
            block.isReachable = number(0...1) == 1
            block.isDead = number(0...1) == 1
            block.isIgnored = number(0...1) == 1
            block.isOfRun = number(0...1) == 1
            graph.blocks.append(block)
            graph.firstEdge.append(graph.edges.count)
            for _ in 0..<number(0...3) {
                graph.edges.append(
                    GraphEdge(
                        to: number(0...count - 1), offset: number(0...4_096),
                        kind: GraphEdge.Kind.allCases[number(0...2)],
                        closure: graph.closures.isEmpty ? nil : number(0...graph.closures.count - 1)))
            }
        }
        guard count > 0 else { return }
        graph.firstEdge.append(graph.edges.count)
        graph.stackFunctions = (0..<number(0...3)).map { _ in UInt64(number(1...1 << 40)) }
        graph.roots = (0..<number(0...4)).map { _ in
            var root = GraphRoot(
                address: UInt64(number(0...1 << 40)), to: number(0...count - 1),
                kind: GraphRoot.Kind.allCases[number(0...7)], name: ["", "/lib/libé.so"][number(0...1)])
            if graph.stackFunctions.isEmpty || number(0...1) == 0 {
                root.missingFunction = GraphRoot.MissingFunction.allCases[number(0...4)]
            } else {
                root.function = number(0...graph.stackFunctions.count - 1)
            }
            return root
        }
        graph.counts = (0..<count).filter { _ in number(0...1) == 1 }.map {
            ObjectCounts(block: $0, strong: number(1...9), unowned: number(0...3), weak: number(0...3))
        }
        graph.taskBlocks = (0..<number(0...3)).map { _ in
            TaskBlock(
                block: number(0...count - 1), task: tasks.isEmpty ? nil : number(0...tasks.count - 1),
                role: TaskBlock.Role.allCases[number(0...2)], object: number(0...count - 1))
        }
        graph.fields = (0..<number(0...3)).map { index in
            TypeField(
                type: number(0...types.count - 1), offset: 16 + index, name: ["a", "β"][number(0...1)],
                ownership: TypeField.Ownership.allCases[number(0...3)], stride: number(0...1) * 24)
        }
        graph.fields.sort { ($0.type, $0.offset) < ($1.type, $1.offset) }
    }

    /// Retains and releases.
    private mutating func addLedger(using generator: inout SeededGenerator) {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        func place() -> LedgerPlace {
            LedgerPlace(
                site: number(0...sites.count - 1), thread: number(0...threads.count - 1),
                task: number(0...1) == 0 ? nil : UInt32(number(1...99)))
        }
        func involvement() -> LedgerInvolvement {
            var involved = LedgerInvolvement()
            involved.threads = number(0...64)
            involved.hasMoreThreads = number(0...1) == 1
            involved.tasks = number(0...64)
            involved.hasMoreTasks = number(0...1) == 1
            return involved
        }
        ledger.state = RetainLedger.State.allCases[number(0...2)]
        ledger.selection = ["", "all", "types:Café"][number(0...2)]
        ledger.complaint = ["", "naïve"][number(0...1)]
        ledger.retains = UInt64(number(0...1 << 40))
        ledger.unlistedObjects = UInt64(number(0...99))
        ledger.unseenReleases = UInt64(number(0...99))
        for index in 0..<number(0...5) {
            var object = LedgerObject(
                address: UInt64(index + 1) << 4, type: number(0...1) == 0 ? nil : number(0...types.count - 1),
                origin: place())
            object.hasEnded = number(0...1) == 1
            object.isLeaked = number(0...1) == 1
            object.differs = number(0...1) == 1
            object.retains = UInt64(number(0...1 << 40))
            object.releases = UInt64(number(0...99))
            object.peak = number(0...99)
            object.lowest = number(0...9)
            object.involved = involvement()
            object.held = number(0...9)
            object.unseen = number(0...9)
            object.strong = number(0...9)
            let first = ledger.references.count
            for _ in 0..<number(0...3) {
                ledger.references.append(
                    LedgerReference(place: place(), count: number(1...9), isOrigin: number(0...1) == 1))
            }
            object.references = first..<ledger.references.count
            ledger.objects.append(object)
        }
        for index in types.indices.prefix(number(0...3)) {
            var type = LedgerType(type: index)
            type.objects = UInt64(number(1...99))
            type.retains = UInt64(number(0...99))
            type.releases = UInt64(number(0...99))
            type.held = UInt64(number(0...99))
            type.peak = number(0...99)
            type.involved = involvement()
            type.unseen = UInt64(number(0...9))
            type.differs = number(0...1) == 1
            ledger.types.append(type)
        }
        ledger.unmatched = (0..<(types.isEmpty ? 0 : number(0...4))).map { _ in
            LedgerUnmatched(
                type: number(0...types.count - 1), site: number(0...sites.count - 1), isOrigin: number(0...1) == 1,
                count: UInt64(number(1...1 << 40)))
        }
        ledger.sites = (0..<number(0...4)).map { _ in
            LedgerSite(
                site: number(0...sites.count - 1), retains: UInt64(number(0...1 << 40)),
                releases: UInt64(number(0...99)), busiestSecond: number(0...99),
                inBusiestSecond: UInt64(number(0...99)))
        }
    }

    /// Tasks, runs of scopes and handovers.
    private mutating func addTasks(using generator: inout SeededGenerator) {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        func figure(_ limit: Int) -> UInt64 { UInt64(number(0...limit)) }
        taskSites = (0...number(0...3)).map { _ in
            var site = TaskSite(node: number(0...nodes.count - 1), kind: TaskSite.Kind.allCases[number(0...2)])
            site.there.running = figure(9)
            site.there.suspended = figure(999)
            site.finished = figure(99)
            site.finishedMilliseconds = figure(9_999)
            site.largestPeakBytes = figure(1 << 40)
            site.largestAllocatedBytes = figure(1 << 40)
            return site
        }
        tasks = (0..<number(0...6)).map { index in
            var task = TrackedTask(
                id: UInt64(index + 1), site: number(0...3) == 0 ? nil : number(0...taskSites.count - 1))
            task.parentID = figure(9)
            task.name = ["", "worker", "naïve"][number(0...2)]
            task.state = TrackedTask.State.allCases[number(0...4)]
            task.priority = number(0...33)
            task.firstSeen = figure(1_000)
            task.lastSeen = 1_000 + figure(1_000)
            task.scope = number(0...1) == 0 ? nil : number(0...scopes.count - 1)
            task.hasOutlivedScope = number(0...1) == 1
            task.slabBytes = figure(9_999)
            task.peakBytes = figure(9_999)
            task.allocations = 50 + figure(50)
            task.frees = figure(50)
            task.temporaries = figure(9)
            task.allocatedBytes = 5_000 + figure(999)
            task.freedBytes = figure(999)
            return task
        }
        scopeRuns = scopes.indices.prefix(number(0...3)).map { scope in
            let figures = (0..<3).map { _ in
                ScopeRuns.Distribution(
                    sum: figure(1 << 40), median: figure(99), percentile95: figure(999), largest: figure(9_999))
            }
            return ScopeRuns(
                scope: scope, ended: 1 + figure(99), allocations: figures[0], allocatedBytes: figures[1],
                retainedBytes: figures[2])
        }
        leakChecks = scopes.indices.prefix(number(0...2)).map { scope in
            ScopeLeakChecks(
                scope: scope, runs: figure(9), leakingRuns: figure(9), blocks: figure(99), bytes: figure(999))
        }
        handovers = (0..<number(0...4)).map { _ in
            ThreadHandover(
                allocatedBy: number(0...threads.count - 1), freedBy: number(0...threads.count - 1),
                frees: 1 + figure(99),
                bytes: figure(9_999))
        }
    }
}
