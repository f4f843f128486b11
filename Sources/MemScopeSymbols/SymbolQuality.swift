/// How much is known about an address.
public enum SymbolQuality: UInt8, Sendable, Hashable, Comparable {
    /// Nothing but the module and the offset in it.
    case none
    /// The function's name.
    case symbol
    /// The function's name, its source file and line.
    case lines

    /// Orders by how much is known.
    public static func < (left: SymbolQuality, right: SymbolQuality) -> Bool {
        left.rawValue < right.rawValue
    }
}
