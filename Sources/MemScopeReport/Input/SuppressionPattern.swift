/// The pattern of a suppression, as LeakSanitizer reads it: part of a text, where `*` stands for anything, a `^` that it begins with for
/// the text's beginning, and `$` for its end, whatever comes after that. Nothing else is special.
struct SuppressionPattern: Sendable, Equatable {
    /// What must occur, one after the other.
    private let parts: [[UInt8]]
    /// Whether the first part must stand at the text's beginning, and the last one at its end.
    private let begins: Bool
    private let ends: Bool

    init(_ text: String) {
        var pattern = text.utf8[...]
        let isAnchored = pattern.first == UInt8(ascii: "^")
        if isAnchored { pattern = pattern.dropFirst() }
        let end = pattern.firstIndex(of: UInt8(ascii: "$"))
        let whole = pattern[..<(end ?? pattern.endIndex)]
        parts = whole.split(separator: UInt8(ascii: "*")).map { Array($0) }
        begins = isAnchored && whole.first != UInt8(ascii: "*")
        ends = end != nil && whole.last != UInt8(ascii: "*")
    }

    /// Whether a text matches. Nothing matches an empty one.
    func matches(_ text: String) -> Bool {
        let text = Array(text.utf8)
        guard !text.isEmpty else { return false }
        if parts.isEmpty { return !ends }
        var next = 0
        for (index, part) in parts.enumerated() {
            let isLast = ends && index == parts.count - 1
            let from = isLast ? max(next, text.count - part.count) : next
            guard let found = place(of: part, in: text, from: from), !(begins && index == 0) || found == 0 else {
                return false
            }
            next = found + part.count
        }
        return true
    }

    private func place(of part: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        guard text.count - part.count >= start else { return nil }
        return (start...text.count - part.count).first { text[$0..<$0 + part.count].elementsEqual(part) }
    }
}
