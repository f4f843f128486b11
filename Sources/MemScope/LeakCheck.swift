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

    /// What was found, as one word: the caller's frame lies where the body's was, and room that it has for more is not written before the
    /// search, so what the body left there would be searched.
    @usableFromInline
    final class Found: Sendable {
        fileprivate let leaks: ScopeLeaks

        fileprivate init(_ leaks: ScopeLeaks) { self.leaks = leaks }
    }

    /// Looks for what was allocated in a run, which has not ended, and leaked; `nil` if nothing did.
    @usableFromInline
    func search(_ name: String, _ run: UInt64) -> Found? {
        switch LargeStackThread.run({ ScopeLeakSearch.find(in: run) }) {
        case .success(let leaks):
            leaks.blocks > 0 ? Found(ScopeLeaks(scope: name, leaks: leaks, failure: nil)) : nil
        case .failure(let error): Found(ScopeLeaks(scope: name, leaks: .nothing, failure: error))
        }
    }

    /// Does what is to be done with what leaked.
    @usableFromInline
    func handle(_ found: Found?) {
        if let found { handler(found.leaks) }
    }
}
