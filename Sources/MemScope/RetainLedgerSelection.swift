/// Which objects a retain ledger follows. Each object is followed from its first retain to its end, or not at all.
public enum RetainLedgerSelection: Sendable, Equatable {
    /// All of them.
    case all
    /// Objects of types whose full name contains any of the texts.
    case types([String])
    /// Objects allocated in scopes whose name contains any of the texts, or in scopes inside of these.
    case scopes([String])
    /// About one object of so many, 1 to 1 000 000.
    case sampled(Int)

    /// The selection as the environment spells it.
    var text: String {
        switch self {
        case .all: "all"
        case .types(let names): "types:" + names.joined(separator: ",")
        case .scopes(let names): "scopes:" + names.joined(separator: ",")
        case .sampled(let rate): "sampled:\(rate)"
        }
    }
}
