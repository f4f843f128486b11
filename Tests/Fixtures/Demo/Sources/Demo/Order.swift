/// What a customer has bought.
final class Order: Sendable {
    let number: Int
    let lines: [OrderLine]

    init(number: Int) {
        self.number = number
        lines = (0..<(number % 7 + 1)).map { OrderLine(article: "article number \(number * 31 + $0)", count: $0 + 1) }
    }

    /// The order as the customer sees it.
    func text() -> String {
        var text = "order \(number)\n"
        for line in lines { text += "  \(line.count) of \(line.article)\n" }
        return text
    }
}

/// One line of an order, an object so that it shows up as one.
final class OrderLine: Sendable {
    let article: String
    let count: Int

    init(article: String, count: Int) {
        self.article = article
        self.count = count
    }
}
