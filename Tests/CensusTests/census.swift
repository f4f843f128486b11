// Keeps as many blocks as its argument says of each sort that a census tells apart, and has freed three times as many of some.

#if canImport(Glibc)
    import Glibc
#endif

final class Plain { var value = 1 }
class Base { var one = 1 }
final class Derived: Base { var two = 2 }
final class Holder<Content> {
    var content: Content
    init(_ content: Content) { self.content = content }
}
final class Pair<First, Second> { var first: First?; var second: Second? }
actor Clerk { var served = 0 }
struct Wide { var a = 1, b = 2, c = 3, d = 4, e = 5 }
indirect enum Chain { case end(Plain), link(Int, Chain) }
struct Failure: Error { var code: Int, why: String }
final class Watched { var value = 1 }
final class Watcher { weak var watched: Watched? }
protocol Speaker {}
extension Speaker {
    /// Of a type that only the runtime knows: it makes the box.
    var copy: any Speaker { self }
}
extension Wide: Speaker {}

final class Keeper {
    var objects: [AnyObject] = []
    var closures: [() -> Int] = []
    var existentials: [any Speaker] = []
    var chains: [Chain] = []
    var numbers: [[Int16]] = []
    var texts: [String] = []
    var tables: [[Int32: Int64]] = []
    var sets: [Set<Int16>] = []
    var errors: [any Error] = []
    var tasks: [Task<Int, Never>] = []
    var passing: [AnyObject] = []
}

nonisolated(unsafe) let keeper = Keeper()

/// Lets an object escape for a moment, so that it is not made on the stack.
@inline(never) func pass(_ object: AnyObject) {
    keeper.passing.append(object)
    if keeper.passing.count == 8 { keeper.passing.removeAll() }
}

@inline(never) func keep(_ number: Int) {
    keeper.objects.append(Plain())
    keeper.objects.append(Derived())
    keeper.objects.append(Holder("\(number)"))
    keeper.objects.append(Holder(number))
    keeper.objects.append(Holder([Int?].init(repeating: number, count: 3)))
    keeper.objects.append(Clerk())
    var counter = number
    keeper.closures.append {
        counter += 1
        return counter
    }
    keeper.existentials.append(Wide())
    keeper.existentials.append(keeper.existentials[number].copy)
    keeper.chains.append(.link(number, .end(Plain())))
    keeper.numbers.append([Int16](repeating: 7, count: 11 + number % 3))
    keeper.texts.append("a text that is too long to be kept in the string itself: \(number)")
    keeper.tables.append([Int32(number): 2])
    keeper.sets.append([Int16(truncatingIfNeeded: number)])
    keeper.errors.append(Failure(code: number, why: "none"))
    // One that is watched and lives, and one that is gone.
    let watched = Watched(), watcher = Watcher(), late = Watcher()
    watcher.watched = watched
    keeper.objects += [watched, watcher, late]
    let gone = Watched()
    late.watched = gone
    pass(gone)
}

@inline(never) func churn(_ number: Int) {
    pass(Plain())
    pass(Holder(Int8(truncatingIfNeeded: number)))
    pass(Holder([UInt32](repeating: 3, count: 9)))
}

/// Makes types until the runtime has filled some pools with their metadata.
@inline(never) func makeTypes<First, Second>(_ first: First.Type, _ second: Second.Type, depth: Int) {
    keeper.objects.append(Pair<First, Second>())
    guard depth > 0 else { return }
    makeTypes(Pair<First, Second>.self, second, depth: depth - 1)
    makeTypes(first, Holder<Second>.self, depth: depth - 1)
}

@main struct Census {
    static func main() async {
        let count = Int(CommandLine.arguments[1])!
        for number in 0..<count {
            keep(number)
            for _ in 0..<3 { churn(number) }
            keeper.tasks.append(
                Task {
                    await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
                    return number
                })
        }
        keeper.passing.removeAll()
        makeTypes(Int.self, String.self, depth: 7)
        try? await Task.sleep(for: .milliseconds(200))
        // While everything is there.
        _exit(0)
    }
}
