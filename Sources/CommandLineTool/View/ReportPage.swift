internal import Glibc
internal import MemScopeReport

/// The page that belongs to what somebody named.
enum ReportPage {
    /// The page's absolute path. A report without a page gets one beside it.
    static func find(_ path: String) throws -> String {
        let path = isDirectory(path) ? "\(path)/report.html" : path
        if path.hasSuffix(".html") {
            if let page = absolute(path) { return page }
            // Only the page may be missing: that of a report can be made again.
            let report = path.dropLast("html".count) + "json"
            guard absolute(String(report)) != nil else {
                throw CommandError(
                    what: "cannot open \(path)", why: "there is no such file",
                    remedy: "name a directory that memscope run or memscope report wrote to, or a report.json")
            }
            return try render(String(report), to: path)
        }
        let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let page = path.contains("/") ? "\(directory)/report.html" : "report.html"
        if path.hasSuffix(".json"), let page = absolute(page) { return page }
        return try render(path, to: page)
    }

    private static func render(_ file: String, to page: String) throws -> String {
        try ReportWriter.write(HTMLFormat().render(ReportSource.load(file)), to: page)
        return absolute(page) ?? page
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The path from the root, `nil` if there is no such file.
    private static func absolute(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
