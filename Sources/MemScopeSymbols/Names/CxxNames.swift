/// Shortens demangled C++ names, and Rust names that come in C++ clothes.
enum CxxNames {
    /// The name that a person recognises.
    static func simplify(_ text: String) -> String {
        var name = text
        for (long, short) in spellings { name = replaceAll(long, with: short, in: name) }
        name = removeDefaultAllocators(name)
        if let clone = name.range(of: " [clone ") { name.removeSubrange(clone.lowerBound...) }
        name = replaceAll("[abi:cxx11]", with: "", in: name)
        name = removeReturnType(name)
        name = shortenParameters(name)
        return removeHash(name)
    }

    private static let spellings = [
        ("std::__cxx11::", "std::"), ("std::__1::", "std::"), ("(anonymous namespace)", "anonymous"),
        ("std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string"),
        ("std::basic_string<char, std::char_traits<char>, std::allocator<char>>", "std::string"),
        (" >", ">"),
    ]

    private static func replaceAll(_ part: String, with other: String, in text: String) -> String {
        var rest = Substring(text)
        var result = ""
        while let found = rest.range(of: part) {
            result += rest[..<found.lowerBound]
            result += other
            rest = rest[found.upperBound...]
        }
        return result.isEmpty && rest.count == text.count ? text : result + rest
    }

    /// Takes `, std::allocator<…>` out of argument lists.
    private static func removeDefaultAllocators(_ text: String) -> String {
        var name = text
        while let start = name.range(of: ", std::allocator<") {
            guard let end = closing(name, from: start.upperBound) else { return name }
            name.removeSubrange(start.lowerBound..<end)
        }
        return name
    }

    /// The index after the bracket that closes one opened just before `start`.
    private static func closing(_ text: String, from start: String.Index) -> String.Index? {
        var depth = 1
        var index = start
        while index < text.endIndex {
            if text[index] == "<" { depth += 1 }
            if text[index] == ">" { depth -= 1 }
            index = text.index(after: index)
            if depth == 0 { return index }
        }
        return nil
    }

    /// A function template is written with its result before its name, other functions are not.
    private static func removeReturnType(_ text: String) -> String {
        if text.contains("operator") || text.hasPrefix("vtable ") || text.hasPrefix("typeinfo ") { return text }
        if text.hasPrefix("guard variable ") || text.contains(" thunk to ") { return text }
        var depth = 0
        var lastSpace: String.Index?
        for index in text.indices {
            switch text[index] {
            case "(" where depth == 0: return lastSpace.map { String(text[text.index(after: $0)...]) } ?? text
            case "<", "(", "{", "[": depth += 1
            case ">", ")", "}", "]": depth -= 1
            case " " where depth == 0: lastSpace = index
            default: break
            }
        }
        return text
    }

    /// Parameters tell overloads apart while they are short, and bury the name once they are not.
    private static func shortenParameters(_ text: String) -> String {
        var depth = 0
        var open: String.Index?
        for index in text.indices {
            switch text[index] {
            case "<", "{", "[": depth += 1
            case ">", "}", "]": depth -= 1
            case "(" where depth == 0:
                if open == nil, !text[..<index].hasSuffix("operator") { open = index }
                depth += 1
            case "(": depth += 1
            case ")": depth -= 1
            default: break
            }
        }
        guard let open, text[open...].count > 40, let close = text.lastIndex(of: ")"), open < close else {
            return text
        }
        return text[...open] + "…" + text[close...]
    }

    /// Rust's old mangling ends in `::h` and sixteen hexadecimal digits.
    private static func removeHash(_ text: String) -> String {
        guard text.utf8.count > 19 else { return text }
        let tail = text.suffix(19)
        guard tail.hasPrefix("::h"), tail.dropFirst(3).allSatisfy(\.isHexDigit) else { return text }
        return String(text.dropLast(19))
    }
}
