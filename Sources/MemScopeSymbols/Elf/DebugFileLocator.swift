/// Finds the file that holds what was stripped from another one.
package enum DebugFileLocator {
    /// Where such files are installed, by build id and by path.
    package static let root = "/usr/lib/debug"

    /// Opens the first file with the same build id at the places that debuggers look in.
    ///
    /// A file without a build id has none: a name alone would not prove that the two belong together.
    package static func find(for file: ElfFile, at path: String) -> (path: String, file: ElfFile)? {
        guard file.buildID.count > 2 else { return nil }
        let head = file.buildID.prefix(2)
        var candidates = ["\(root)/.build-id/\(head)/\(file.buildID.dropFirst(2)).debug"]
        if let link = file.section(".gnu_debuglink") {
            var reader = ByteReader(link.contents)
            let name = reader.text()
            let directory = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
            if !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")) {
                candidates += [
                    "\(directory)/\(name)", "\(directory)/.debug/\(name)", "\(root)\(directory)/\(name)",
                ]
            }
        }
        for candidate in candidates where candidate != path {
            if let found = try? ElfFile(path: candidate), found.buildID == file.buildID { return (candidate, found) }
        }
        return nil
    }
}
