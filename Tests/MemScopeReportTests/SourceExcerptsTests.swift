import Testing

@testable import MemScopeReport

@Suite struct SourceExcerptsTests {
    private func report(_ frames: [Report.Frame]) -> Report {
        var report = Report()
        report.callTree.nodes = frames.map {
            Report.CallTree.Node(parent: -1, frame: $0, kind: .frame, figures: Report.StackFigures())
        }
        return report
    }

    private func text(lines: Int) -> [UInt8] {
        Array((1...lines).map { "line \($0)" }.joined(separator: "\n").utf8)
    }

    @Test func `lines around each frame's own, joined where they touch`() {
        let frames = [5, 7, 30, 1].map { Report.Frame(function: "f", file: "/src/a.swift", line: $0) }
        let excerpts = SourceExcerpts(of: report(frames), context: 2) { _ in text(lines: 31) }
        #expect(excerpts.files.map(\.file) == ["/src/a.swift"])
        #expect(excerpts.files[0].excerpts.map(\.first) == [1, 28])
        #expect(excerpts.files[0].excerpts[0].lines == (1...9).map { "line \($0)" })
        #expect(excerpts.files[0].excerpts[1].lines == (28...31).map { "line \($0)" })
    }

    @Test func `runtimes, frames without a line, and what cannot be read are left out`() {
        let frames = [
            Report.Frame(function: "r", file: "/runtime.swift", line: 1, isRuntime: true),
            Report.Frame(function: "n", file: "/none.swift"), Report.Frame(function: "g", file: "/gone.swift", line: 3),
            Report.Frame(function: "s", file: "/short.swift", line: 99),
        ]
        var asked: [String] = []
        let excerpts = SourceExcerpts(of: report(frames)) { path in
            asked.append(path)
            return path == "/gone.swift" ? nil : text(lines: 3)
        }
        #expect(asked == ["/gone.swift", "/short.swift"])
        #expect(excerpts == SourceExcerpts())
    }

    @Test func `what is too much is left out`() {
        let frames = ["/a.swift", "/b.swift"].map { Report.Frame(function: "f", file: $0, line: 1) }
        let excerpts = SourceExcerpts(of: report(frames), context: 0, limit: 10) { _ in text(lines: 1) }
        #expect(excerpts.files.map(\.file) == ["/a.swift"])
    }

    @Test func `a page has them only if somebody asked`() throws {
        let report = report([Report.Frame(function: "f", file: "/a.swift", line: 1)])
        var format = HTMLFormat()
        #expect(!String(decoding: try format.render(report), as: UTF8.self).contains("id=\"sources-data\""))
        format.sources = SourceExcerpts(of: report) { _ in text(lines: 1) }
        #expect(String(decoding: try format.render(report), as: UTF8.self).contains("id=\"sources-data\""))
    }
}
