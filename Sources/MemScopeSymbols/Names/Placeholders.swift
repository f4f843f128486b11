/// Generic parameter lists that name nothing.
enum Placeholders {
    /// Removes lists such as `<A>`, `<A, B1>` and `<>`: letters that the demangler made up, in place of what the
    /// source calls the parameters. Lists with a real type stay.
    static func remove(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "<")) else { return text }
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), let end = placeholderEnd(bytes, from: index + 1) {
                index = end
                continue
            }
            result.append(bytes[index])
            index += 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The index after the closing bracket, if the list holds placeholders alone.
    private static func placeholderEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        var isFirstOfName = true
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: ">"): return index + 1
            case UInt8(ascii: "A")...UInt8(ascii: "Z") where isFirstOfName: isFirstOfName = false
            case UInt8(ascii: "0")...UInt8(ascii: "9") where !isFirstOfName: break
            case UInt8(ascii: ","), UInt8(ascii: " "): isFirstOfName = true
            default: return nil
            }
            index += 1
        }
        return nil
    }
}
