// Allocates in async code, each case a size of its own; check_tasks.py knows the callers of each. No two bodies
// are the same, or the compiler would make one function of them.
import Foundation

// Not optimised: a block that is not used would not be allocated.
@_optimize(none) @inline(never) func mark(_ size: Int) {
    let block = malloc(size)
    free(block)
}
@_optimize(none) func use(_ value: Int) {}

@inline(never) func chain(_ depth: Int, _ size: Int) async {
    if depth == 0 { await Task.yield(); mark(size) } else { await chain(depth - 1, size) }
    use(depth)
}
@inline(never) func chainAfter(_ depth: Int, _ size: Int) async {
    if depth == 0 { await Task.yield() } else { await chainAfter(depth - 1, size); mark(size) }
    use(depth + 1)
}
@inline(never) func synchronousInner(_ size: Int) { mark(size); use(size) }
@inline(never) func synchronousOuter(_ size: Int) { synchronousInner(size); use(size) }
@inline(never) func callsSynchronous(_ size: Int) async { await Task.yield(); synchronousOuter(size); use(size) }

// Allocates in the part before the first suspension, called from another.
@inline(never) func early(_ size: Int) async { mark(size); await Task.yield(); use(size + 3) }
@inline(never) func callsEarly(_ size: Int) async { await early(size); use(size + 4) }

enum Trouble: Error { case thrown }
@inline(never) func thrower(_ depth: Int) async throws {
    if depth == 0 { await Task.yield(); throw Trouble.thrown }
    try await thrower(depth - 1)
    use(depth)
}
@inline(never) func catcher(_ size: Int) async {
    do { try await thrower(3) } catch { mark(size) }
    use(size)
}

actor Account {
    var total = 0
    @inline(never) func add(_ size: Int) async { total += 1; await Task.yield(); mark(size); use(total) }
    @inline(never) func plain(_ size: Int) { total += 1; mark(size); use(total) }
}
@inline(never) func callsActor(_ account: Account, _ size: Int) async { await account.add(size); use(size) }
@inline(never) func callsPlain(_ account: Account, _ size: Int) async { await account.plain(size); use(size) }

@inline(never) func inGroup(_ size: Int) async { await Task.yield(); mark(size); use(size) }
@inline(never) func grouped(_ size: Int) async {
    await withTaskGroup(of: Void.self) { group in
        for _ in 0..<3 { group.addTask { await inGroup(size) } }
        await group.waitForAll()
        mark(size + 8)
    }
    use(size)
}

@inline(never) func inLet(_ size: Int) async -> Int { await Task.yield(); mark(size); use(size); return size }
@inline(never) func lets(_ size: Int) async {
    async let one = inLet(size)
    async let two = inLet(size + 8)
    mark(size + 16)
    let sum = await one + two
    mark(size + 24)
    use(sum)
}
@inline(never) func nestedLet(_ size: Int) async -> Int {
    async let inner = inLet(size)
    let value = await inner
    use(value)
    return value
}
@inline(never) func outerLet(_ size: Int) async {
    async let outer = nestedLet(size)
    use(await outer)
}

@inline(never) func streamed(_ size: Int) async {
    let stream = AsyncStream<Int> { continuation in
        for index in 0..<3 { continuation.yield(index) }
        continuation.finish()
    }
    for await index in stream where index == 2 { mark(size) }
    use(size)
}
@inline(never) func sleeper(_ size: Int) async { try? await Task.sleep(for: .milliseconds(2)); mark(size); use(size) }
@inline(never) func continued(_ size: Int) async {
    await withCheckedContinuation { continuation in DispatchQueue.global().async { continuation.resume() } }
    mark(size)
    use(size)
}
@inline(never) func detachedBody(_ size: Int) async { await Task.yield(); mark(size); use(size + 2) }
@inline(never) func detaches(_ size: Int) async { await Task.detached { await detachedBody(size) }.value; use(size) }
@inline(never) func plainTask(_ size: Int) async { await Task { await detachedBody(size) }.value; use(size) }
@MainActor @inline(never) func onMain(_ size: Int) async { await Task.yield(); mark(size); use(size) }
@inline(never) func callsMain(_ size: Int) async { await onMain(size); use(size) }

@main struct Program {
    static func main() async {
        let account = Account()
        await chain(6, 5008)
        await chainAfter(3, 5024)
        await callsSynchronous(5040)
        await catcher(5056)
        await callsActor(account, 5072)
        await callsPlain(account, 5088)
        await grouped(5104)
        await lets(5120)
        await outerLet(5152)
        await streamed(5168)
        await sleeper(5184)
        await continued(5200)
        await detaches(5216)
        await plainTask(5232)
        await callsMain(5248)
        await callsEarly(5264)
    }
}
