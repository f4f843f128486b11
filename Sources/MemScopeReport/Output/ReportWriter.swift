package import MemScopeModel

/// Writes a report's files into a directory. May be used from any thread.
package struct ReportWriter: Sendable {
    /// The directory; made if it is not there.
    package let directory: String
    /// How the page is rendered.
    package var page = HTMLFormat()

    /// Creates a writer.
    /// - Parameter directory: Where the files go.
    package init(directory: String) {
        self.directory = directory
    }

    /// Creates a writer and the directory, so that what cannot be written is known before the work is done.
    /// - Parameter directory: Where the files go; made if it is not there.
    /// - Throws: ``ReportError`` if it cannot be made.
    package init(preparing directory: String) throws(ReportError) {
        self.init(directory: directory)
        try AtomicFile.makeDirectory(directory)
    }

    /// Builds a report of a snapshot and writes `report.json` and `report.html`.
    /// - Parameters:
    ///   - snapshot: What was recorded.
    ///   - names: The names of the snapshot's addresses.
    ///   - options: How large the report may become, and what is left out.
    /// - Returns: The report that was written.
    /// - Throws: ``ReportError``, with each file either as before or new.
    @discardableResult
    package func write(_ snapshot: HeapSnapshot, names: SnapshotNames, options: ReportOptions = ReportOptions())
        throws(ReportError) -> Report
    {
        let report = ReportBuilder.build(snapshot, names: names, options: options)
        try write(report)
        return report
    }

    /// As ``write(_:names:options:)``, with which leaks are new.
    /// - Parameters:
    ///   - snapshot: What was recorded.
    ///   - names: The names of the snapshot's addresses.
    ///   - options: How large the report may become, and what is left out.
    ///   - knownLeaks: What the searches before in the same process found; with this one afterwards.
    /// - Returns: The report that was written.
    /// - Throws: ``ReportError``, with each file either as before or new.
    @discardableResult
    package func write(
        _ snapshot: HeapSnapshot, names: SnapshotNames, options: ReportOptions, knownLeaks: inout KnownLeaks
    ) throws(ReportError) -> Report {
        let report = ReportBuilder.build(snapshot, names: names, options: options, knownLeaks: &knownLeaks)
        try write(report)
        return report
    }

    /// Writes `report.json` and `report.html`.
    ///
    /// Both are rendered before either is written, so a report that cannot be rendered leaves no trace.
    /// - Parameter report: The report.
    /// - Throws: ``ReportError``, with each file either as before or new.
    package func write(_ report: Report) throws(ReportError) {
        let json = try JSONFormat().render(report)
        let html = try page.render(report)
        try AtomicFile.makeDirectory(directory)
        try AtomicFile.write(json, to: "\(directory)/report.json")
        try AtomicFile.write(html, to: "\(directory)/report.html")
    }

    /// Writes one file whole or not at all.
    /// - Parameters:
    ///   - bytes: The content.
    ///   - path: Where it goes; its directory must exist.
    /// - Throws: ``ReportError`` if it cannot be written; a file that was there before stays.
    package static func write(_ bytes: [UInt8], to path: String) throws(ReportError) {
        try AtomicFile.write(bytes, to: path)
    }
}
