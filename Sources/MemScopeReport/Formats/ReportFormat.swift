/// A form in which a report can be written.
package protocol ReportFormat: Sendable {
    /// Renders a report.
    /// - Parameter report: The report.
    /// - Returns: The content of one file, UTF-8.
    /// - Throws: ``ReportError`` if the report cannot be expressed.
    func render(_ report: Report) throws(ReportError) -> [UInt8]
}
