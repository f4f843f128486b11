#if os(Linux)
    internal import MemScopeModel
    internal import MemScopeReport
    internal import MemScopeSymbols

    /// Renders the capture that a tracked process left: the one place where `run` meets the report.
    ///
    /// - Parameters:
    ///   - capture: The path of the capture file.
    ///   - directory: Where `report.json` and `report.html` go.
    /// - Throws: ``CaptureError`` when the capture cannot be read, ``ReportError`` when the report cannot be written.
    func renderCapture(at capture: String, into directory: String) throws {
        let snapshot = try CaptureDecoder.decode(path: capture)
        try ReportWriter(directory: directory).write(
            snapshot, names: SnapshotNames(of: snapshot, by: FileSymbolicator()))
    }
#endif
