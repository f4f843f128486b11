import MemScopeModel
import Testing

@testable import MemScopeReport

/// What a report says of leaks and cycles.
@Suite struct LeakReportTests {
    private let frames: [UInt64: [Report.Frame]] = [
        1: [Report.Frame(function: "main", file: "/src/main.swift", line: 3, module: "app")],
        2: [Report.Frame(function: "Session.init()", file: "/src/Session.swift", line: 7, module: "app")],
        3: [Report.Frame(function: "Cache.fill()", file: "/src/Cache.swift", line: 9, module: "libcache.so")],
    ]

    /// Two objects that hold each other by a closure, and one block that nothing refers to.
    private func leaking() -> HeapSnapshot {
        var snapshot = snapshot([Stack([1, 2], 64, 64), Stack([1, 2], 32, 32), Stack([1, 3], 100, 100)])
        snapshot.threads = [TrackedThread(tid: 1, name: "main", hasExited: false)]
        snapshot.scopes = [
            ScopePath(parent: nil, name: "outer", entries: 1), ScopePath(parent: 0, name: "inner", entries: 1),
        ]
        snapshot.taskSites = [TaskSite(node: 1, kind: .unstructured)]
        snapshot.contexts = [
            AllocationContext(thread: 0, scope: 1, allocations: 2, allocatedBytes: 96),
            AllocationContext(thread: 0, taskSite: 0, allocations: 1, allocatedBytes: 100),
        ]
        snapshot.types = [
            HeapType(name: "app.Session", kind: .classInstance), HeapType(name: "closure", kind: .closureContext),
        ]
        snapshot.graph.blocks = [
            GraphBlock(address: 0x1000, size: 64, site: 0, context: 0, type: 0),
            GraphBlock(address: 0x2000, size: 32, site: 1, context: 0, type: 1),
            GraphBlock(address: 0x3000, size: 100, site: 2, context: 1),
        ]
        snapshot.graph.edges = [GraphEdge(to: 1, offset: 24), GraphEdge(to: 0, offset: 16)]
        snapshot.graph.firstEdge = [0, 1, 2, 2]
        snapshot.graph.fields = [
            TypeField(type: 0, offset: 16, name: "onClose", ownership: .strong),
            TypeField(type: 1, offset: 16, name: "capture 1", ownership: .strong),
        ]
        snapshot.leakScan.outcome = .done
        snapshot.leakScan.pause = 5
        return snapshot
    }

    private func build(_ snapshot: HeapSnapshot, _ suppressions: String = "") throws -> Report {
        var options = ReportOptions()
        options.suppressions = try LeakSuppressions(suppressions, of: "file")
        return ReportBuilder.build(snapshot, names: names(snapshot, frames), options: options)
    }

    @Test func `leaks are listed by kind, type and place, those that keep most first`() throws {
        let report = try build(leaking())
        #expect(report.leaks.blocks == 3 && report.leaks.bytes == 196 && report.leaks.pauseNanoseconds == 5)
        #expect(report.leaks.groups.map(\.category) == ["definite", "cycle", "cycle"])
        #expect(report.leaks.groups[0].function == "Cache.fill()" && report.leaks.groups[0].line == 9)
        #expect(report.leaks.groups[0].address == "0x3000" && report.leaks.groups[0].type == "untyped")
        let node = report.callTree.nodes[report.leaks.groups[0].node]
        #expect(node.frame.function == "Cache.fill()")
        #expect(report.notCollected["leaks"] == nil && report.notCollected["cycles"] == nil)
        #expect(report.contradiction == nil)
    }

