/// The report as `Docs/report-format.md` describes it.
package struct JSONFormat: ReportFormat {
    /// Creates the format.
    package init() {}

    /// Renders a report as JSON. Equal reports give equal bytes.
    package func render(_ report: Report) throws(ReportError) -> [UInt8] {
        var text = try Self.encode(report)
        // Not `+`, which would copy tens of megabytes.
        text.append(UInt8(ascii: "\n"))
        return text
    }

    static func encode(_ value: some Encodable) throws(ReportError) -> [UInt8] {
        do {
            return try JSONTextEncoder.encode(value)
        } catch {
            throw ReportError(
                code: .unencodable, what: "cannot write the report as JSON", why: "\(error)",
                remedy: "this is a defect worth reporting")
        }
    }
}
