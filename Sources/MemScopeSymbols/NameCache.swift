/// Folded names by mangled name, so that a function is folded once however many addresses it has.
struct NameCache {
    private var folded: [String: (linkageName: String, name: FoldedName)] = [:]
    private var texts: Set<String> = []
    private let folder = NameFolder()

    /// The folded name, and the mangled name as one text shared by all frames.
    mutating func fold(_ name: String) -> (linkageName: String, name: FoldedName) {
        if let known = folded[name] { return known }
        let result = (linkageName: name, name: folder.fold(name))
        folded[name] = result
        return result
    }

    /// One copy of a text that many frames have.
    mutating func shared(_ text: String) -> String {
        texts.insert(text).memberAfterInsert
    }
}
