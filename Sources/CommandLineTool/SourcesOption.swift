internal import ArgumentParser
internal import FoundationEssentials
internal import MemScopeReport

/// The option to put lines of the sources into the page, for the commands that render one.
struct SourcesOption: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Put the lines around each frame's own into the page.",
            discussion: "Only if its readers may have them: a page is easily sent along."))
    var sources = false

    /// How to render a report's page: with the lines that this machine has, if that was asked for.
    func page(of report: Report) -> HTMLFormat {
        var page = HTMLFormat()
        guard sources else { return page }
        page.sources = SourceExcerpts(of: report) { path in
            (try? Data(contentsOf: URL(filePath: path))).map { [UInt8]($0) }
        }
        return page
    }
}
