/// Writes `Encodable` values as JSON, straight into one buffer.
///
/// A general encoder keeps a tree of boxes until the end. For a call tree of 60 000 nodes that costs several times what
/// writing them does, and a program that links MemScope would carry Foundation just for it. The price is a narrower
/// contract: a value fills its containers in order, as all synthesised conformances do. Keys come in the order of
/// declaration, those of a `[String: String]` sorted, so equal values give equal bytes.
struct JSONTextEncoder: Encoder {
    /// A value that is being written: which bracket it opened, and whether a comma is due.
    final class Level {
        var closing: UInt8?
        var isEmpty = true
    }

    let output: JSONBytes
    let level = Level()
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Encodes a value.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let output = JSONBytes()
        try write(value, to: output)
        return output.bytes
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        open("{", closing: "}")
        return KeyedEncodingContainer(Keyed<Key>(output: output, level: level))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        open("[", closing: "]")
        return Unkeyed(output: output, level: level)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        Single(output: output)
    }

    static func write<Value: Encodable>(_ value: Value, to output: JSONBytes) throws {
        if Value.self == [String: String].self, let map = value as? [String: String] {
            return write(sorted: map, to: output)
        }
        let encoder = JSONTextEncoder(output: output)
        try value.encode(to: encoder)
        if let closing = encoder.level.closing { output.append(closing) }
    }

    /// Opens the value's bracket, once: a value may ask for the same container again to add more keys.
    private func open(_ opening: Unicode.Scalar, closing: Unicode.Scalar) {
        guard level.closing == nil else { return }
        output.append(UInt8(ascii: opening))
        level.closing = UInt8(ascii: closing)
    }

    private static func write(sorted map: [String: String], to output: JSONBytes) {
        output.append("{")
        for (index, entry) in map.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { output.append(",") }
            output.append(string: entry.key)
            output.append(":")
            output.append(string: entry.value)
        }
        output.append("}")
    }
}
