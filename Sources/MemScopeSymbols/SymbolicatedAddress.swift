/// An address with what is known about it.
public struct SymbolicatedAddress: Sendable, Equatable, Hashable {
    /// The functions around it: inlined ones first, the innermost of them at the start. Never empty.
    public var frames: [SourceFrame]
    /// How much is known.
    public var quality: SymbolQuality

    /// Creates the result for an address.
    public init(frames: [SourceFrame], quality: SymbolQuality) {
        self.frames = frames
        self.quality = quality
    }
}
