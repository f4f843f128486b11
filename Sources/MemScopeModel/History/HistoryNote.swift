/// A stretch of time at whose end the tracker noted what had changed.
public struct HistoryNote: Sendable, Equatable {
    /// When it ends, in nanoseconds since tracking began.
    public var time: UInt64
    /// The name of the instant if the program gave it one.
    public var mark: String?
    /// Whether a procedure of the tracker's own wanted the instant, such as the end of a repetition.
    public var isHeld: Bool
    /// Where its changes end in ``HeapHistory/changes``.
    public var end: Int
    /// Where its changes end in ``HeapHistory/ownerChanges``.
    public var ownersEnd: Int

    /// Creates a note.
    public init(time: UInt64, mark: String? = nil, isHeld: Bool = false, end: Int, ownersEnd: Int = 0) {
        self.time = time
        self.mark = mark
        self.isHeld = isHeld
        self.end = end
        self.ownersEnd = ownersEnd
    }
}
