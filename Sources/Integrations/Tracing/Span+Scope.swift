#if Tracing
    internal import MemScope
    internal import Tracing

    extension Span {
        /// Says in the span which scope of the report it will be, before that is entered: the attribute is the tracer's.
        func note(scope name: String) {
            guard isRecording, MemoryTracker.isTracking else { return }
            attributes["memscope.scope"] = MemoryTracker.currentScope.map { "\($0) > \(name)" } ?? name
        }
    }
#endif
