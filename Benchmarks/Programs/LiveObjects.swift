/// Ends with a million objects alive, of classes, generic classes, closures, arrays and strings: what a census has to look into.
///
/// usage: LiveObjects OBJECTS
final class Node {
    var next: Node?
    var number: Int
    init(_ number: Int, _ next: Node?) {
        self.number = number
        self.next = next
    }
}

final class Cell<Content> {
    var content: Content
    init(_ content: Content) { self.content = content }
}

@main
enum LiveObjects {
    nonisolated(unsafe) static var nodes: [Node] = []
    nonisolated(unsafe) static var cells: [AnyObject] = []
    nonisolated(unsafe) static var closures: [() -> Int] = []
    nonisolated(unsafe) static var arrays: [[UInt8]] = []
    nonisolated(unsafe) static var texts: [String] = []

    static func main() {
        let objects = Int(CommandLine.arguments.last!)!
        for number in 0..<objects / 6 {
            nodes.append(Node(number, nodes.last))
            cells.append(Cell(number))
            cells.append(Cell(Double(number)))
            var counter = number
            closures.append {
                counter += 1
                return counter
            }
            arrays.append([UInt8](repeating: 1, count: 16 + number % 500))
            texts.append(String(repeating: "x", count: 16 + number % 90))
        }
    }
}
