/// Keeps a block's address with all bits inverted, as capture files have it.
///
/// A program that links the library reads its own captures. Addresses as they are, in what it keeps or has freed of them, would be
/// references to the blocks, and the next search in the same process would find these alive.
@propertyWrapper public struct InvertedAddress: Sendable, Hashable {
    /// The address with all bits inverted.
    public var inverted: UInt64

    /// The address.
    public var wrappedValue: UInt64 {
        get { ~inverted }
        set { inverted = ~newValue }
    }

    /// Keeps an address.
    public init(wrappedValue: UInt64) {
        inverted = ~wrappedValue
    }
}