    @Test func `what differs in addresses alone is one row`() throws {
        // The same as before from other addresses of the same lines; the closure's code is there twice, and so is a number that is no code.
        var snapshot = snapshot([
            Stack([1, 2], 64, 64), Stack([1, 2], 32, 32), Stack([4, 2], 64, 64), Stack([1, 5], 32, 32),
        ])
        let once = leaking()
        (snapshot.threads, snapshot.contexts, snapshot.types) = (once.threads, once.contexts, once.types)
        (snapshot.scopes, snapshot.taskSites) = (once.scopes, once.taskSites)
        snapshot.graph.fields = once.graph.fields
        snapshot.graph.closures = [0x70, 0x71, 0x72, 0x73]
        for site in 0..<4 {
            snapshot.graph.blocks.append(
                GraphBlock(
                    address: UInt64(site + 1) << 12, size: site % 2 == 0 ? 64 : 32, site: site, context: 0,
                    type: site % 2))
            snapshot.graph.firstEdge.append(site)
            snapshot.graph.edges.append(GraphEdge(to: site ^ 1, offset: site % 2 == 0 ? 24 : 16, closure: site))
        }
        snapshot.graph.firstEdge.append(4)
        snapshot.leakScan.outcome = .done
        var frames = frames
        (frames[4], frames[5]) = (frames[1], frames[2])
        var names = names(snapshot, frames)
        let code = Report.Frame(function: "closure #1 in Session.init()")
        names.closures = [code, nil, code, nil]
        let report = ReportBuilder.build(snapshot, names: names)
        #expect(report.leaks.groups.map(\.blocks) == [2, 2] && report.leaks.groups.map(\.retainedBytes) == [192, 192])
        #expect(report.cycles.map(\.instances) == [2] && report.cycles.map(\.retainedBytes) == [192])
        #expect(report.cycles[0].members[1].closure?.function == code.function)
        frames[5]?[0].line += 1
        let apart = ReportBuilder.build(snapshot, names: MemScopeReportTests.names(snapshot, frames))
        #expect(apart.leaks.groups.map(\.blocks) == [2, 1, 1] && apart.cycles.map(\.instances) == [1, 1])
    }

    @Test func `cycles beyond the limit are said not to be listed`() throws {
        var options = ReportOptions()
        options.maximumCycles = 1
        let snapshot = leaking()
        let report = ReportBuilder.build(snapshot, names: names(snapshot, frames), options: options)
        #expect(report.cycles.count == 1)
        #expect(report.notCollected["cycles"] == "At most 1 shapes of retain cycles are listed, those that keep most.")
    }

    @Test func `rows of leaks beyond the limit are said not to be listed`() throws {
        #expect(try build(leaking()).notCollected["leaks.groups"] == nil)
        var options = ReportOptions()
        options.maximumLeakGroups = 2
        let report = ReportBuilder.build(leaking(), names: names(leaking(), frames), options: options)
        let sentence = "Of 3 rows of leaks 2 are listed, those that keep most."
        #expect(report.leaks.groups.count == 2 && report.notCollected["leaks.groups"] == sentence)
        #expect(report.leakSummary == ["3 blocks of 196 bytes leaked.", sentence])
    }

    @Test func `what makes leaks doubtful stands beside them, also where nothing leaked`() throws {
        #expect(Report().leakSummary == nil)
        var snapshot = leaking()
        snapshot.leakScan.complaint = "Not all lists were found: leaks may be hidden."
        snapshot.leakScan.roots = ["stacks"]
        let doubts = [
            "The leak scan: Not all lists were found: leaks may be hidden.",
            "Leaks were looked for without registers, globals, tls, mappings as roots, as the environment or the program asked: "
                + "what only those lead to is reported.",
        ]
        #expect(try build(snapshot).leakSummary == ["3 blocks of 196 bytes leaked."] + doubts)
        for block in snapshot.graph.blocks.indices { snapshot.graph.blocks[block].isReachable = true }
        #expect(try build(snapshot).leakSummary == ["Nothing leaked."] + doubts)
    }

    @Test func `a cycle names its references and the one to make weak`() throws {
        let cycle = try #require(try build(leaking()).cycles.first)
        #expect(cycle.members.map(\.type) == ["app.Session", "closure"])
        // The reference lies inside of the property: a closure is two words, and the second one is its context.
        #expect(cycle.edges.map(\.field) == ["onClose", "capture 1"])
        #expect(cycle.instances == 1 && cycle.retainedBytes == 96 && cycle.objects == 2)
        #expect(cycle.suggestedEdge == 1 && cycle.suggestion.contains("[weak self]"))
        #expect(cycle.members[0].function == "Session.init()" && cycle.members[0].address == "0x1000")
    }

