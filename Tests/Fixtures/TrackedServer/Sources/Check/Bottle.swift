/// Something to be kept, and found in the report by name.
final class Bottle: Sendable {
    private let content = InlineArray<1024, UInt8>(repeating: 0x77)

    var count: Int { content.count }
}
