/// The numbers of the capture file, as `Docs/capture-format.md` gives them.
enum CaptureFormat {
    /// `MEMSCOPE` as a little-endian word.
    static let magic: UInt64 = 0x4550_4F43_534D_454D
    static let version: UInt32 = 2
    static let headerSize = 64
    static let tableEntrySize = 32
    static let architectures: [UInt32: String] = [1: "x86_64", 2: "aarch64"]

    /// What a section holds.
    enum Section: UInt32, CaseIterable {
        case strings = 1
        case properties = 2
        case modules = 3
        case addresses = 4
        case nodes = 5
        case sites = 6
        case contexts = 7
        case threads = 8
        case scopes = 9
        case types = 11
        case liveGroups = 12
        case freedTypes = 13
        case timeline = 14
        case marks = 15
        case counters = 16
        case taskSites = 17
        case tasks = 18
        case scopeRuns = 19
        case handovers = 20
        case graphBlocks = 21
        case graphEdges = 22
        case graphRoots = 23
        case typeFields = 24
        case historyNotes = 25
        case historyChanges = 26
        case ledgerObjects = 27
        case ledgerReferences = 28
        case ledgerTypes = 29
        case ledgerSites = 30
        case crossings = 31
        case trackedNames = 32
        case census = 33
        case objectCounts = 34
        case trackedBlocks = 35
        case leakChecks = 36
        case graphClosures = 37
        case taskBlocks = 38
        case ledgerUnmatched = 40
        case stackFunctions = 41
        case scopeEvents = 42
        case captureEvents = 43
        case owners = 44
        case ownerChanges = 45

        /// Bytes an element takes.
        var elementSize: Int {
            switch self {
            case .strings, .historyChanges, .ownerChanges: 1
            case .owners: 4
            case .properties, .addresses, .nodes, .graphClosures, .stackFunctions: 8
            case .scopes, .types, .counters, .graphEdges, .typeFields, .objectCounts, .trackedBlocks, .taskBlocks: 16
            case .threads, .freedTypes, .handovers, .graphRoots, .census, .crossings: 24
            case .ledgerReferences, .ledgerUnmatched: 24
            case .liveGroups, .marks, .historyNotes, .trackedNames, .ledgerSites, .captureEvents: 32
            case .modules, .graphBlocks, .leakChecks: 40
            case .timeline, .scopeEvents: 48
            case .contexts, .ledgerTypes: 56
            case .sites, .taskSites, .ledgerObjects: 80
            case .tasks: 104
            case .scopeRuns: 112
            }
        }
    }

    /// The counters of the leak scan, likewise.
    static var leakScanFields: [(name: String, field: WritableKeyPath<LeakScan, UInt64>)] {
        [
            ("leakScanPause", \.pause), ("leakScanTime", \.duration), ("leakScanThreads", \.threads),
            ("ignoredBlocks", \.ignoredBlocks), ("ignoredBytes", \.ignoredBytes),
            ("unlistedRoots", \.unlistedRoots), ("leakScanDoubts", \.doubts),
        ]
    }

    /// The counters of the retain ledger, likewise.
    static var ledgerFields: [(name: String, field: WritableKeyPath<RetainLedger, UInt64>)] {
        [
            ("ledgerRetains", \.retains), ("ledgerReleases", \.releases), ("ledgerLiveObjects", \.liveObjects),
            ("ledgerUnseenRetains", \.unseenRetains), ("ledgerUnseenReleases", \.unseenReleases),
            ("ledgerOfOthers", \.ofOthers), ("ledgerLost", \.lost), ("ledgerObjectsLost", \.objectsLost),
            ("ledgerReferencesLost", \.referencesLost), ("ledgerUnlistedObjects", \.unlistedObjects),
            ("ledgerTypesLost", \.typesLost), ("ledgerUnmatchedLost", \.unmatchedLost),
        ]
    }

    /// Each counter's name in the file with the field that keeps it. `isFrozenCopy` is not a number and stands apart.
    static var counterFields: [(name: String, field: WritableKeyPath<CaptureCounters, UInt64>)] {
        [
            ("allocations", \.allocations), ("frees", \.frees), ("allocatedBytes", \.allocatedBytes),
            ("freedBytes", \.freedBytes), ("peakBytes", \.peakBytes), ("peakUpperBound", \.peakUpperBound),
            ("peakTime", \.peakTime), ("events", \.events), ("droppedEvents", \.droppedEvents),
            ("signalPassThrough", \.signalPassThrough), ("unknownFrees", \.unknownFrees),
            ("truncatedStacks", \.truncatedStacks), ("waits", \.waits), ("attributionsLost", \.attributionsLost),
            ("tasksKnown", \.tasksKnown),
            ("namesLost", \.namesLost), ("freedTypesLost", \.freedTypesLost),
            ("scopeRuns", \.scopeRuns), ("snapshots", \.captures),
            ("untrackedThreads", \.untrackedThreads),
            ("trackerBytes", \.trackerBytes), ("historyBytes", \.historyBytes),
            ("trackerCPU", \.trackerCPU), ("processCPU", \.processCPU),
        ]
    }
}
