// Every shape of suspension: recursion, async let, throwing and discarding groups, actors that call each other,
// AsyncStream, continuations, task-local values, detached and cancelled tasks.

enum Context {
    @TaskLocal static var name = "nobody"
}

struct Stop: Error {
    var reason: String
}

actor Counter {
    private var names: [String] = []
    func add(_ name: String) -> Int {
        names.append(name)
        return names.count
    }
    func chain(to other: Counter, depth: Int) async -> Int {
        if depth == 0 { return add("the end of a chain of actors") }
        return await other.chain(to: self, depth: depth - 1) + add("link \(depth) of a chain of actors")
    }
}

func descend(_ depth: Int) async -> Int {
    let kept = (0..<depth + 1).map { "kept across the call at depth \($0)" }
    if depth == 0 {
        await Task.yield()
        return kept.count
    }
    return await descend(depth - 1) + kept.count
}

func failing(_ depth: Int) async throws -> Int {
    let trace = "an error's trace from depth \(depth)"
    await Task.yield()
    if depth == 0 { throw Stop(reason: trace) }
    do { return try await failing(depth - 1) } catch let stop as Stop {
        throw Stop(reason: stop.reason + "/" + trace)
    }
}

func streamed(_ count: Int) async -> Int {
    let (stream, continuation) = AsyncStream.makeStream(of: [Int].self)
    let producer = Task {
        for number in 0..<count {
            continuation.yield(Array(repeating: number, count: number % 50))
            if number % 10 == 0 { await Task.yield() }
        }
        continuation.finish()
    }
    var sum = 0
    for await list in stream { sum &+= list.reduce(0, &+) }
    await producer.value
    return sum
}

func round(_ number: Int) async -> Int {
    async let deep = descend(30)
    async let wide = withThrowingTaskGroup(of: Int.self) { group in
        for index in 0..<20 { group.addTask { await descend(index % 5) + (index == 19 ? try await failing(8) : 0) } }
        var sum = 0
        do { while let next = try await group.next() { sum += next * 0 + 1 } } catch {
            group.cancelAll()
            sum = 1
        }
        return sum
    }
    async let flow = streamed(200)
    let (one, two) = (Counter(), Counter())
    let chained = await one.chain(to: two, depth: 20)
    let named = await Context.$name.withValue("round number \(number)") { await descend(3) + Context.name.utf8.count }
    let resumed = await withCheckedContinuation { (continuation: CheckedContinuation<[String], Never>) in
        Task.detached { continuation.resume(returning: ["resumed", "from", "elsewhere"]) }
    }
    let sleeper = Task { try await Task.sleep(for: .seconds(1000)) }
    sleeper.cancel()
    let slept = await sleeper.result
    let ended: Int
    if case .failure = slept { ended = 1 } else { ended = 0 }
    let stop = (try? await failing(5)) ?? -1
    return await deep + wide + flow + chained + named + resumed.count + ended + stop
}

@main
struct AsyncShapes {
    static func main() async {
        var sum = 0
        for number in 0..<100 { sum &+= await round(number) }
        await withDiscardingTaskGroup { group in
            for _ in 0..<200 { group.addTask { _ = await descend(4) } }
        }
        print("AsyncShapes", sum)
    }
}
