final class Session {
    var log: [String] = []

    @inline(never)
    func handle(_ text: String) async -> Int {
        log.append(text)
        let first = await leaf(1)
        log.append("\(first)")
        let second = await leaf(2)
        return first + second + log.count
    }
}

@inline(never)
func leaf(_ value: Int) async -> Int {
    await Task.yield()
    return (0..<value).map { $0 + square($0) }.reduce(0, +)
}

@inline(__always)
func square(_ value: Int) -> Int {
    value * value
}

protocol Shape {
    func points() -> [Int]
}

struct Box<Element: BinaryInteger>: Shape {
    var items: [Element]

    @inline(never)
    func points() -> [Int] { items.map { Int($0) } }
}

@inline(never)
func count(_ shape: any Shape) -> Int {
    shape.points().count
}

@main
struct Program {
    static func main() async {
        let session = Session()
        print(await session.handle("hello"))
        print(count(Box<UInt8>(items: [1, 2, 3])), count(Box<Int>(items: [])))
    }
}
