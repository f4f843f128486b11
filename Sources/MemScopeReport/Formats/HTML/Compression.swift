internal import MemScopeDashboard

/// Bytes in the gzip format, as browsers take them.
enum Compression {
    /// Compresses bytes; equal bytes give equal results.
    static func gzip(_ bytes: [UInt8]) throws(ReportError) -> [UInt8] {
        let compressed = [UInt8](unsafeUninitializedCapacity: memscope_gzip_bound(bytes.count)) { output, count in
            count = bytes.withUnsafeBufferPointer { input in
                // An array without elements may have no address; the compressor reads nothing of it then.
                memscope_gzip(input.baseAddress ?? UnsafePointer(output.baseAddress!), input.count, output.baseAddress!)
            }
        }
        guard !compressed.isEmpty else {
            throw ReportError(
                code: .unencodable, what: "cannot compress the page's data", why: "there is not enough memory",
                remedy: "render the report from its capture or its report.json elsewhere")
        }
        return compressed
    }
}
