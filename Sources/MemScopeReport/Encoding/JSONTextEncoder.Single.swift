extension JSONTextEncoder {
    /// A text, a number, or one of their kin.
    struct Single: SingleValueEncodingContainer {
        let output: JSONBytes
        var codingPath: [any CodingKey] { [] }

        func encodeNil() { output.append("null") }
        func encode(_ value: Bool) { output.append(value ? "true" : "false") }
        func encode(_ value: String) { output.append(string: value) }
        func encode(_ value: Int) { output.append(integer: value) }
        func encode(_ value: Int8) { output.append(integer: value) }
        func encode(_ value: Int16) { output.append(integer: value) }
        func encode(_ value: Int32) { output.append(integer: value) }
        func encode(_ value: Int64) { output.append(integer: value) }
        func encode(_ value: UInt) { output.append(integer: value) }
        func encode(_ value: UInt8) { output.append(integer: value) }
        func encode(_ value: UInt16) { output.append(integer: value) }
        func encode(_ value: UInt32) { output.append(integer: value) }
        func encode(_ value: UInt64) { output.append(integer: value) }

        func encode(_ value: Float) throws { try encode(Double(value)) }

        /// JSON has no word for infinity or for what is not a number.
        func encode(_ value: Double) throws {
            guard value.isFinite else {
                throw EncodingError.invalidValue(
                    value, EncodingError.Context(codingPath: [], debugDescription: "JSON holds finite numbers only"))
            }
            for byte in value.description.utf8 { output.append(byte) }
        }

        func encode(_ value: some Encodable) throws { try JSONTextEncoder.write(value, to: output) }
    }
}
