internal import ArgumentParser
internal import MemScopeReport

/// `memscope view`: opens a report's page, or says where it is on a machine without a browser.
struct ViewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Open a report in a browser.",
        discussion: """
            $BROWSER is asked first, then xdg-open. Without a display the path of the page is printed, for scp or for \
            the browser of another machine: the page is one file.
            """
    )

    @Argument(help: "A directory with a report, a page, a report.json, or a capture file.")
    var report = "memscope-report"

    func run() throws {
        let page = try ReportPage.find(report)
        if !Browser.open(page) { try StandardOutput.write(Array("\(page)\n".utf8)) }
    }
}
