// Checks the logical callers of allocations in async code, and what is read from tasks.
import Foundation

final class Box { var values: [Int]; init(_ n: Int) { values = Array(repeating: n, count: n + 1) } }

nonisolated(unsafe) var failures = 0
nonisolated(unsafe) var checks = 0
let lock = NSLock()

func expect(_ condition: Bool, _ what: @autoclosure () -> String, line: UInt = #line) {
    lock.withLock {
        checks += 1
        if !condition { failures += 1; print("FAIL line \(line): \(what())") }
    }
}

/// The names of the logical stack's functions, from the caller of `probe` outwards, `|` where the executor's frames were cut out.
/// Each is the function's own base name; a closure is `closure in NAME`.
@inline(never) func probe() -> [String] {
    var addresses = [UInt64](repeating: 0, count: 256)
    var boundary = 0
    let count = fixture_logical_stack(&addresses, addresses.count, &boundary)
    if boundary == 0 { return ["no boundary"] }
    var names = addresses[..<count].map { simplified(symbol(UInt($0))) }
    names.insert("|", at: boundary)
    return Array(names.dropFirst())
}

func symbol(_ address: UInt) -> String {
    demangle(String(cString: fixture_symbol(UInt64(address))))
}

@_silgen_name("swift_demangle")
func _demangle(
    _ name: UnsafePointer<CChar>?, _ length: Int, _ out: UnsafeMutablePointer<CChar>?,
    _ size: UnsafeMutablePointer<Int>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?

func demangle(_ name: String) -> String {
    guard let text = _demangle(name, name.utf8.count, nil, nil, 0) else { return name }
    defer { free(text) }
    return String(cString: text)
}

/// `(1) await resume partial function for main.chain(Swift.Int) async -> Swift.Int` becomes `chain`.
func simplified(_ name: String) -> String {
    var text = name
    if let range = text.range(of: " partial function for ") { text = String(text[range.upperBound...]) }
    if let range = text.range(of: "> of ", options: .backwards) { text = String(text[range.upperBound...]) }
    if let range = text.range(of: " partial function for ") { text = String(text[range.upperBound...]) }
    if name.contains("reabstraction thunk") { return "thunk" }
    let closures = text.components(separatedBy: "closure #").count - 1
    if let range = text.range(of: ") in ", options: .backwards) { text = String(text[range.upperBound...]) }
    if let range = text.range(of: " in ", options: .backwards) { text = String(text[range.upperBound...]) }
    for prefix in ["static ", "specialized ", "partial apply forwarder for ", "implicit closure"]
    where text.hasPrefix(prefix) { text.removeFirst(prefix.count) }
    text = String(text.prefix { $0 != "(" && $0 != "<" })
    let base = text.split(separator: ".").last.map(String.init) ?? text
    return closures > 0 ? "closure in \(base)" : base
}

@_optimize(none) func use(_ value: Int) -> Int { value }

@inline(never) func chain(_ depth: Int) async -> [String] {
    if depth == 0 { await Task.yield(); return probe() }
    let names = await chain(depth - 1)
    return use(depth) == 0 ? [] : names
}
@inline(never) func chainAfter(_ depth: Int) async -> [String] {
    if depth == 0 { await Task.yield(); return [] }
    _ = await chainAfter(depth - 1)
    let names = probe()
    return use(depth) == 0 ? [] : names
}
enum Trouble: Error { case thrown }
@inline(never) func thrower(_ depth: Int) async throws -> Int {
    if depth == 0 { await Task.yield(); throw Trouble.thrown }
    return try await thrower(depth - 1) + use(1)
}
@inline(never) func catcher() async -> [String] {
    do { return [String(try await thrower(3))] } catch { return probe() }
}
actor Account {
    var total = 0
    @inline(never) func add(_ n: Int) async -> [String] { total += n; await Task.yield(); total += 1; return probe() }
    @inline(never) func plain(_ n: Int) -> [String] { total += n; return probe() }
}
@inline(never) func callsActor(_ a: Account) async -> [String] { let n = await a.add(1); return use(1) == 0 ? [] : n }
@inline(never) func callsPlain(_ a: Account) async -> [String] { let n = await a.plain(1); return use(1) == 0 ? [] : n }
@inline(never) func grouped() async -> [[String]] {
    await withTaskGroup(of: [String].self) { group in
        for _ in 0..<2 { group.addTask { await inGroup() } }
        var all: [[String]] = []
        for await names in group { all.append(names); all.append(probe()) }
        return all
    }
}
@inline(never) func inGroup() async -> [String] { await Task.yield(); let n = probe(); return use(2) == 0 ? [] : n }
@inline(never) func lets() async -> ([String], [String], [String]) {
    async let one = inLet()
    async let two = inLet()
    let here = probe()
    return await (one, two, here)
}
@inline(never) func inLet() async -> [String] { await Task.yield(); let n = probe(); return use(3) == 1 ? [] : n }
@inline(never) func afterLet() async -> [String] {
    async let one = inLet()
    _ = await one
    return probe()
}
@inline(never) func streamed() async -> [String] {
    let stream = AsyncStream<Int> { c in
        for i in 0..<3 { c.yield(i) }; c.finish()
    }
    var names: [String] = []
    for await n in stream where n == 2 { names = probe() }
    return names
}
@inline(never) func sleeper() async -> [String] { try? await Task.sleep(for: .milliseconds(2)); return probe() }
@inline(never) func continued() async -> [String] {
    let n = await withCheckedContinuation { c in DispatchQueue.global().async { c.resume(returning: 3) } }
    return n == 3 ? probe() : []
}
@inline(never) func inContinuation() async -> [String] {
    await withCheckedContinuation { c in c.resume(returning: probe()) }
}
@inline(never) func cancellable() async -> [String] {
    await withTaskCancellationHandler {
        await sleeper()
    } onCancel: {
    }
}
@inline(never) func generic<T: Sendable>(_ v: T, _ body: @Sendable (T) async -> [String]) async -> [String] {
    let n = await body(v); return use(1) == 0 ? [] : n
}
@MainActor @inline(never) func onMain() async -> [String] { await Task.yield(); return probe() }
@inline(never) func callsMain() async -> [String] { let n = await onMain(); return use(1) == 0 ? [] : n }
@inline(never) func awaitsTask() async -> ([String], [String]) {
    let inner = await Task { await chain(1) }.value
    return (inner, probe())
}

enum Scope { @TaskLocal static var current: UInt64 = 0; @TaskLocal static var other: Int = 0 }

func key() -> UnsafeRawPointer { UnsafeRawPointer(Unmanaged.passUnretained(Scope.$current).toOpaque()) }
@inline(never) func scope() -> UInt64? {
    var value: UInt64 = 0, theirs: UInt64 = 0
    let found = fixture_scope_value(key(), &value)
    expect(
        fixture_thread_scope_value(key(), &theirs) == found && theirs == value,
        "the runtime says \(theirs), we say \(value)")
    return found ? value : nil
}

/// Outside of any task.
func threadScope() -> UInt64? {
    var value: UInt64 = 0
    return fixture_task_id() == 0 && fixture_thread_scope_value(key(), &value) ? value : nil
}

@inline(never) func scopes() async {
    expect(scope() == nil, "no scope yet")
    await Scope.$current.withValue(41) {
        expect(scope() == 41, "in the scope")
        await Scope.$other.withValue(7) {
            await Scope.$current.withValue(42) {
                expect(scope() == 42, "nested"); await Task.yield(); expect(scope() == 42, "nested, later")
            }
            expect(scope() == 41, "below another key")
            async let inLet = scope()
            let let_ = await inLet
            expect(let_ == 41, "async let \(String(describing: let_))")
            await withTaskGroup(of: UInt64?.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        await Task.yield(); return Scope.$current.withValue(50) { scope() == 50 ? scope() : nil }
                    }
                }
                for await value in group { expect(value == 50, "group child's own") }
                group.addTask { scope() }
                let inherited = await group.next()!
                expect(inherited == 41, "group child's inherited \(String(describing: inherited))")
            }
            let copied = await Task { scope() }.value
            expect(copied == 41, "Task {} copies")
            let detached = await Task.detached { scope() }.value
            expect(detached == nil, "detached does not")
            Scope.$current.withValue(60) { expect(scope() == 60, "synchronous form") }
        }
    }
    expect(scope() == nil, "left")
    let detached = await Task.detached { () -> UInt64? in
        await Scope.$current.withValue(9) {
            await withTaskGroup(of: UInt64?.self) { group in
                group.addTask {
                    await withTaskGroup(of: UInt64?.self) { inner in
                        inner.addTask { scope() }; return await inner.next()!
                    }
                }
                return await group.next()!
            }
        }
    }.value
    expect(detached == 9, "grandchild")
}

