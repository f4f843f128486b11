/// What the functions between a block's allocation and the program say of why storage was allocated.
public enum CopyEvidence: Sendable, Equatable {
    /// Nothing: it is not storage of a collection, or a function asked for it outright.
    case none
    /// The storage was shared when it was about to be changed: only then does the function allocate.
    case wasShared
    /// The storage was shared, or too small: the function allocates for either.
    case wasSharedOrFull
}
