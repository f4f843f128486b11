extension JSONTextEncoder {
    /// The keys of an object.
    struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let output: JSONBytes
        let level: Level
        var codingPath: [any CodingKey] { [] }

        private func write(_ key: Key) {
            if !level.isEmpty { output.append(UInt8(ascii: ",")) }
            level.isEmpty = false
            output.append(string: key.stringValue)
            output.append(UInt8(ascii: ":"))
        }

        func encodeNil(forKey key: Key) {
            write(key)
            output.append("null")
        }

        func encode(_ value: Bool, forKey key: Key) {
            write(key)
            output.append(value ? "true" : "false")
        }

        func encode(_ value: String, forKey key: Key) {
            write(key)
            output.append(string: value)
        }

        func encode(_ value: Int, forKey key: Key) {
            write(key)
            output.append(integer: value)
        }

        func encode(_ value: UInt64, forKey key: Key) {
            write(key)
            output.append(integer: value)
        }

        func encode(_ value: some Encodable, forKey key: Key) throws {
            write(key)
            try JSONTextEncoder.write(value, to: output)
        }

        // A figure that is not known is written as null: a reader sees that it was not collected, not that it is missing.
        func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try encodeOptional(value, forKey: key) }
        func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try encodeOptional(value, forKey: key) }
        func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try encodeOptional(value, forKey: key) }
        func encodeIfPresent(_ value: String?, forKey key: Key) throws { try encodeOptional(value, forKey: key) }
        func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try encodeOptional(value, forKey: key) }

        func encodeIfPresent(_ value: (some Encodable)?, forKey key: Key) throws {
            try encodeOptional(value, forKey: key)
        }

        private func encodeOptional(_ value: (some Encodable)?, forKey key: Key) throws {
            if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            preconditionFailure("the report's values nest by being values")
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            preconditionFailure("the report's values nest by being values")
        }

        func superEncoder() -> any Encoder { preconditionFailure("the report's values have no superclass") }

        func superEncoder(forKey key: Key) -> any Encoder { superEncoder() }
    }
}
