internal import Foundation
internal import InMemoryTracing
internal import MetricsTestKit
internal import Tracing

/// What the metrics and the tracer were told, for the checks to read.
struct Findings: Encodable {
    let gauges: [String: Double]
    let spans: [Span]

    /// A finished span and the scope that it names.
    struct Span: Encodable {
        let name: String
        let scope: String?
    }

    /// Who was told.
    struct Sources: Sendable {
        let metrics: TestMetrics
        let tracer: InMemoryTracer
    }

    init(_ sources: Sources) {
        gauges = Dictionary(
            sources.metrics.recorders.compactMap { recorder in recorder.lastValue.map { (recorder.label, $0) } }
        ) { $1 }
        spans = sources.tracer.finishedSpans.map { Span(name: $0.operationName, scope: Self.scope(of: $0)) }
    }

    private static func scope(of span: FinishedInMemorySpan) -> String? {
        if case .string(let scope)? = span.attributes.get("memscope.scope") { scope } else { nil }
    }

    func write(to file: String) throws {
        try JSONEncoder().encode(self).write(to: URL(filePath: file))
    }
}
