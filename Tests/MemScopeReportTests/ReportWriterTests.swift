import Foundation
import Testing

@testable import MemScopeReport

@Suite struct ReportWriterTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    @Test func `both files appear, and nothing else`() throws {
        try withDirectory { directory in
            try ReportWriter(directory: "\(directory)/a/b").write(Report())
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(directory)/a/b")
            #expect(files.sorted() == ["report.html", "report.json"])
        }
    }

    @Test func `an old report is replaced`() throws {
        try withDirectory { directory in
            try ReportWriter(directory: directory).write(Report())
            var report = Report()
            report.process.pid = 99
            try ReportWriter(directory: directory).write(report)
            let text = try String(contentsOfFile: "\(directory)/report.json", encoding: .utf8)
            #expect(text.contains("\"pid\":99"))
        }
    }

    @Test func `a directory that cannot be made is a clear error`() throws {
        try withDirectory { directory in
            try Data().write(to: URL(fileURLWithPath: "\(directory)/file"))
            let error = #expect(throws: ReportError.self) {
                try ReportWriter(directory: "\(directory)/file/sub").write(Report())
            }
            #expect(error?.code == .unwritable)
            #expect(error?.description.contains("file") == true)
        }
    }

    @Test func `a write that fails leaves the old file and no leftovers`() throws {
        try withDirectory { directory in
            // A directory stands where the file should go, so the last step fails, after the bytes are on disk.
            try FileManager.default.createDirectory(
                atPath: "\(directory)/report.json/inside", withIntermediateDirectories: true)
            #expect(throws: ReportError.self) { try ReportWriter(directory: directory).write(Report()) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["report.json"])
        }
    }
}
