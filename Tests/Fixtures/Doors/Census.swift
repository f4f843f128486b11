import MemScope

/// Objects of known number and size, before and between two reports.
enum Census {
    final class Item {
        let number: Int
        /// Nobody else refers to its elements.
        var own: [Int16]
        init(_ number: Int) {
            self.number = number
            own = [Int16](repeating: 1, count: 500)
        }
    }

    nonisolated(unsafe) static var items: [Item] = []
    /// The elements of one item, which so are not its own.
    nonisolated(unsafe) static var shared: [Int16] = []

    static func run(_ output: String) throws {
        try MemoryTracker.start()
        keep(0..<20)
        shared = items[3].own
        try exportReport(to: "\(output)/first")
        keep(20..<50)
        items.removeFirst(5)
        try exportReport(to: "\(output)/second")
        items.removeLast(45)
        try exportReport(to: "\(output)/third")
    }

    @inline(never)
    private static func keep(_ numbers: Range<Int>) {
        for number in numbers { items.append(Item(number)) }
    }
}
