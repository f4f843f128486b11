/// What to do with what leaked in a scope: the argument of `trackScope(_:leaks:_:)`.
public struct LeakCheck: Sendable {
    private let handler: @Sendable (ScopeLeaks) -> Void

    private init(_ handler: @escaping @Sendable (ScopeLeaks) -> Void) {
        self.handler = handler
    }

    /// Says on standard error what leaked, or why that is not known.
    public static let check = LeakCheck { StandardError.say($0.description) }

    /// Hands over what leaked; nothing is called where nothing did, nor while tracking is off.
    ///
    /// A test fails on a leak so: `.check { Issue.record("\($0)") }`. It fails, too, where leaks could not be looked for: that is handed over as
    /// ``ScopeLeaks/failure``.
    ///
    /// - Parameter handler: Is called where the body ran, after the scope has ended and before `trackScope` returns.
    /// - Returns: The argument for `trackScope(_:leaks:_:)`.
    public static func check(_ handler: @escaping @Sendable (ScopeLeaks) -> Void) -> LeakCheck {
        LeakCheck(handler)
    }

    /// Overwrites what the body left on the stack. Called from the frame that called the body: one in between would lie where the body's was.
    @usableFromInline
    static func forgetStack() { StaleStack.forget() }

    /// Looks for what leaked in a synchronous scope's run, ends the run, and does what is to be done with it.
    @usableFromInline
    func end(_ name: String, _ entry: ScopeRun.Entry) {
        let found = search(name, entry.run)
        ScopeRun.leave(entry)
        if let found { handler(found) }
    }

    /// The same for an asynchronous one's.
    @usableFromInline
    func end(_ name: String, _ run: UInt64) {
        let found = search(name, run)
        ScopeRun.end(run)
        if let found { handler(found) }
    }

    /// Looks for what was allocated in a run, which has not ended, and leaked; `nil` if nothing did.
    private func search(_ name: String, _ run: UInt64) -> ScopeLeaks? {
        switch LargeStackThread.run({ ScopeLeakSearch.find(in: run) }) {
        case .success(let leaks): leaks.blocks > 0 ? ScopeLeaks(scope: name, leaks: leaks, failure: nil) : nil
        case .failure(let error): ScopeLeaks(scope: name, leaks: .nothing, failure: error)
        }
    }
}
