#if Hummingbird
    public import Hummingbird
    internal import MemScope

    /// Attributes what a request allocates to its route: one scope for each route, such as `GET /users/{id}`.
    ///
    /// The name is the method and the route as it was declared, never the path that was asked for, so there are as many
    /// scopes as routes. Requests that no route answers share the scope `(no route)`. What comes after this middleware
    /// in the chain is inside of the scope: add it first.
    ///
    ///     router.add(middleware: ScopeMiddleware())
    ///
    /// A response body of unknown length is a stream that is written after the middleware has returned. What that
    /// allocates has a scope of its own, the route's with ` (body)` behind, so that in both rows the figures divided by
    /// `entries` are those of one request. Bodies of known length are passed on as they are.
    ///
    /// With `Router` the route is known before any middleware runs. `RouterBuilder` finds it on the way: put the
    /// middleware inside the routes there.
    ///
    /// While tracking is off a request passes through at the cost of a load and a branch.
    public struct ScopeMiddleware<Context: RequestContext>: RouterMiddleware {
        /// Creates the middleware.
        public init() {}

        /// Runs the rest of the chain in the scope of the route.
        ///
        /// - Parameters:
        ///   - request: The request.
        ///   - context: Its context, which knows the route.
        ///   - next: The rest of the chain.
        /// - Returns: What the rest of the chain answers.
        /// - Throws: What it throws.
        public func handle(
            _ request: Request, context: Context, next: (Request, Context) async throws -> Response
        ) async throws -> Response {
            guard MemoryTracker.isTracking else { return try await next(request, context) }
            let scope = Self.scope(of: request, context)
            var response = try await trackScope(scope) { try await next(request, context) }
            if response.body.contentLength == nil {
                let body = response.body
                response.body = ResponseBody { writer in
                    // Written by the inner body, which also ends it.
                    let writer = writer
                    try await trackScope("\(scope) (body)") { try await body.write(writer) }
                }
            }
            return response
        }

        private static func scope(of request: Request, _ context: Context) -> String {
            // A method without a route can be any text that a client makes up.
            guard let route = context.endpointPath else { return "(no route)" }
            return "\(request.method.rawValue) \(route)"
        }
    }
#endif
