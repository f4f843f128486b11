/// What was allocated and freed between instants, site by site.
///
/// Every change is in one note, so a site's changes add up to its totals: ``AllocationSite/liveBlocks`` at any note's end is
/// the sum over the notes up to it. The tracker keeps a bounded number of notes and merges neighbours when there would be more.
public struct HeapHistory: Sendable, Equatable {
    /// Each begins where the one before ends, the first when tracking began. The last ends at the snapshot.
    public var notes: [HistoryNote] = []
    /// The changes of all notes, one note's after the other's.
    public var changes: [SiteChange] = []

    /// Creates an empty history, as of a tracker that could keep none.
    public init() {}

    /// The changes of a note, in the order of their sites.
    public func changes(of note: Int) -> ArraySlice<SiteChange> {
        changes[(note > 0 ? notes[note - 1].end : 0)..<notes[note].end]
    }

    /// Adds a note with its changes behind those that are there.
    public mutating func append(time: UInt64, mark: String? = nil, isHeld: Bool = false, _ changes: [SiteChange]) {
        self.changes += changes
        notes.append(HistoryNote(time: time, mark: mark, isHeld: isHeld, end: self.changes.count))
    }
}
