// What Swift programs do with references, of every kind: with a ledger on it must do what it does without, and say so with
// the same words.
import Foundation

struct Item: Codable, Hashable {
    var name: String
    var tags: [String]
    var details: [String: Double]
    var child: [Item]
}

protocol Animal { func speak() -> String }
final class Dog: Animal, Sendable { func speak() -> String { "wuff" } }
struct Bird: Animal { let names = ["one", "two"]; func speak() -> String { names.joined(separator: "-") } }
enum Shape { case circle(Dog), square(Bird, Dog), none; indirect case group(Shape, Shape) }
struct Refusal: Error { let why: String; let dog: Dog }

class Node { unowned let owner: Owner; weak var other: Node?; init(_ owner: Owner) { self.owner = owner } }
final class Owner {
    var nodes: [Node] = []; lazy var handler: (Int) -> Int = { [weak self] in $0 + (self?.nodes.count ?? 0) }
}
final class Pool: ManagedBuffer<Int, Dog> {}

actor Counter {
    private var counts: [String: Int] = [:]
    func add(_ key: String) -> Int { counts[key, default: 0] += 1; return counts[key]! }
}

enum Local { @TaskLocal static var tag = Dog() }

func codable(_ turn: Int) throws -> Int {
    let item = Item(
        name: "näme\(turn)", tags: ["a", "a rather long tag that is no small string \(turn)"],
        details: ["x": 1.5, "y": Double(turn)], child: [Item(name: "", tags: [], details: [:], child: [])])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode([item, item])
    return try JSONDecoder().decode([Item].self, from: data) == [item, item] ? data.count : -1
}

func dates(_ turn: Int) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyy-MM-dd HH:mm"
    return formatter.string(from: Date(timeIntervalSince1970: Double(turn) * 86_400))
}

func existentials(_ turn: Int) -> String {
    let animals: [any Animal] = [Dog(), Bird(), Dog()]
    let all: [Any] = [
        animals[turn % 3], "text", 3, [1, 2], Shape.group(.circle(Dog()), .square(Bird(), Dog())),
        { turn } as () -> Int,
    ]
    return animals.map { $0.speak() }.joined() + all.map { "\(type(of: $0))" }.joined(separator: ",")
}

func errors(_ turn: Int) -> String {
    func refuse() throws { throw Refusal(why: "no \(turn)", dog: Dog()) }
    do { try refuse() } catch let refusal as Refusal { return refusal.why + refusal.dog.speak() } catch { return "?" }
    return "-"
}

func references(_ turn: Int) -> Int {
    let owner = Owner()
    for _ in 0..<5 { owner.nodes.append(Node(owner)) }
    owner.nodes[0].other = owner.nodes[1]
    let gone = Owner()
    weak let left = gone.nodes.first
    var sum = owner.handler(turn) + owner.nodes.filter { $0.other != nil }.count + owner.nodes[3].owner.nodes.count
    if left == nil { sum += 1 }
    let pool = Pool.create(minimumCapacity: 4) { _ in 4 }
    pool.withUnsafeMutablePointerToElements { elements in
        for index in 0..<4 { (elements + index).initialize(to: Dog()) }
        elements.deinitialize(count: 4)
    }
    let unmanaged = Unmanaged.passRetained(Dog())
    sum += unmanaged.takeUnretainedValue().speak().count
    unmanaged.retain().release()
    unmanaged.release()
    return sum
}

func collections(_ turn: Int) -> Int {
    var table: [String: [Dog]] = [:]
    for index in 0..<50 { table["key \(index % 7)", default: []].append(Dog()) }
    var copy = table
    copy["key 1"]?.removeAll()
    let keys = Set(table.keys.map { $0.uppercased() })
    var slices = table.values.flatMap { $0 }[...]
    slices.removeFirst(turn % 5)
    let text = String(repeating: "ü", count: 40) + "\(turn)"
    let bridged = NSString(string: text)
    let array = NSArray(array: [bridged, "small", NSNumber(value: turn)])
    return copy.count + keys.count + slices.count + (bridged as String).count + array.count
        + text.split(separator: "ü").count
        + Data(text.utf8)[3...].count + (URL(string: "https://example.com/\(turn)")?.pathComponents.count ?? 0)
}

func tasks(_ turn: Int) async -> Int {
    let counter = Counter()
    let grouped = await withTaskGroup(of: Int.self) { group in
        for index in 0..<8 { group.addTask { await counter.add("k\(index % 3)") + Local.tag.speak().count } }
        return await group.reduce(0, +)
    }
    async let one = counter.add("one")
    async let two = Local.$tag.withValue(Dog()) { await counter.add("two") + Local.tag.speak().count }
    let stream = AsyncStream<Dog> {
        for _ in 0..<3 { $0.yield(Dog()) }; $0.finish()
    }
    var heard = 0
    for await dog in stream { heard += dog.speak().count }
    let continued = await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: Dog().speak().count) }
    }
    return await grouped + one + two + heard + continued
}

@main struct Zoo {
    static func main() async throws {
        let turns = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 20 : 20
        for turn in 0..<turns {
            var line = [try codable(turn), references(turn), collections(turn), await tasks(turn)].description
            line += dates(turn) + existentials(turn) + errors(turn)
            print(turn, line)
        }
    }
}