@inline(never) func threadScopes() async {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            expect(threadScope() == nil, "a thread starts without")
            Scope.$current.withValue(77) {
                expect(threadScope() == 77, "on a thread")
                Scope.$other.withValue(1) { expect(threadScope() == 77, "below another key on a thread") }
                let copied = DispatchSemaphore(value: 0)
                Task {
                    expect(scope() == 77, "a task copies from its thread"); copied.signal()
                }
                copied.wait()
            }
            expect(threadScope() == nil, "left on a thread")
            continuation.resume()
        }
    }
}

@inline(never) func identities() async {
    let own = fixture_task_id()
    expect(
        own != 0 && fixture_task_flags() & 32 != 0 && fixture_task_flags() & 1 == 0,
        "a root task runs: \(fixture_task_flags())")
    async let child = (fixture_task_id(), fixture_task_flags(), fixture_task_parent_id())
    let seen = await child
    expect(seen.0 != own && seen.1 & 9 == 9 && seen.1 & 4 == 0 && seen.2 == own, "async let: \(seen)")
    await withTaskGroup(of: (UInt64, UInt32, UInt64).self) { group in
        group.addTask { (fixture_task_id(), fixture_task_flags(), fixture_task_parent_id()) }
        let seen = await group.next()!
        expect(seen.0 != own && seen.1 & 5 == 5 && seen.1 & 8 == 0 && seen.2 == own, "group child: \(seen)")
    }
}

