#if os(Linux)
    internal import MemScopeModel
    internal import MemScopeReport
    internal import MemScopeSymbols

    /// Renders the capture that a tracked process left: the one place where `run` meets the report.
    ///
    /// - Parameters:
    ///   - capture: The path of the capture file.
    ///   - directory: Where `report.json` and `report.html` go.
    ///   - suppressions: Leaks that are left out.
    ///   - page: How to render the page of a report.
    /// - Returns: The report.
    /// - Throws: ``CaptureError`` when the capture cannot be read, ``ReportError`` when the report cannot be written.
    func renderCapture(
        at capture: String, into directory: String, suppressing suppressions: LeakSuppressions,
        page: (Report) -> HTMLFormat
    ) throws -> Report {
        var options = ReportOptions()
        options.suppressions = suppressions
        let snapshot = try CaptureDecoder.decode(path: capture)
        let report = ReportBuilder.build(
            snapshot, names: SnapshotNames(of: snapshot, by: FileSymbolicator()), options: options)
        var writer = ReportWriter(directory: directory)
        writer.page = page(report)
        try writer.write(report)
        return report
    }
#endif