    @Test func `what else holds the same objects is named with its own suggestion`() throws {
        var snapshot = leaking()
        #expect(try build(snapshot).cycles.first?.further.isEmpty == true)
        // The object has a second closure, which captures nothing but the object.
        let (closure, itself) = (GraphEdge(to: 1, offset: 24), GraphEdge(to: 0, offset: 40))
        snapshot.graph.edges = [closure, itself, GraphEdge(to: 0, offset: 16)]
        snapshot.graph.firstEdge = [0, 2, 3, 3]
        snapshot.graph.fields.insert(TypeField(type: 0, offset: 32, name: "onOpen", ownership: .strong), at: 1)
        let cycle = try #require(try build(snapshot).cycles.first)
        #expect(cycle.edges.map(\.field) == ["onOpen"] && cycle.suggestion.contains("its onOpen holds"))
        let further = try #require(cycle.further.first)
        #expect(further.edges.map(\.field) == ["onClose", "capture 1"] && further.suggestedEdge == 1)
        #expect(further.suggestion.contains("[weak self]") && cycle.further.count == 1)
        #expect(
            Report.Cycle.references(further.members, further.edges) == ["app.Session.onClose", "closure.capture 1"])
    }

    @Test func `a cycle names the closure that a reference is part of, and nothing that only looks like one`() throws {
        var snapshot = leaking()
        snapshot.graph.closures = [0x40, 0x50]
        snapshot.graph.edges[0].closure = 0
        snapshot.graph.edges[1].closure = 1
        var names = names(snapshot, frames)
        names.closures = [Report.Frame(function: "closure #1 in Session.init()"), nil]
        let cycle = try #require(ReportBuilder.build(snapshot, names: names).cycles.first)
        // The code has no line: that of the context's allocation is where the closure is made.
        #expect(
            cycle.members[1].closure
                == Report.Cycle.Member.Closure(
                    function: "closure #1 in Session.init()", file: "/src/Session.swift", line: 7))
        #expect(cycle.members[1].closureText == " (closure #1 in Session.init(), Session.swift:7)")
        #expect(cycle.members[0].closure == nil && cycle.members[0].closureText.isEmpty)
        #expect(String(decoding: try JSONFormat.encode(cycle), as: UTF8.self).contains("\"closure\":null"))
    }

    @Test func `with the whole graph it is said why the largest types are alive, and what tasks keep`() throws {
        var snapshot = leaking()
        snapshot.liveGroups = [
            LiveGroup(site: 0, context: 0, type: 0, blocks: 1, bytes: 64),
            LiveGroup(site: 1, context: 0, type: 1, blocks: 1, bytes: 32),
        ]
        snapshot.graph.roots = [GraphRoot(address: 0x10, to: 0, kind: .global, name: "/bin/app")]
        snapshot.graph.blocks[0].isReachable = true
        snapshot.graph.blocks[1].isReachable = true
        let report = try build(snapshot)
        let path = try #require(report.types.first { $0.name == "closure" }?.retainerPath)
        #expect(path.root == "a global of /bin/app at 0x10" && path.stepsLeftOut == 0)
        #expect(path.steps.map(\.type) == ["app.Session", "closure"])
        #expect(path.steps.map(\.field) == ["onClose", ""])
        #expect(path.steps.map(\.address) == ["0x1000", "0x2000"])
        #expect(report.scopes.map(\.soleBytes) == [96, 96] && report.taskSites.map(\.soleBytes) == [0])
        let without = try build(leaking())
        #expect(
            without.types.allSatisfy { $0.retainerPath == nil } && without.scopes.allSatisfy { $0.soleBytes == nil })
        #expect(without.notCollected["scopes.soleBytes"]?.contains("graph") == true)
    }

    @Test func `of a long way the middle is left out`() throws {
        var snapshot = leaking()
        snapshot.graph.roots = [GraphRoot(address: 0, to: 0, kind: .register, name: "main")]
        let first = GraphBlock(address: 0x1000, size: 64, site: 0, context: 0, type: 0)
        snapshot.graph.blocks = (0..<100).map { index in
            var block = first
            block.address += UInt64(index) << 8
            block.isReachable = true
            block.type = index == 99 ? 1 : 0
            return block
        }
        snapshot.graph.edges = (1..<100).map { GraphEdge(to: $0, offset: 24) }
        snapshot.graph.firstEdge = Array(0...99) + [99]
        snapshot.liveGroups = [LiveGroup(site: 1, context: 0, type: 1, blocks: 1, bytes: 32)]
        let path = try #require(try build(snapshot).types.first { $0.name == "closure" }?.retainerPath)
        #expect(path.steps.count == 40 && path.stepsLeftOut == 60)
        #expect(path.steps.first?.address == "0x1000" && path.steps.last?.type == "closure")
    }

    @Test func `whose leaks they are: scopes with those inside, and places that create tasks`() throws {
        let report = try build(leaking())
        #expect(report.scopes.map(\.leakedBytes) == [96, 96])
        #expect(report.taskSites.map(\.leakedBytes) == [100])
        var withTasks = leaking()
        withTasks.tasks = [TrackedTask(id: 7, site: 0), TrackedTask(id: 8, site: nil)]
        withTasks.graph.taskBlocks = [TaskBlock(block: 2, task: 0, role: .leaked, object: 2)]
        #expect(try build(withTasks).tasks.sorted { $0.id < $1.id }.map(\.leakedBytes) == [100, 0])
        #expect(try build(withTasks, "leak:Cache.fill").tasks.allSatisfy { $0.leakedBytes == 0 })
        let unasked = ReportBuilder.build(snapshot([]), names: .none)
        #expect(unasked.leaks.blocks == nil && unasked.notCollected["leaks"] != nil)
    }

    @Test(arguments: ["leak:Cache.fill", "leak:^Cache*()$", "leak:libcache", "leak:/src/Cache", "# why\n\nleak:*fill*"])
    func `a suppression matches functions, files and modules of the stack`(text: String) throws {
        let report = try build(leaking(), text)
        #expect(report.leaks.blocks == 2 && report.leaks.suppressedBlocks == 1 && report.leaks.suppressedBytes == 100)
        #expect(report.leaks.groups.allSatisfy { $0.category == "cycle" })
        #expect(report.capture.notes.contains { $0.contains("suppressed") })
    }

    @Test func `what a suppressed block keeps is suppressed with it`() throws {
        var snapshot = leaking()
        snapshot.graph.edges.append(GraphEdge(to: 0, offset: 8))
        snapshot.graph.firstEdge = [0, 1, 2, 3]
        let report = try build(snapshot, "leak:Cache.fill")
        #expect(report.leaks.blocks == 0 && report.leaks.suppressedBlocks == 3 && report.cycles.isEmpty)
    }

    @Test(arguments: ["race:x", "leak:", "leaks"])
    func `a line that is no suppression is named`(text: String) {
        #expect(throws: ReportError.self) { try LeakSuppressions("leak:fine\n\(text)\n", of: "list.txt") }
        do {
            _ = try LeakSuppressions("leak:fine\n\(text)\n", of: "list.txt")
        } catch {
            #expect(error.description.contains("list.txt: line 2"))
        }
    }

    @Test func `what was left out of a search makes leaks and cycles estimated`() throws {
        var snapshot = leaking()
        let sure = try build(snapshot)
        #expect(sure.leaks.accuracy == .exact && sure.cycles.map(\.accuracy) == [.exact])
        snapshot.leakScan.doubts = 1
        let unsure = try build(snapshot)
        #expect(unsure.leaks.accuracy == .estimated && unsure.cycles.map(\.accuracy) == [.estimated])
        #expect(unsure.leaks.groups.allSatisfy { $0.accuracy == .estimated })
    }

    @Test func `the ledger calls nothing leaked that is suppressed or ignored`() throws {
        var snapshot = leaking()
        snapshot.ledger.state = .on
        snapshot.ledger.objects = [LedgerObject(address: 0x3000, type: nil, origin: LedgerPlace(site: 2, thread: 0))]
        snapshot.ledger.objects[0].isLeaked = true
        #expect(try build(snapshot).retainLedger.objects.map(\.isLeaked) == [true])
        #expect(try !build(snapshot, "leak:Cache.fill").retainLedger.objects.contains(where: \.isLeaked))
        snapshot.graph.blocks[2].isIgnored = true
        #expect(try !build(snapshot).retainLedger.objects.contains(where: \.isLeaked))
    }

    @Test func `of what no root leads to it is said whether it leaked`() {
        var graph = leaking().graph
        #expect(RetainerDescription.sentence(onUnreached: [2], in: graph) == "Nothing leads to it: leaked.")
        #expect(RetainerDescription.sentence(onUnreached: [1, 2], in: graph) == "Nothing leads to them: leaked.")
        graph.blocks[2].isIgnored = true
        let ignored = RetainerDescription.sentence(onUnreached: [2], in: graph)
        #expect(ignored == "Nothing leads to it, and the program says that it is no leak.")
        graph.blocks[2].isReachable = true
        #expect(RetainerDescription.sentence(onUnreached: [2], in: graph).hasPrefix("Only bytes that stand behind"))
    }

    @Test func `a scan that failed says why`() {
        var snapshot = snapshot([])
        snapshot.leakScan.outcome = .failed
        snapshot.leakScan.complaint = "A thread could not be stopped."
        let report = ReportBuilder.build(snapshot, names: .none)
        #expect(report.leaks.blocks == nil)
        #expect(report.notCollected["leaks"]?.contains("could not be stopped") == true)
    }
}
