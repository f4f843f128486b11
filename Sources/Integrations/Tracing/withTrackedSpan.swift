#if Tracing
    public import Tracing

    /// As `withSpan` with the tracer that the program was set up with, with what `operation` allocates attributed to a
    /// scope of the span's name.
    ///
    /// - Parameters:
    ///   - operationName: The name of the span and of the scope. Use few distinct ones.
    ///   - context: Where the span belongs, by default below the current one.
    ///   - kind: The kind of the span.
    ///   - function: The function in which the span starts.
    ///   - fileID: The file in which it starts.
    ///   - line: The line on which it starts.
    ///   - operation: What the span and the scope are of.
    /// - Returns: What `operation` returns.
    /// - Throws: What `operation` throws.
    public func withTrackedSpan<Value>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext = .current ?? .topLevel,
        ofKind kind: SpanKind = .internal,
        function: String = #function,
        file fileID: String = #fileID,
        line: UInt = #line,
        _ operation: (any Span) throws -> Value
    ) rethrows -> Value {
        try InstrumentationSystem.tracer.withTrackedSpan(
            operationName, context: context(), ofKind: kind, function: function, file: fileID, line: line
        ) { try operation($0) }
    }

    /// As the synchronous form, across every `await` of `operation` and in the tasks that it creates.
    ///
    /// - Parameters:
    ///   - operationName: The name of the span and of the scope. Use few distinct ones.
    ///   - context: Where the span belongs, by default below the current one.
    ///   - kind: The kind of the span.
    ///   - isolation: The caller's isolation, which `operation` keeps. Leave it to its default.
    ///   - function: The function in which the span starts.
    ///   - fileID: The file in which it starts.
    ///   - line: The line on which it starts.
    ///   - operation: What the span and the scope are of.
    /// - Returns: What `operation` returns.
    /// - Throws: What `operation` throws.
    public func withTrackedSpan<Value>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext = .current ?? .topLevel,
        ofKind kind: SpanKind = .internal,
        isolation: isolated (any Actor)? = #isolation,
        function: String = #function,
        file fileID: String = #fileID,
        line: UInt = #line,
        _ operation: (any Span) async throws -> Value
    ) async rethrows -> Value {
        try await InstrumentationSystem.tracer.withTrackedSpan(
            operationName, context: context(), ofKind: kind, isolation: isolation, function: function, file: fileID,
            line: line
        ) { try await operation($0) }
    }
#endif
