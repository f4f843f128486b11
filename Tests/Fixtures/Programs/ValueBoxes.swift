// What Swift allocates behind values: existential boxes, closure contexts, indirect enums, errors, copy-on-write
// copies, weak references' side tables and lazily created caches. No concurrency.

indirect enum Expression {
    case number(Int)
    case sum(Expression, Expression)
    case product(Expression, Expression)

    var value: Int {
        switch self {
        case .number(let number): number
        case .sum(let left, let right): left.value &+ right.value
        case .product(let left, let right): left.value &* right.value
        }
    }
}

struct Large {
    var a = 1, b = 2, c = 3, d = 4, e = 5
    var name = "a name that is too long to lie inline"
}

struct Problem: Error {
    var depth: Int
    var trail: [String]
}

final class Parent {
    var children: [Child] = []
}

final class Child {
    weak var parent: Parent?
    var handler: (() -> Int)?
}

@inline(never) func build(_ depth: Int) -> Expression {
    if depth == 0 { return .number(depth + 3) }
    return depth % 2 == 0 ? .sum(build(depth - 1), build(depth - 1)) : .product(build(depth - 1), .number(depth))
}

@inline(never) func fail(_ depth: Int) throws -> Int {
    if depth == 0 { throw Problem(depth: depth, trail: ["the trail's first step, which is long"]) }
    do {
        return try fail(depth - 1)
    } catch var problem as Problem {
        problem.trail.append("step \(depth)")
        throw problem
    }
}

@main
struct ValueBoxes {
    static func main() {
        var sum = 0
        for round in 0..<400 {
            sum &+= build(12).value
            let anything: [Any] = (0..<50).map { index in
                switch index % 3 {
                case 0: return Large()
                case 1: return "\(index) and some more text to leave the inline form"
                default: return index
                }
            }
            for item in anything {
                if let large = item as? Large { sum &+= large.name.utf8.count + large.e }
                if let text = item as? String { sum &+= text.utf8.count }
            }
            do { sum &+= try fail(round % 20) } catch let problem as Problem { sum &+= problem.trail.count } catch {}
            var original = Array(0..<100)
            let copy = original
            original[round % 100] = -1
            sum &+= copy[round % 100] &- original[round % 100]
            let parent = Parent()
            for index in 0..<20 {
                let child = Child()
                child.parent = parent
                child.handler = { [weak parent] in (parent?.children.count ?? 0) + index }
                parent.children.append(child)
            }
            sum &+= parent.children.reduce(0) { $0 + ($1.handler?() ?? 0) }
        }
        print("ValueBoxes", sum)
    }
}
