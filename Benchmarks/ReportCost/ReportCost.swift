import Glibc
import MemScopeAnalysis
import MemScopeModel
import MemScopeReport
import MemScopeSymbols

// What the stages after capture cost, in milliseconds; one JSON object on a line:
//
//     report-cost analysis SITES ROUNDS       everything that MemScopeAnalysis finds in so many sites, a line a round
//     report-cost report STACKS DIRECTORY     from a capture of so many stacks to a report's two files in a directory
//     report-cost symbols CAPTURE             the names of a capture's addresses, known to nobody before
//     report-cost leaks CAPTURE               what is found out about leaked blocks: kinds, cycles, retained sizes; on a second
//                                             line a whole report of them, with trees of what they keep
@main
struct ReportCost {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count >= 2 else { exit(64) }
        switch (arguments[1], arguments.count) {
        case ("analysis", 3): analysis(sites: Int(arguments[2])!, rounds: Int(arguments[3])!)
        case ("report", 3): try report(stacks: Int(arguments[2])!, directory: arguments[3])
        case ("symbols", 2): try symbols(of: arguments[2])
        case ("leaks", 2): try leaks(in: arguments[2])
        default: exit(64)
        }
    }

    private static func analysis(sites: Int, rounds: Int) {
        let snapshot = GeneratedHeap(stacks: sites / 2).snapshot
        // The trie itself, as if each node were shown as it is.
        let place = snapshot.nodes.indices.map { Int32($0) }
        let parents = snapshot.nodes.map { Int32($0.parent) }
        for _ in 0..<rounds {
            var stages = Stages()
            let tree = stages.time("tree") { CallTreeTotals(snapshot, at: place, parents: parents) }
            let types = stages.time("types") { TypeTotals.all(of: snapshot) }
            let sizes = stages.time("sizes") { SizeTotals.histogram(of: snapshot) }
            let threads = stages.time("threads") { ThreadTotals(snapshot) }
            let scopes = stages.time("scopes") { ScopeTotals(snapshot) }
            let samples = stages.time("timeline") { TimelineThinning.thin(snapshot.timeline, to: 1_000) }
            // Used, so that nothing is left out.
            stages.count("sites", snapshot.sites.count)
            stages.count("nodes", parents.count)
            stages.count(
                "rows", tree.stacks.count + types.count + sizes.count + threads.threads.count + scopes.own.count)
            stages.count("samples", samples.count)
            stages.report()
        }
    }

    private static func report(stacks: Int, directory: String) throws {
        let heap = GeneratedHeap(stacks: stacks)
        let names = heap.names
        let capture = CaptureEncoder.encode(heap.snapshot)
        var stages = Stages()
        let snapshot = try stages.time("decode") { try capture.withUnsafeBytes { try CaptureDecoder.decode($0) } }
        let report = stages.time("build") { ReportBuilder.build(snapshot, names: names) }
        let json = try stages.time("json") { try JSONFormat().render(report) }
        let html = try stages.time("html") { try HTMLFormat().render(report) }
        let writer = try ReportWriter(preparing: directory)
        try stages.time("files") {
            try ReportWriter.write(json, to: "\(writer.directory)/report.json")
            try ReportWriter.write(html, to: "\(writer.directory)/report.html")
        }
        stages.count("nodes", snapshot.nodes.count)
        stages.count("liveBlocks", Int(snapshot.counters.liveBlocks))
        stages.count("jsonBytes", json.count)
        stages.count("htmlBytes", html.count)
        stages.report()
    }

    private static func symbols(of path: String) throws {
        guard let bytes = contents(of: path) else { exit(66) }
        let snapshot = try bytes.withUnsafeBytes { try CaptureDecoder.decode($0) }
        let symbolicator = FileSymbolicator()
        var stages = Stages()
        let names = stages.time("symbols") { SnapshotNames(of: snapshot, by: symbolicator) }
        let again = stages.time("again") { SnapshotNames(of: snapshot, by: symbolicator) }
        stages.count("sites", snapshot.sites.count)
        stages.count("addresses", names.addresses.count)
        stages.count("known", again.addresses.count { !$0.frames.isEmpty })
        stages.report()
    }

    private static func leaks(in path: String) throws {
        guard let bytes = contents(of: path) else { exit(66) }
        var stages = Stages()
        let snapshot = try stages.time("decode") { try bytes.withUnsafeBytes { try CaptureDecoder.decode($0) } }
        let findings = stages.time("findings") { LeakFindings(snapshot) }
        stages.count("blocks", Int(findings.blocks))
        stages.count("cycles", findings.cycles.reduce(0) { $0 + Int($1.instances) })
        stages.report()
        var further = Stages()
        let names = further.time("symbols") { SnapshotNames(of: snapshot, by: FileSymbolicator()) }
        let report = further.time("build") { ReportBuilder.build(snapshot, names: names) }
        let json = try further.time("json") { try JSONFormat().render(report) }
        let html = try further.time("html") { try HTMLFormat().render(report) }
        let groups = report.leaks.groups.reduce(0) { $0 + $1.retained.count }
        further.count("retainedRows", report.cycles.reduce(groups) { $0 + $1.retained.count })
        further.count("jsonBytes", json.count)
        further.count("htmlBytes", html.count)
        further.report()
    }

    private static func contents(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        rewind(file)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = fread(buffer.baseAddress, 1, size, file)
        }
    }
}
