/// The texts of a capture, each turned into a `String` once.
struct CaptureStrings {
    private let section: CaptureSection
    private var known: [UInt32: String] = [0: ""]

    init(_ section: CaptureSection) {
        self.section = section
    }

    mutating func text(_ offset: UInt32, of owner: @autoclosure () -> String) throws(CaptureError) -> String {
        if let text = known[offset] { return text }
        guard let text = section.text(at: offset) else {
            throw .damaged("\(owner()) refers to text at byte \(offset), where no text starts")
        }
        known[offset] = text
        return text
    }
}
