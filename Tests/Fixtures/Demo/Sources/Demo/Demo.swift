import MemScope

/// A shop that answers requests in bursts, to have something to look at in a report: scopes by route, work spread over
/// tasks, classes of its own, a cache with a limit, a list that only grows, and sessions that some customers leave open.
///
/// The argument is the number of bursts (20).
@main
struct Demo {
    static func main() async throws {
        let bursts = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20
        let shop = Shop()
        var bytes = 0
        for burst in 0..<bursts {
            bytes += await answer(burst * 200..<(burst + 1) * 200, in: shop)
            MemoryTracker.mark("burst \(burst + 1)")
            try await Task.sleep(for: .milliseconds(25))
        }
        print("answered \(bursts * 200) requests with \(bytes) bytes")
    }

    /// Answers all requests of a burst at once.
    static func answer(_ numbers: Range<Int>, in shop: Shop) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            for number in numbers {
                group.addTask { await respond(to: number, in: shop) }
            }
            return await group.reduce(0, +)
        }
    }

    /// Every fourth request places an order, the others ask for one.
    static func respond(to number: Int, in shop: Shop) async -> Int {
        if number.isMultiple(of: 4) {
            await trackScope("POST /orders") {
                await shop.place(Order(number: number))
                return 2
            }
        } else {
            await trackScope("GET /orders") {
                let order = await shop.order(number / 4 * 4)
                visit(order, closes: !number.isMultiple(of: 25))
                return trackScope("render") { order.text().utf8.count }
            }
        }
    }

    /// A session for one look at an order; who does not close it leaks it.
    static func visit(_ order: Order, closes: Bool) {
        let session = Session()
        session.remember(order)
        if closes { session.close() }
    }
}
