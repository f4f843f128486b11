/// Shortens what the runtime's demangler gives for Swift names.
enum SwiftNames {
    /// The name that a person recognises in `text`; what is taken off goes into `traits`.
    static func simplify(_ text: String, _ traits: inout FunctionTraits) -> String {
        var name = text.drop { $0 == " " }
        while let prefix = prefixes.first(where: { name.hasPrefix($0.text) }) {
            name = name.dropFirst(prefix.text.count)
            traits.formUnion(prefix.traits)
        }
        if name.hasPrefix("thunk for ") {
            // What follows is the type of the closure, which names no function.
            traits.insert(.thunk)
            return closureThunk
        }
        if name.hasPrefix("vtable thunk for ") {
            traits.insert(.thunk)
            let target = name.range(of: " dispatching to ").map { name[$0.upperBound...] }
            return simplify(String(target ?? name.dropFirst(17)), &traits)
        }
        if name.hasPrefix("protocol witness for ") {
            traits.insert(.witness)
            return simplify(witness(name.dropFirst(21)), &traits)
        }
        if name.hasPrefix("key path getter for ") || name.hasPrefix("key path setter for ") {
            traits.insert(.thunk)
            let path = name.dropFirst(20)
            return simplify(String(path.range(of: " : ").map { path[..<$0.lowerBound] } ?? path), &traits)
        }
        for rewording in rewordings where name.hasPrefix(rewording.text) {
            traits.formUnion(rewording.traits)
            return rewording.words + simplify(String(name.dropFirst(rewording.text.count)), &traits)
        }
        if generated.contains(where: { name.hasPrefix($0) }) {
            traits.insert(.generated)
            return Placeholders.remove(String(name))
        }
        if let inner = context(of: name) {
            if name[..<inner].contains("closure #") { traits.insert(.closure) }
            let local = name[..<inner].dropLast(4)
            let outer = simplify(String(name[inner...]), &traits)
            // A closure outside any function, in the main file or as a global's initial value.
            return localName(local) + " in " + (outer.isEmpty ? "top-level code" : outer)
        }
        return plain(Placeholders.remove(String(name)))
    }

    /// What stands for an adapter between two types of closure.
    static let closureThunk = "closure thunk"

    private static let prefixes: [(text: String, traits: FunctionTraits)] = [
        ("specialized ", .specialized), ("partial apply for ", .thunk), ("merged ", .merged),
        ("dispatch thunk of ", .thunk), ("@objc ", .thunk), ("@nonobjc ", []), ("dynamic ", []),
        ("back deployment thunk for ", .thunk), ("back deployment fallback for ", []),
        ("protocol self-conformance witness for ", .witness), ("distributed thunk ", .thunk),
        ("curry thunk of ", .thunk), ("inlined generic function ", []),
    ]

    private static let rewordings: [(text: String, words: String, traits: FunctionTraits)] = [
        ("one-time initialization function for ", "initial value of ", []),
        ("variable initialization expression of ", "initial value of ", []),
        ("outlined init with copy of ", "copy of ", [.outlined, .generated]),
        ("outlined init with take of ", "move of ", [.outlined, .generated]),
        ("outlined assign with copy of ", "copy of ", [.outlined, .generated]),
        ("outlined assign with take of ", "move of ", [.outlined, .generated]),
        ("outlined copy of ", "copy of ", [.outlined, .generated]),
        ("outlined retain of ", "copy of ", [.outlined, .generated]),
        ("outlined consume of ", "destroy of ", [.outlined, .generated]),
        ("outlined release of ", "destroy of ", [.outlined, .generated]),
        ("outlined destroy of ", "destroy of ", [.outlined, .generated]),
        ("outlined read-only object #", "constant #", .generated),
        ("initializeWithCopy for ", "copy of ", .generated),
        ("initializeBufferWithCopyOfBuffer for ", "copy of ", .generated),
        ("initializeWithTake for ", "move of ", .generated),
        ("assignWithCopy for ", "copy of ", .generated),
        ("assignWithTake for ", "move of ", .generated),
        ("destroy for ", "destroy of ", .generated),
    ]

    /// Functions that only the compiler writes; their names stay as they are.
    private static let generated = [
        "lazy protocol witness table ", "type metadata ", "associated type witness table accessor for ",
        "associated type metadata accessor for ", "base witness table accessor for ",
        "default associated conformance accessor for ", "instantiation function for ", "generic type metadata ",
        "canonical specialized generic type metadata accessor for ", "method lookup function for ",
        "destructiveInjectEnumTag for ", "destructiveProjectEnumData for ", "getEnumTag", "storeEnumTag",
        "outlined enum ", "property descriptor for ", "metadata instantiation cache for ", "global_init_expression",
    ]

    /// Puts the conforming type in place of the protocol: `P.f() in conformance S` is `S.f()`.
    private static func witness(_ text: Substring) -> String {
        guard let split = text.range(of: " in conformance ") else { return String(text) }
        var requirement = text[..<split.lowerBound]
        var conforming = text[split.upperBound...]
        // A generic type comes with its parameters in front: `<A> Range<A>`.
        if conforming.hasPrefix("<"), let end = conforming.range(of: "> ") {
            conforming = conforming[end.upperBound...]
        }
        var keyword = ""
        if requirement.hasPrefix("static ") {
            requirement = requirement.dropFirst(7)
            keyword = "static "
        }
        guard let dot = requirement.firstIndex(of: ".") else { return keyword + requirement }
        return keyword + conforming + requirement[dot...]
    }

    /// Where the name of the function around a closure or local function starts, if `name` is such a one.
    private static func context(of name: Substring) -> Substring.Index? {
        guard name.utf8.contains(UInt8(ascii: "#")), let hash = name.range(of: " #") else { return nil }
        return name[hash.upperBound...].range(of: " in ")?.upperBound
    }

    /// `closure #1` stays; `$defer #1 <A>()` is `defer`, `helper #1 <A>(_:)` is `helper(_:)`.
    private static func localName(_ text: Substring) -> String {
        if text.hasPrefix("$defer") { return "defer" }
        if text.hasPrefix("closure #") || text.hasPrefix("implicit closure #") { return String(text) }
        guard let hash = text.range(of: " #") else { return String(text) }
        let rest = text[hash.upperBound...].drop { $0.isNumber }
        return Placeholders.remove(String(text[..<hash.lowerBound] + rest.drop { $0 == " " }))
    }

    private static func plain(_ text: String) -> String {
        var name = text
        for (long, short) in endings where name.hasSuffix(long) { name = name.dropLast(long.count) + short }
        for kind in [" infix(", " prefix(", " postfix("] {
            if let place = name.range(of: kind) { name.replaceSubrange(place, with: "(") }
        }
        if let creation = name.range(of: ".__allocating_init(") {
            name.replaceSubrange(creation, with: ".init(")
        }
        return name
    }

    private static let endings = [
        (".__deallocating_deinit", ".deinit"), (".__isolated_deallocating_deinit", ".deinit"),
        (".__ivar_destroyer", ".deinit"), (".__ivar_initializer", ".init"), (".unsafeMutableAddressor", ""),
        (".unsafeAddressor", ""), (".$main()", ".main()"),
    ]
}
