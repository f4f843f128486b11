import MemScope

/// Something to be found in the report.
final class Order {
    let lines: [String]

    init(_ number: Int) {
        lines = (0..<4).map { "line \($0) of order number \(number)" }
    }
}

func work() async -> Int {
    await withTaskGroup(of: Int.self) { group in
        for number in 0..<100 {
            group.addTask { Order(number).lines.count }
        }
        var sum = 0
        for await count in group { sum += count }
        return sum
    }
}

@main
struct NewUser {
    static func main() async throws {
        let output = CommandLine.arguments.dropFirst().first ?? "out"
        do {
            try MemoryTracker.start()
        } catch {
            // Where tracking is not possible the program lives on without it.
            print("not tracked: \(error)")
            print("worked: \(await trackScope("work") { await work() })")
            return
        }
        let lines = await trackScope("work") { await work() }
        try exportReport(to: output)
        print("worked: \(lines)")
    }
}
