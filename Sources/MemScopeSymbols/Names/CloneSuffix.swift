/// The endings that an optimiser puts on the name of a part or copy of a function, such as `.resume.0` and `.cold`.
enum CloneSuffix {
    /// Takes such endings off.
    static func split(_ name: String) -> (name: String, traits: FunctionTraits) {
        var rest = Substring(name)
        var traits: FunctionTraits = []
        while let dot = rest.utf8.lastIndex(of: UInt8(ascii: ".")), dot > rest.startIndex {
            let ending = rest[rest.index(after: dot)...]
            if ending.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
                // A number belongs to the word before it, or alone tells apart local names that would be equal.
                rest = rest[..<dot]
                continue
            }
            guard let meaning = meanings[String(ending)] else { break }
            traits.formUnion(meaning)
            rest = rest[..<dot]
        }
        return (String(rest), traits)
    }

    private static let meanings: [String: FunctionTraits] = [
        "resume": .outlined, "cold": .outlined, "part": .outlined, "isra": .specialized, "constprop": .specialized,
        "llvm": [], "lto_priv": [], "localalias": [], "destroy": .outlined, "cleanup": .outlined,
    ]
}
