/// Which objects a retain ledger follows. Each object is followed from its first retain to its end, or not at all.
public enum RetainLedgerSelection: Sendable, Equatable {
    /// All of them.
    case all
    /// Objects of types whose full name contains any of the texts, at least one; together shorter than 4 096 bytes.
    case types([String])
    /// Objects allocated in scopes whose name contains any of the texts, or in scopes inside of these; likewise.
    case scopes([String])
    /// About one object of so many, 1 to 1 000 000.
    case sampled(Int)

    /// The selection as the environment spells it.
    var text: String {
        switch self {
        case .all: "all"
        case .types(let names): "types:" + Self.list(names)
        case .scopes(let names): "scopes:" + Self.list(names)
        case .sampled(let rate): "sampled:\(rate)"
        }
    }

    // Each text stays one, whatever is in it.
    private static func list(_ names: [String]) -> String {
        let backslash = UInt8(ascii: "\\")
        func escaped(_ name: String) -> String {
            let bytes = name.utf8.flatMap { $0 == UInt8(ascii: ",") || $0 == backslash ? [backslash, $0] : [$0] }
            return String(decoding: bytes, as: UTF8.self)
        }
        return names.map(escaped).joined(separator: ",")
    }
}
