import Testing

@testable import MemScopeReport

@Suite struct ByteTextTests {
    @Test(
        "Three digits, rounded",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1100, "1.07 KiB"), (10_239, "10.00 KiB"),
            (45_875, "44.8 KiB"),
            (439_296, "429 KiB"),
            (540_016_640, "515 MiB"), (UInt64.max, "16.0 EiB"),
        ] as [(UInt64, String)])
    func text(bytes: UInt64, text: String) {
        #expect(ByteText.text(bytes) == text)
    }
}
