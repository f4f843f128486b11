/// Keeps the latest orders at hand, and a journal of all that ever happened.
actor Shop {
    private var orders: [Int: Order] = [:]
    private var journal: [String] = []

    /// Takes an order; of the older ones only as many are kept as the cache has room for.
    func place(_ order: Order) {
        journal.append("order number \(order.number) was placed and has \(order.lines.count) lines")
        orders[order.number] = order
        if orders.count > 500 { orders.removeAll(keepingCapacity: true) }
    }

    /// The order of that number, made anew when it is not at hand.
    func order(_ number: Int) -> Order {
        if let order = orders[number] { return order }
        journal.append("order number \(number) was not at hand and had to be made again")
        return Order(number: number)
    }
}
