import Foundation
import MemScopeModel
import Testing

@testable import MemScopeReport

@Suite struct JSONFormatTests {
    private struct Odd: Codable, Equatable {
        var text = "quote \" backslash \\ newline \n tab \t bell \u{7} é 日 \u{2028} < & >"
        var largest = UInt64.max
        var smallest = Int64.min
        var small: [Int8] = [-128, 0, 127]
        var zero = 0.5
        var none: Int?
        var flag = true
        var empty: [String] = []
        var nested = [["a"], []]
        var map = ["b": "2", "a": "1"]
    }

    @Test func `another reader finds what was written`() throws {
        let bytes = try JSONTextEncoder.encode(Odd())
        #expect(try JSONDecoder().decode(Odd.self, from: Data(bytes)) == Odd())
    }

    @Test(arguments: 0..<20)
    func `integers of every length keep all digits`(digits: Int) throws {
        let power = (0..<digits).reduce(1 as UInt64) { value, _ in value * 10 }
        for value in [power, power &- 1, power &+ 1, UInt64.max] {
            let bytes = try JSONTextEncoder.encode([value])
            #expect(String(decoding: bytes, as: UTF8.self) == "[\(value)]")
        }
    }

    @Test func `a report reads back as it was`() throws {
        var snapshot = snapshot([Stack([1, 2], 64, 64), Stack([1, 3], 32, 0)])
        snapshot.process.executable = "/bin/<app>\""
        var options = ReportOptions()
        options.maximumNodes = 2
        let report = ReportBuilder.build(snapshot, names: .none, options: options)
        let bytes = try JSONFormat().render(report)
        #expect(try JSONDecoder().decode(Report.self, from: Data(bytes)) == report)
        #expect(try JSONFormat().render(report) == bytes)
    }

    @Test func `no number is not a number`() {
        #expect(throws: EncodingError.self) { try JSONTextEncoder.encode([Double.nan]) }
    }
}

@Suite struct CollapsedFormatTests {
    private func lines(_ metric: Report.StackMetric, limit: Int = .max) -> [String] {
        var options = ReportOptions.wholeTree
        options.maximumNodes = min(limit, options.maximumNodes)
        options.maximumCallSites = 0
        let snapshot = snapshot([Stack([1, 2], 64, 64), Stack([1, 2, 3], 32, 0), Stack([1], 8, 8), Stack([], 5, 5)])
        let frames: [UInt64: [Report.Frame]] = [
            1: [Report.Frame(function: "main")], 2: [Report.Frame(function: "a;b\nc")],
            3: [Report.Frame(function: "leaf")],
        ]
        let report = ReportBuilder.build(snapshot, names: names(snapshot, frames), options: options)
        return String(decoding: CollapsedFormat(metric: metric).render(report), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    @Test func `each stack has a line, root first, with what is its own`() {
        #expect(lines(.allocatedBytes) == ["(no stack) 5", "main 8", "main;a:b c 64", "main;a:b c;leaf 32"])
        #expect(lines(.allocations) == ["(no stack) 1", "main 1", "main;a:b c 1", "main;a:b c;leaf 1"])
    }

    @Test func `stacks without the figure are left out`() {
        #expect(lines(.liveBytes) == ["(no stack) 5", "main 8", "main;a:b c 64"])
        #expect(lines(.temporaries).isEmpty)
    }

    @Test func `what was pruned is named, so the lines add up`() {
        #expect(lines(.allocatedBytes, limit: 1) == ["(no stack) 5", "main 8", "main;(left out) 96"])
    }
}

@Suite struct HTMLFormatTests {
    @Test func `no name ends its element or reaches the page as markup`() throws {
        let hostile = "</script><img src=x onerror=alert(1)>"
        let snapshot = snapshot([Stack([1], 64, 64)])
        var report = ReportBuilder.build(
            snapshot, names: names(snapshot, [1: [Report.Frame(function: hostile, file: hostile, module: hostile)]]))
        report.process.executable = hostile
        let page = String(decoding: try HTMLFormat().render(report), as: UTF8.self)
        #expect(!page.contains("<img"))
        // The report, its tree, the import map, the entry, and what follows.
        #expect(page.components(separatedBy: "</script>").count == 5)
    }

    @Test func `the page forbids itself to load anything, and has all its modules`() throws {
        let page = String(decoding: try HTMLFormat().render(Report()), as: UTF8.self)
        #expect(page.contains("default-src 'none'"))
        #expect(!page.contains("http:") && !page.contains("https:"))
        for module in ["main", "data", "calltree", "timeline"] {
            #expect(page.contains("\"#page/\(module)\":\"data:text/javascript;base64,"))
        }
    }

    @Test func `a page smaller than its report keeps the sums`() throws {
        let stacks = (0..<50).map { (index: Int) -> Stack in Stack([1, UInt64(2 + index)], UInt64(index + 1), 0) }
        var options = ReportOptions()
        options.maximumCallSites = 0
        options.maximumNodes = 30
        let report = ReportBuilder.build(snapshot(stacks), names: .none, options: options)
        let parents = [0] + report.callTree.nodes.map { Int32($0.parent + 1) }
        let pruning = TreePruning(
            parents: parents, ranks: parents.indices.map { UInt16(100 - $0) }, limit: 10, wanted: [])
        let tree = PageTree(report.callTree, pruning)
        #expect(tree.parent.count == 11)
        let shown = zip(tree.parent, tree.allocatedBytes).dropFirst().filter { $0.0 == 1 }.reduce(0) { $0 + $1.1 }
        let pruned = try #require(tree.pruned[1])
        #expect(shown + pruned.allocatedBytes == 1_275)
        #expect(pruned.nodes == 51 - 10)
        #expect(tree.places.count == report.callTree.nodes.count && tree.places.allSatisfy { $0 < 11 })
    }

    @Test func `what was left out stands in the order of the nodes`() throws {
        var pruned = PageTree.PrunedNodes()
        for node in (0..<200).reversed() { pruned.add(nodes: 1, Report.StackFigures(), below: node * 3 % 200) }
        let text = String(decoding: try JSONTextEncoder.encode(pruned), as: UTF8.self)
        let keys = text.split(separator: "\"").compactMap { Int($0) }
        #expect(keys == Array(0..<200))
    }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{0}\u{1}ÿ>?"])
    func `base 64 is what others write`(text: String) {
        #expect(Base64.encode(Array(text.utf8)) == Array(Data(text.utf8).base64EncodedString().utf8))
    }
}
