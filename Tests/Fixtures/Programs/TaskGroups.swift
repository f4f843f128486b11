// Many small tasks in groups, and actors that they call. The argument is the number of tasks (40 000).

actor Ledger {
    private var entries: [Int: [String]] = [:]
    private(set) var total = 0

    func record(_ number: Int, _ text: String) {
        entries[number % 64, default: []].append(text)
        if entries[number % 64]?.count == 50 { entries[number % 64] = nil }
        total &+= number &+ text.utf8.count
    }
}

func work(_ number: Int, _ ledgers: [Ledger]) async -> Int {
    var pieces: [String] = []
    for index in 0..<12 { pieces.append("task \(number) makes its piece \(index)") }
    let text = pieces.joined(separator: ";")
    if number % 8 == 0 { await ledgers[number % ledgers.count].record(number, text) }
    if number % 16 == 0 { await Task.yield() }
    return text.utf8.count
}

@main
struct TaskGroups {
    static func main() async {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 40_000
        let ledgers = (0..<4).map { _ in Ledger() }
        var sum = 0
        for start in stride(from: 0, to: count, by: 1000) {
            sum &+= await withTaskGroup(of: Int.self) { group in
                for number in start..<min(count, start + 1000) {
                    group.addTask { await work(number, ledgers) }
                }
                var part = 0
                for await length in group { part &+= length }
                return part
            }
        }
        for ledger in ledgers { sum &+= await ledger.total }
        print("TaskGroups", sum)
    }
}
