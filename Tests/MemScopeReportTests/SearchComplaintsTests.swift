import Foundation
import Testing

/// Every sentence that a search for leaks may complain with was looked at: does it make leaks doubtful or not.
@Suite struct SearchComplaintsTests {
    /// Each of these is counted in `leakScanDoubts`, which makes leaks and cycles `estimated`.
    private static let doubts: Set = [
        "Memory that the program may not read by now was passed over: what only that holds may be reported.",
        "Not all lists of the C library's free blocks were found: leaks may be hidden.",
        "Part of the heap is not laid out as expected and was searched as a whole: leaks may be hidden.",
        "Regions that the program said are no roots were searched where they are parts of blocks: leaks may be hidden.",
        "The C library's list of threads is not as expected, so whole stacks were searched: leaks may be hidden.",
        "The program keeps more than 4 MiB from its copies (MADV_DONTFORK, MADV_WIPEONFORK): what only the rest holds is reported.",
        "The program shares more than 4 MiB of memory: what only the rest held, and holds no more, may be reported.",
        "There are too many mappings to tell MemScope's from the program's.",
        "What the program gave the kernel to keep (epoll, timers) cannot all be read: it may be reported.",
        "Whether the program keeps memory from its copies is not told here: what only that holds is reported.",
        "Which pages of files the program wrote to is not told here: what protected ones hold may be reported.",
    ]
    /// Of a search that was made all the same, this says where, and nothing of what it found.
    private static let harmless: Set = [
        "No copy of the process could be made: the search was made in the program itself, which stood still meanwhile."
    ]

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources/MemScopeShim/LeakScan")

    /// The sentences that are the last argument of a call. What C writes as several strings is one.
    private static func sentences(of call: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".c") }.flatMap { file in
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            return text.components(separatedBy: call).dropFirst().compactMap { rest -> String? in
                guard let end = rest.range(of: ");") else { return nil }
                let strings = rest[..<end.lowerBound].matches(of: /"([^"]*)"/)
                return strings.isEmpty ? nil : strings.map { $0.output.1 }.joined()
            }
        }
    }

    @Test func `whatever the search complains of while it marks is a doubt`() throws {
        let found = try Self.sentences(of: "memscope_roots_complain(roots, ")
        #expect(Set(found) == Self.doubts && found.count == Self.doubts.count)
    }

    @Test func `of what it says besides, only that which costs it nothing is no doubt`() throws {
        // The others come with a search that was not made.
        let found = try Set(Self.sentences(of: " complain(scan, ")).filter { !$0.contains("could not be stopped") }
        #expect(found == Self.harmless)
    }
}
