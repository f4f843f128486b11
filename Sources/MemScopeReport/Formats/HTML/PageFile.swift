internal import MemScopeDashboard

/// A file of the page, as it was compiled in.
struct PageFile {
    let name: String
    let bytes: [UInt8]

    /// All files of the page.
    static var all: [PageFile] {
        (0..<memscope_page_file_count()).compactMap { index in
            memscope_page_file_at(index).map { file in
                PageFile(
                    name: String(cString: file.pointee.name),
                    bytes: Array(UnsafeBufferPointer(start: file.pointee.bytes, count: file.pointee.count)))
            }
        }
    }
}
