#if os(Linux)
    internal import MemScopeModel
    internal import MemScopeReport
    internal import MemScopeSymbols

    /// Renders the capture that a tracked process left: the one place where `run` meets the report.
    ///
    /// - Parameters:
    ///   - capture: The path of the capture file.
    ///   - directory: Where `report.json` and `report.html` go.
    ///   - options: How to render it.
    ///   - page: How to render the page of a report.
    /// - Returns: The report, and how the search for leaks went.
    /// - Throws: ``CaptureError`` when the capture cannot be read, ``ReportError`` when the report cannot be written.
    func renderCapture(
        at capture: String, into directory: String, options: ReportOptions, page: (Report) -> HTMLFormat
    ) throws -> (report: Report, leakScan: LeakScan) {
        let snapshot = try CaptureDecoder.decode(path: capture)
        // What the reports of the running program said already.
        var known = KnownLeaksFile(path: "\(directory)/\(KnownLeaksFile.name)")
        defer { known.remove() }
        let report = ReportBuilder.build(
            snapshot, names: SnapshotNames(of: snapshot, by: FileSymbolicator()), options: options,
            knownLeaks: &known.leaks)
        var writer = ReportWriter(directory: directory)
        writer.page = page(report)
        try writer.write(report)
        return (report, snapshot.leakScan)
    }
#endif
