// Allocates in Swift code without concurrency: generics, existentials, closures, throwing, collections, text.
import Foundation

protocol Shape { func area() -> Double; func scaled(_ by: Double) -> any Shape }
struct Square: Shape {
    var side: Double
    var tag = [1, 2, 3]
    func area() -> Double { side * side }
    func scaled(_ by: Double) -> any Shape { Square(side: side * by) }
}
final class Circle: Shape {
    let radius: Double; let name: String
    init(_ radius: Double) { self.radius = radius; name = "circle of radius \(radius) and a text that needs memory" }
    func area() -> Double { 3.14 * radius * radius }
    func scaled(_ by: Double) -> any Shape { Circle(radius * by) }
}
indirect enum Tree {
    case leaf(String), node(Tree, Tree)
    @inline(never) static func make(_ depth: Int) -> Tree {
        depth == 0 ? .leaf("a leaf whose text is long enough to be allocated") : .node(make(depth - 1), make(depth - 1))
    }
    @inline(never) func count() -> Int {
        switch self {
        case .leaf(let text): text.uppercased().count;
        case .node(let a, let b): a.count() + b.count()
        }
    }
}
enum Trouble: Error { case deep([Int]) }
@inline(never) func fail(_ depth: Int) throws -> [Int] {
    let here = Array(repeating: depth, count: depth + 1)
    if depth == 0 { throw Trouble.deep(here) }
    return try fail(depth - 1) + here
}
struct Record: Codable, Hashable { var id: Int; var name: String; var tags: [String] }
@inline(never) func generic<T: Hashable, S: Sequence>(_ items: S, _ make: (S.Element) -> T) -> [T: [S.Element]] {
    Dictionary(grouping: items, by: make)
}

var total = 0.0
for round in 0..<30 {
    var shapes: [any Shape] = []
    for index in 0..<50 {
        let size = Double(index)
        if index % 2 == 0 { shapes.append(Square(side: size)) } else { shapes.append(Circle(size)) }
    }
    shapes = shapes.map { $0.scaled(2) }.sorted { $0.area() < $1.area() }
    total += shapes.reduce(0) { $0 + $1.area() } + Double(Tree.make(6).count())
    do { _ = try fail(round) } catch { total += Double("\(error)".count) }
    let records = (0..<20).map { Record(id: $0, name: "record \($0) with a long name", tags: ["a", "b\($0)"]) }
    let data = try! JSONEncoder().encode(records)
    total += Double(try! JSONDecoder().decode([Record].self, from: data).count)
    total += Double(
        generic(records, { $0.id % 3 }).count + generic(0..<100, { "key \($0 % 7) that is long enough" }).count)
    lazy var text = records.map(\.name).joined(separator: ", ").split(separator: " ").map(String.init)
    total += Double(Set(text).count + String(format: "%d %@ %f", round, "x", 2.5).count)
    total += Double(Date(timeIntervalSince1970: Double(round)).description.count)
}
print(total)
