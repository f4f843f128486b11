/// Who retained and released the objects that were followed.
public struct RetainLedger: Sendable, Equatable {
    /// What became of the wish for a ledger.
    public enum State: UInt8, Sendable, CaseIterable {
        /// Nobody asked.
        case off = 0
        /// Retains and releases were recorded.
        case on = 1
        /// It could not be kept; ``RetainLedger/complaint`` says why.
        case declined = 2
    }

    /// What became of it.
    public var state = State.off
    /// Which objects were asked for; empty for none.
    public var selection = ""
    /// Of how many objects one was followed, by ``selection``: 1 unless it is a sample.
    public var oneObjectOf: UInt64 {
        guard selection.hasPrefix("sampled:") else { return 1 }
        return max(UInt64(selection.dropFirst("sampled:".count)) ?? 1, 1)
    }
    /// Why there is none, in one sentence; empty if there is one or none was asked for.
    public var complaint = ""
    /// Retains recorded.
    public var retains: UInt64 = 0
    /// Releases recorded.
    public var releases: UInt64 = 0
    /// Objects that were followed and are there.
    public var liveObjects: UInt64 = 0
    /// Those of them that are in no row of ``objects``.
    public var unlistedObjects: UInt64 = 0
    /// Retains of followed objects that went by unseen, as their counts tell.
    public var unseenRetains: UInt64 = 0
    /// Releases of followed objects that went by unseen, as their counts or their end tell.
    public var unseenReleases: UInt64 = 0
    /// Retains and releases, of selected types, of objects that cannot be followed: static, on a stack, or from before tracking.
    public var ofOthers: UInt64 = 0
    /// Retains and releases of followed objects that were not recorded: in a signal handler, or dropped.
    public var lost: UInt64 = 0
    /// Times that an object found no room.
    public var objectsLost: UInt64 = 0
    /// References whose stacks found no room.
    public var referencesLost: UInt64 = 0
    /// Objects whose types found no room.
    public var typesLost: UInt64 = 0
    /// References of objects that are there which found no room in ``unmatched``.
    public var unmatchedLost: UInt64 = 0
    /// Objects one by one: of very many those that leaked, and those that were retained and released most.
    public var objects: [LedgerObject] = []
    /// What is left of retains, those of one object together.
    public var references: [LedgerReference] = []
    /// All objects by type.
    public var types: [LedgerType] = []
    /// What is left of the retains of all objects that are there, by type and stack.
    public var unmatched: [LedgerUnmatched] = []
    /// All retains and releases by stack.
    public var sites: [LedgerSite] = []

    /// Creates a ledger that nobody asked for.
    public init() {}

    /// What is left of an object's retains. Constant time.
    public func references(of object: LedgerObject) -> ArraySlice<LedgerReference> { references[object.references] }
}
