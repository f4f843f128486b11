/// A kibibyte that somebody keeps, in one block.
final class KeptPage: Sendable {
    private let bytes = InlineArray<1024, UInt8>(repeating: 0x6b)

    /// What the page weighs.
    var count: Int { bytes.count }
}
