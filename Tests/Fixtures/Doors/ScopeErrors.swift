import MemScope

/// What a body throws.
struct Refusal: Error, Equatable {
    let number: Int
}

/// That a scope passes its body's errors on with their type is checked by the compiler: nothing here would compile
/// with `any Error`.
enum ScopeErrors {
    static func synchronous() throws(Refusal) -> Int {
        try trackScope("throwing") { () throws(Refusal) -> Int in
            Blocks.keep(1)
            throw Refusal(number: 7)
        }
    }

    static func asynchronous() async throws(Refusal) -> Int {
        try await trackScope("throwing, asynchronous") { () async throws(Refusal) -> Int in
            Blocks.keep(1)
            await Task.yield()
            throw Refusal(number: 8)
        }
    }

    static func never() async -> Int {
        // Neither needs `try`.
        let first = trackScope("never throwing") { 1 }
        return await trackScope("never throwing") { await one() + first }
    }

    private static func one() async -> Int { 1 }

    static func run() async {
        do { _ = try synchronous() } catch { say("synchronous refusal \(error.number)") }
        Blocks.keep(1)
        do { _ = try await asynchronous() } catch { say("asynchronous refusal \(error.number)") }
        Blocks.keep(1)
        say("never \(await never())")
    }
}
