extension JSONTextEncoder {
    /// The elements of an array.
    struct Unkeyed: UnkeyedEncodingContainer {
        let output: JSONBytes
        let level: Level
        var codingPath: [any CodingKey] { [] }
        private(set) var count = 0

        init(output: JSONBytes, level: Level) {
            self.output = output
            self.level = level
        }

        private mutating func separate() {
            if !level.isEmpty { output.append(UInt8(ascii: ",")) }
            level.isEmpty = false
            count += 1
        }

        mutating func encodeNil() {
            separate()
            output.append("null")
        }

        mutating func encode(_ value: some Encodable) throws {
            separate()
            try JSONTextEncoder.write(value, to: output)
        }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) -> KeyedEncodingContainer<Nested> {
            preconditionFailure("the report's values nest by being values")
        }

        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            preconditionFailure("the report's values nest by being values")
        }

        mutating func superEncoder() -> any Encoder { preconditionFailure("the report's values have no superclass") }
    }
}
