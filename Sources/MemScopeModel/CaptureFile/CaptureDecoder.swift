/// Turns the bytes of a capture file into a snapshot.
///
/// Nothing in the file is believed: each offset, count and index is checked, each live figure is known not to be
/// negative and each sum not to overflow, so whoever uses the snapshot need check nothing again. What a later writer
/// may add (sections, properties, counters) is skipped. The cost is linear in the size of the file.
public struct CaptureDecoder {
    let layout: CaptureLayout
    var strings: CaptureStrings
    var snapshot = HeapSnapshot()

    /// Decodes a whole capture.
    /// - Parameter bytes: The file's content; not kept beyond the call.
    /// - Returns: The snapshot.
    /// - Throws: ``CaptureError`` if the bytes are not a whole, consistent capture of the current version.
    public static func decode(_ bytes: UnsafeRawBufferPointer) throws(CaptureError) -> HeapSnapshot {
        var decoder = try CaptureDecoder(bytes)
        try decoder.decodeProcess()
        try decoder.decodeModules()
        try decoder.decodeStacks()
        try decoder.decodeTypes()
        try decoder.decodeSites()
        try decoder.decodeThreads()
        try decoder.decodeScopes()
        try decoder.decodeTaskSites()
        try decoder.decodeContexts()
        try decoder.decodeTasks()
        try decoder.decodeScopeRuns()
        try decoder.decodeLeakChecks()
        try decoder.decodeHandovers()
        try decoder.decodeCrossings()
        try decoder.decodeLiveGroups()
        try decoder.decodeFreedTypes()
        try decoder.decodeCensus()
        try decoder.decodeTracked()
        try decoder.decodeGraph()
        try decoder.decodeLedger()
        try decoder.decodeTimeline()
        try decoder.decodeEvents()
        try decoder.decodeHistory()
        try decoder.decodeOwnerChanges()
        try decoder.decodeCounters()
        return decoder.snapshot
    }

    /// Decodes a whole capture.
    /// - Parameter bytes: The file's content.
    /// - Returns: The snapshot.
    /// - Throws: ``CaptureError``, as ``decode(_:)-(UnsafeRawBufferPointer)``.
    public static func decode(_ bytes: [UInt8]) throws(CaptureError) -> HeapSnapshot {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(CaptureError) in try decode(buffer) }
        }
        return try result.get()
    }

    private init(_ bytes: UnsafeRawBufferPointer) throws(CaptureError) {
        layout = try CaptureLayout(bytes)
        strings = CaptureStrings(layout[.strings])
        snapshot.process.architecture = layout.architecture
    }

    /// An index that must lie below a limit.
    @inline(__always)
    func index(_ value: UInt32, below limit: Int, _ owner: @autoclosure () -> String) throws(CaptureError) -> Int {
        guard Int(value) < limit else { throw .damaged("\(owner()) refers to number \(value) of \(limit)") }
        return Int(value)
    }

    /// An index stored with one added, 0 for none.
    @inline(__always)
    func optionalIndex(
        _ value: UInt32, below limit: Int, _ owner: @autoclosure () -> String
    ) throws(CaptureError) -> Int? {
        value == 0 ? nil : try index(value - 1, below: limit, owner())
    }

    /// An array with one element for each of a section's.
    ///
    /// The file's own size bounds the count, so the reservation cannot run away.
    @inline(__always)
    func elements<Element>(
        _ kind: CaptureFormat.Section, _ decode: (CaptureSection, Int) throws(CaptureError) -> Element
    ) throws(CaptureError) -> [Element] {
        let section = layout[kind]
        var result: [Element] = []
        result.reserveCapacity(section.count)
        for element in 0..<section.count { result.append(try decode(section, element)) }
        return result
    }
}
