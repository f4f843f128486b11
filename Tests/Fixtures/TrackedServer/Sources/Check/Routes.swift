internal import Hummingbird
internal import Logging
internal import MemScopeHummingbird
internal import MemScopeTracing
internal import Tracing

/// The routes, each for something that the report should show.
struct Routes {
    private let cellar = Cellar()

    /// A router with all of them.
    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ScopeMiddleware())
        router.get("plain") { _, _ in "hello\n" }
        router.get("keep/:number") { _, context in
            let count = await cellar.keep()
            context.logger.info("kept", metadata: ["number": "\(context.parameters.get("number") ?? "")"])
            return "\(count)\n"
        }
        router.get("spans") { _, context in
            let loaded = await withTrackedSpan("load") { _ in
                async let more = (0..<50).map { "line \($0) of what was loaded" }
                context.logger.info("loading")
                return await more
            }
            return withTrackedSpan("render") { _ in loaded.joined(separator: "\n") }
        }
        router.get("stream") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for number in 0..<20 {
                        try await writer.write(ByteBuffer(string: "part number \(number) of the stream\n"))
                    }
                    try await writer.finish(nil)
                })
        }
        return router
    }
}
