/// Closures, what they capture, and the boxes of captured variables.
enum ClosureCases {
    final class Session {
        var onClose: (() -> Void)?
        var onOpen: ((Int) -> Void)?
        var number = 0
    }

    nonisolated(unsafe) static var actions: [() -> Int] = []
    nonisolated(unsafe) static var action: (() -> Int)?
    nonisolated(unsafe) static var asynchronous: [() async -> Void] = []

    static let all: [String: @Sendable (Int) -> Void] = [
        "heldByClosures": { n in
            for i in 0..<n {
                var count = i
                let session = Session()
                actions.append {
                    count += 1
                    return session.number + count
                }
                asynchronous.append { [session] in session.number = i }
            }
        },
        // Each closure holds the one before it.
        "heldByClosureChain": { n in
            for i in 0..<n {
                let before = action
                action = { i + (before?() ?? 0) }
            }
        },
        // The object is its closure's context.
        "lostByOwnClosure": { n in
            for _ in 0..<n {
                let session = Session()
                session.onClose = { session.number += 1 }
            }
        },
        // A context of its own, with the object and a number.
        "lostByCapturingClosure": { n in
            for i in 0..<n {
                let session = Session()
                session.onOpen = { session.number += i + $0 }
            }
        },
        // The variable's box and the closure in it.
        "lostByBoxedVariable": { n in
            for i in 0..<n {
                var again: (Int) -> Int = { $0 }
                again = { $0 > i ? 0 : again($0 + 1) }
                _ = again(i)
            }
        },
    ]
}
