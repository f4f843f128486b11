// Many small tasks in groups, and actors that they call. The arguments are the number of tasks (40 000) and how many
// strings each makes (12).

actor Ledger {
    private var entries: [Int: [String]] = [:]
    private(set) var total = 0

    func record(_ number: Int, _ text: String) {
        entries[number % 64, default: []].append(text)
        if entries[number % 64]?.count == 50 { entries[number % 64] = nil }
        total &+= number &+ text.utf8.count
    }
}

func work(_ number: Int, _ count: Int, _ ledgers: [Ledger]) async -> Int {
    var pieces: [String] = []
    for index in 0..<count { pieces.append("task \(number) makes its piece \(index)") }
    let text = pieces.joined(separator: ";")
    if number % 8 == 0 { await ledgers[number % ledgers.count].record(number, text) }
    if number % 16 == 0 { await Task.yield() }
    return text.utf8.count
}

@main
struct AsyncTasks {
    static func main() async {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let count = numbers.first ?? 40_000
        let pieces = numbers.dropFirst().first ?? 12
        let ledgers = (0..<4).map { _ in Ledger() }
        var sum = 0
        for start in stride(from: 0, to: count, by: 1000) {
            sum &+= await withTaskGroup(of: Int.self) { group in
                for number in start..<min(count, start + 1000) {
                    group.addTask { await work(number, pieces, ledgers) }
                }
                var part = 0
                for await length in group { part &+= length }
                return part
            }
        }
        for ledger in ledgers { sum &+= await ledger.total }
        print("AsyncTasks", sum)
    }
}
