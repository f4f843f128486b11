/// The report as one page that needs nothing but a browser.
///
/// The page's files are put together with the data: the styles inline, the modules as `data:` URLs in an import map, the
/// report and its call tree compressed and in base 64. So no name in a report can end its element, and none is ever
/// markup. The policy in the page forbids it to load anything.
package struct HTMLFormat: ReportFormat {
    /// How many call tree nodes the page shows at most. The rest is summed where it was left out.
    package var maximumNodes = 60_000
    /// An older report to compare with; the page then shows what changed.
    package var base: Report?
    /// Lines of the program's sources that the page shows beside frames; none unless somebody asks for them.
    package var sources = SourceExcerpts()

    /// Creates the format.
    package init() {}

    /// Renders a report as a page.
    package func render(_ report: Report) throws(ReportError) -> [UInt8] {
        let files = PageFile.all
        let page = files.first { $0.name == "page.html" }?.bytes ?? []
        var output: [UInt8] = []
        for line in page.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            switch String(decoding: line, as: UTF8.self) {
            case "<!--memscope:style-->": output += Self.styles(files)
            case "<!--memscope:data-->":
                output += try data(report, prefix: "")
                if let base { output += try data(base, prefix: "base-") }
                if !sources.files.isEmpty { output += try Self.element("sources-data", sources) }
            case "<!--memscope:modules-->": output += Self.importMap(files)
            default: output += line
            }
            output.append(UInt8(ascii: "\n"))
        }
        return output
    }

    private func data(_ report: Report, prefix: String) throws(ReportError) -> [UInt8] {
        var report = report
        let tree = PageTree(report.callTree, prune(report))
        report.callTree.nodes = []
        return try Self.element("\(prefix)report-data", report) + Self.element("\(prefix)tree-data", tree)
    }

    /// An element that browsers neither run nor show, with a value in it.
    private static func element(_ id: String, _ value: some Encodable) throws(ReportError) -> [UInt8] {
        let text = try Base64.encode(Compression.gzip(JSONFormat.encode(value)))
        return Array("<script type=\"text/plain\" id=\"\(id)\">".utf8) + text + Array("</script>\n".utf8)
    }

    private func prune(_ report: Report) -> TreePruning {
        let tree = report.callTree
        let metrics: [Report.StackMetric] = [.liveBytes, .liveBlocks, .allocatedBytes, .allocations, .peakBytes]
        let scales = metrics.map { metric in
            let whole = metric.value(of: tree.total)
            return (metric, whole == 0 ? 0 : 1 / Float(whole))
        }
        let ranks = tree.nodes.map { node in
            scales.reduce(0 as Float) { max($0, Float($1.0.value(of: node.figures)) * $1.1) }
        }
        return TreePruning(
            parents: [0] + tree.nodes.map { Int32($0.parent + 1) }, ranks: [0] + ranks.map(TreePruning.rank(ofShare:)),
            limit: maximumNodes, wanted: report.callSiteNodes.filter { $0 >= 0 }.map { $0 + 1 })
    }

    private static func styles(_ files: [PageFile]) -> [UInt8] {
        files.filter { $0.name.hasSuffix(".css") }
            .flatMap { Array("<style>\n".utf8) + $0.bytes + Array("</style>".utf8) }
    }

    private static func importMap(_ files: [PageFile]) -> [UInt8] {
        let modules = files.filter { $0.name.hasSuffix(".js") }.map { file in
            Array("\"#page/\(file.name.dropLast(3))\":\"data:text/javascript;base64,".utf8)
                + Base64.encode(file.bytes) + [UInt8(ascii: "\"")]
        }
        return Array("<script type=\"importmap\">{\"imports\":{".utf8)
            + Array(modules.joined(separator: [UInt8(ascii: ",")])) + Array("}}</script>".utf8)
    }
}
