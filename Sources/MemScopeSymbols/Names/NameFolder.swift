/// Turns a mangled name into the name that a person recognises.
///
/// What the compiler made of a function (specialisations, thunks, outlined and merged copies, the parts between two
/// `await`s) gets the function's own name, and `FoldedName.traits` says what it was. The result depends on the name
/// alone, so it may be computed once a name and kept. Folding costs about 5 µs.
public struct NameFolder: Sendable {
    /// Creates a folder.
    public init() {}

    /// Folds `name`, mangled or plain.
    public func fold(_ name: String) -> FoldedName {
        let stem = CloneSuffix.split(name)
        var traits = stem.traits
        guard let short = Demangler.short(stem.name), short != stem.name else {
            // The program's asynchronous main has no mangled name, but its parts after an `await` have the mark.
            if let base = Self.continuationBase(stem.name), let known = Self.plainNames[base] {
                return FoldedName(display: known, traits: traits.union(.continuation), role: .program)
            }
            return FoldedName(
                display: Self.plainNames[stem.name] ?? stem.name, traits: traits,
                role: RoleRules.role(ofPlain: stem.name))
        }
        guard Demangler.isSwift(stem.name) else {
            let display = CxxNames.simplify(short)
            return FoldedName(display: display, traits: traits, role: RoleRules.role(ofCxx: display))
        }
        if Self.isContinuation(stem.name) { traits.insert(.continuation) }
        // The shared copy's mark is the very end of the name and leaves no trace in the short form.
        if stem.name.hasSuffix("Tm") { traits.insert(.merged) }
        let display = SwiftNames.simplify(short, &traits)
        let isNobodys = traits.contains(.generated) || display == SwiftNames.closureThunk
        return FoldedName(
            display: display, traits: traits, role: isNobodys ? .system : RoleRules.role(ofSwift: stem.name))
    }

    /// Names that no demangler knows but a person would want in other words.
    private static let plainNames = ["async_Main": "main"]

    /// Whether a Swift name is that of a part after an `await`: it ends in `TQ` or `TY`, a number and `_`, and perhaps
    /// the mark of a merged copy. Such a part is entered by a jump to its start, not by a return.
    package static func isContinuation(_ name: String) -> Bool {
        continuationBase(name) != nil
    }

    /// The name without that mark, `nil` if it has none.
    private static func continuationBase(_ name: String) -> String? {
        var rest = Substring(CloneSuffix.split(name).name)
        if rest.hasSuffix("Tm") { rest = rest.dropLast(2) }
        guard rest.last == "_" else { return nil }
        rest = rest.dropLast()
        while let digit = rest.utf8.last, digit >= 0x30, digit <= 0x39 { rest = rest.dropLast() }
        return rest.hasSuffix("TQ") || rest.hasSuffix("TY") ? String(rest.dropLast(2)) : nil
    }
}