/// Compares the logical stack without what a build mode adds: thunks, entry points, closures that the optimiser dissolves.
func expectStack(_ got: [String], _ want: [String], line: UInt = #line) {
    let added: Set = [
        "thunk", "?", "$main", "async_MainTQ0_", "async_Main", "withTaskCancellationHandler", "withCheckedContinuation",
        "closure in stacks", "closure in inContinuation",
    ]
    var plain = got.filter { !added.contains($0) }
    plain = plain.enumerated().filter {
        $0.offset == 0 || !$0.element.hasPrefix("closure") || plain[$0.offset - 1] != $0.element
    }.map(\.element)
    expect(plain == want, "\(got.joined(separator: " < "))\n  is \(want.joined(separator: " < "))", line: line)
}

@inline(never) func lateLet() async -> [String] {
    // By now the parent waits for this child.
    try? await Task.sleep(for: .milliseconds(20))
    var addresses = [UInt64](repeating: 0, count: 64)
    return addresses[..<fixture_async_let_callers(&addresses, 64)].map { simplified(symbol(UInt($0))) }
}
@inline(never) func declaresLet() async -> [String] { async let late = lateLet(); return await late }
@inline(never) func callsDeclaresLet() async -> [String] { let n = await declaresLet(); return use(4) == 0 ? [] : n }
@inline(never) func measured(_ depth: Int) async -> [Int] {
    if depth == 0 {
        await Task.yield()
        var times = [0.0, 0, 0]
        fixture_measure_context(&times)
        return times.map { Int($0.rounded()) }
    }
    let time = await measured(depth - 1)
    return use(depth) == 0 ? [] : time
}

@main struct Tasks {
    static func main() async {
        guard fixture_start(), fixture_tasks_available() else { exit(2) }
        fixture_watch(true)
        await stacks()
        await scopes()
        await threadScopes()
        await identities()
        fixture_watch(false)
        var counts = [UInt64](repeating: 0, count: 7)
        fixture_watch_counts(&counts)
        expect(counts[4] == 0, "chains differ from the marked frames'")
        expect(counts[6] == 0, "\(counts[6]) answers change when the context is known")
        expect(counts[5] >= 14, "task creations seen: \(counts[5])")
        print(
            "\(checks) checks, \(failures) wrong; \(counts[0]) allocations in tasks, \(counts[1]) without boundary, \(counts[2]) marked: \(counts[3]) agree, \(counts[4]) differ; \(counts[5]) tasks created; current, with context, with a known one: \(await measured(5)) ns at depth 5, \(await measured(20)) at 20"
        )
        exit(failures == 0 ? 0 : 1)
    }

    @inline(never) static func stacks() async {
        let root = ["stacks", "main"]
        expectStack(await chain(3), ["chain", "|", "chain", "chain", "chain"] + root)
        expectStack(await chainAfter(3), ["chainAfter", "|"] + root)
        expectStack(await catcher(), ["catcher", "|"] + root)
        let account = Account()
        expectStack(await callsActor(account), ["add", "|", "callsActor"] + root)
        expectStack(await callsPlain(account), ["plain", "callsPlain", "|"] + root)
        for (index, names) in await grouped().enumerated() {
            expectStack(
                names,
                index % 2 == 0
                    ? ["inGroup", "|", "closure in grouped"] : ["closure in grouped", "|", "grouped"] + root)
        }
        let (one, two, here) = await lets()
        for names in [one, two] { expectStack(names.filter { $0 != "closure in lets" }, ["inLet", "|"]) }
        expectStack(here, ["lets", "|"] + root)
        expectStack(await afterLet(), ["afterLet", "|"] + root)
        expectStack(await callsDeclaresLet(), ["callsDeclaresLet"] + root)
        expectStack(await streamed(), ["streamed", "|"] + root)
        expectStack(await sleeper(), ["sleeper", "|"] + root)
        expectStack(await continued(), ["continued", "|"] + root)
        expectStack(await inContinuation().filter { $0 != "inContinuation" }, ["|"] + root)
        expectStack(await cancellable(), ["sleeper", "|", "closure in cancellable", "cancellable"] + root)
        expectStack(await generic(3) { _ in await chain(1) }, ["chain", "|", "chain", "generic"] + root)
        expectStack(await callsMain(), ["onMain", "|", "callsMain"] + root)
        let (inner, outer) = await awaitsTask()
        expectStack(inner, ["chain", "|", "chain", "closure in awaitsTask"])
        expectStack(outer, ["awaitsTask", "|"] + root)
    }
}
