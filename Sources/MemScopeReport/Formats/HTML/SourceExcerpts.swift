/// Lines of the program's sources that a page carries, so that whoever reads it sees them without having them.
package struct SourceExcerpts: Sendable, Equatable, Encodable {
    /// Lines of one file that follow each other.
    package struct Excerpt: Sendable, Equatable, Encodable {
        /// The number of the first line.
        package var first: Int
        /// The lines, without their ends.
        package var lines: [String]
    }

    /// What is taken of one file.
    package struct File: Sendable, Equatable, Encodable {
        /// The file as frames name it.
        package var file: String
        /// Its excerpts from top to bottom; none touches the next.
        package var excerpts: [Excerpt]
    }

    /// The files in the order of their names.
    package private(set) var files: [File] = []

    /// No lines.
    package init() {}

    /// Takes the lines around every line of the program's own that a report names.
    /// - Parameters:
    ///   - report: The report.
    ///   - context: How many lines before and after.
    ///   - limit: How many bytes all lines together may have; files that go beyond are left out.
    ///   - read: Reads a file; `nil` if it cannot be read.
    package init(
        of report: Report, context: Int = 4, limit: Int = 2_000_000, reading read: (String) -> [UInt8]?
    ) {
        var wanted: [String: Set<Int>] = [:]
        let frames = report.callTree.nodes.lazy.map(\.frame)
        for frame in frames where frame.line > 0 && !frame.file.isEmpty && !frame.isRuntime {
            wanted[frame.file, default: []].insert(frame.line)
        }
        var room = limit
        for (file, lines) in wanted.sorted(by: { $0.key < $1.key }) {
            guard let text = read(file) else { continue }
            let excerpts = Self.excerpts(of: text, around: lines.sorted(), context)
            let size = excerpts.flatMap(\.lines).reduce(0) { $0 + $1.utf8.count + 1 }
            guard size <= room, !excerpts.isEmpty else { continue }
            room -= size
            files.append(File(file: file, excerpts: excerpts))
        }
    }

    private static func excerpts(of text: [UInt8], around wanted: [Int], _ context: Int) -> [Excerpt] {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var ranges: [Range<Int>] = []
        for line in wanted where line <= lines.count {
            let range = max(line - context, 1)..<min(line + context, lines.count) + 1
            if let last = ranges.last, range.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
        }
        return ranges.map { range in
            // Generated code may have lines of any length; nobody reads them.
            Excerpt(
                first: range.lowerBound,
                lines: range.map { String(decoding: lines[$0 - 1].prefix(400), as: UTF8.self) })
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for file in files { try container.encode(file) }
    }
}
