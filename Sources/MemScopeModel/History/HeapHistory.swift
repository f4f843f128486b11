/// What was allocated and freed between instants, site by site.
///
/// Every change is in one note, so a site's changes add up to its totals: ``AllocationSite/liveBlocks`` at any note's end is
/// the sum over the notes up to it. The tracker keeps a bounded number of notes and merges neighbours when there would be more.
public struct HeapHistory: Sendable, Equatable {
    /// Each begins where the one before ends, the first when tracking began. The last ends at the snapshot.
    public var notes: [HistoryNote] = []
    /// The changes of all notes, one note's after the other's.
    public var changes: [SiteChange] = []
    /// The same by context, one note's after the other's; empty where that was not kept.
    public var ownerChanges: [OwnerChange] = []

    /// Creates an empty history, as of a tracker that could keep none.
    public init() {}

    /// The changes of a note, in the order of their sites.
    public func changes(of note: Int) -> ArraySlice<SiteChange> {
        changes[(note > 0 ? notes[note - 1].end : 0)..<notes[note].end]
    }

    /// The changes of a note by context.
    public func ownerChanges(of note: Int) -> ArraySlice<OwnerChange> {
        ownerChanges[(note > 0 ? notes[note - 1].ownersEnd : 0)..<notes[note].ownersEnd]
    }

    /// Adds a note with its changes behind those that are there.
    public mutating func append(
        time: UInt64, mark: String? = nil, isHeld: Bool = false, _ changes: [SiteChange], owners: [OwnerChange] = []
    ) {
        self.changes += changes
        ownerChanges += owners
        notes.append(
            HistoryNote(
                time: time, mark: mark, isHeld: isHeld, end: self.changes.count, ownersEnd: ownerChanges.count))
    }
}
