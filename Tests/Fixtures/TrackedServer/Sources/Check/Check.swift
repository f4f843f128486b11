internal import Glibc
internal import Hummingbird
internal import InMemoryTracing
internal import Logging
internal import MemScope
internal import MemScopeLogging
internal import MemScopeMetrics
internal import MemScopeServiceLifecycle
internal import Metrics
internal import MetricsTestKit
internal import ServiceLifecycle
internal import Tracing
internal import UnixSignals

/// Runs a server with all integrations, asks it, and leaves what there is to check in the directory of its argument:
/// `findings.json` with gauges and spans, `quiet/` with a report of the same moment, `shutdown/` with the one of the
/// lifecycle service. Log lines go to standard output.
@main
struct Check {
    static func main() async throws {
        let output = CommandLine.arguments[1]
        let metrics = TestMetrics()
        let tracer = InMemoryTracer()
        LoggingSystem.bootstrap(StreamLogHandler.standardOutput, metadataProvider: .memScope)
        MetricsSystem.bootstrap(metrics)
        InstrumentationSystem.bootstrap(tracer)
        let logger = Logger(label: "check")
        logger.info("before")
        let gauges = MemoryGauges(every: .milliseconds(50))
        let application = Application(
            router: Routes().router(), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            // The server takes requests only after this has returned.
            onServerRunning: { channel in
                let visitor = Visitor(port: channel.localAddress!.port!)
                Task { await ask(visitor, gauges, output, Findings.Sources(metrics: metrics, tracer: tracer)) }
            }, logger: logger)
        let group = ServiceGroup(
            services: [
                MemoryTrackerService(reportTo: "\(output)/shutdown", logger: logger), MemoryGaugesService(gauges),
                application,
            ], gracefulShutdownSignals: [.sigterm], logger: logger)
        try await group.run()
        print("ended, figures \(MemoryTracker.figures!.allocations > 0)")
    }

    /// Asks, writes down what came of it, and ends the program as an administrator would.
    private static func ask(
        _ visitor: Visitor, _ gauges: MemoryGauges, _ output: String, _ sources: Findings.Sources
    ) async {
        do {
            try await visit(visitor)
            // Until the heap is at rest.
            try await Task.sleep(for: .milliseconds(500))
            gauges.record()
            let findings = Findings(sources)
            try exportReport(to: "\(output)/quiet")
            try findings.write(to: "\(output)/findings.json")
        } catch {
            print("failed: \(error)")
        }
        kill(getpid(), SIGTERM)
    }

    private static func visit(_ visitor: Visitor) async throws {
        for number in 0..<40 { try await visitor.ask("/keep/\(number)", times: 1) }
        try await visitor.ask("/plain", times: 40)
        try await visitor.ask("/spans", times: 10)
        try await visitor.ask("/stream", times: 10)
        for number in 0..<5 { try await visitor.ask("/nowhere/\(number)", times: 1, expecting: 404) }
    }
}
