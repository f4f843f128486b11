// Classes that could be structs, and classes that only look like it, all alive at the end. Each is a case whose name begins
// with `Value` or `Shared`; `check.py` compares that with what the report infers.

import Glibc

let count = 120

// MARK: objects that are one owner's, and nothing but data

final class ValuePoint { var x = 1, y = 2 }
final class ValueColor { let red: UInt8 = 1, green: UInt8 = 2, blue: UInt8 = 3 }
final class ValueAddress { var street = "a street", number = 7 }
final class ValueName { let first = "first", last = "last" }
final class ValueAmount { var cents = 100 }
final class ValueInterval { let from = 0.0, to = 1.0 }
final class ValueFlag { var isOn = false }
final class ValueEntry { var key = 3, texts = ["one", "two"] }
final class ValueSample { let time = 5.0, values: [Double]; init() { values = [1, 2, 3] } }
final class ValueOption { var level: Int? = 3 }
final class ValueBox<Content> { let content: Content; init(_ content: Content) { self.content = content } }
final class ValueTriple { var a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8 }
final class ValueTotal { var sum = 0.0, samples = 0 }

final class ValuePerson {
    let address = ValueAddress()
    let name = ValueName()
    var amount: ValueAmount? = ValueAmount()
}
enum Event {
    case sample(ValueSample)
    case nothing
}

nonisolated(unsafe) var points: [ValuePoint] = []
nonisolated(unsafe) var colors: [Int: ValueColor] = [:]
nonisolated(unsafe) var people: [ValuePerson] = []
nonisolated(unsafe) var intervals: [String: ValueInterval] = [:]
nonisolated(unsafe) var flags: [[ValueFlag]] = []
nonisolated(unsafe) var entries: [(Int, ValueEntry)] = []
nonisolated(unsafe) var events: [Event] = []
nonisolated(unsafe) var options: [ValueOption?] = []
nonisolated(unsafe) var boxes: [ValueBox<Int>] = []
nonisolated(unsafe) var triples: ContiguousArray<ValueTriple> = []
nonisolated(unsafe) var totals: [String: ValueTotal] = [:]

@inline(never) func makeValues() {
    for number in 0..<count {
        points.append(ValuePoint())
        colors[number] = ValueColor()
        people.append(ValuePerson())
        intervals["interval \(number)"] = ValueInterval()
        flags.append([ValueFlag()])
        entries.append((number, ValueEntry()))
        events.append(.sample(ValueSample()))
        options.append(ValueOption())
        boxes.append(ValueBox(number))
        triples.append(ValueTriple())
        totals["total \(number)"] = ValueTotal()
    }
}

// MARK: objects that are shared, referred to weakly, recursive, polymorphic, large, few, or have an identity

final class SharedByTwoLists { var value = 1 }
final class SharedAmongSome { var value = 1 }
final class ValueWithDelegate { weak var delegate: ValueWithDelegate.Owner?; final class Owner {} }
final class SharedTarget { var value = 1 }
final class SharedWatcher { weak var target: SharedTarget?; init(_ target: SharedTarget) { self.target = target } }
final class SharedParent { var value = 2 }
final class ValueChild { unowned let parent: SharedParent; init(_ parent: SharedParent) { self.parent = parent } }
final class SharedLink { var next: SharedLink?; var value = 3 }
final class SharedTree { var children: [SharedTree] = []; var value = 4 }
class SharedShape { var name = "shape" }
final class SharedCircle: SharedShape { var radius = 1 }
final class SharedSquare: SharedShape { var side = 1 }
final class SharedByClosure { var value = 5 }
final class SharedFew { var value = 6 }
final class SharedLarge {
    var a = (0, 0, 0, 0, 0, 0, 0, 0), b = (0, 0, 0, 0, 0, 0, 0, 0), c = (0, 0, 0, 0, 0, 0, 0, 0)
}
protocol Plugin: AnyObject {}
final class SharedPluginOne: Plugin { var value = 7 }
final class SharedPluginTwo: Plugin { var value = 8 }
/// Looks like a value, but its address is its name.
final class SharedIdentity { var value = 9 }
/// Looks like a value, but somebody takes it out of the list and changes it there.
final class SharedCounter {
    var value = 11
    func count() { value += 1 }
}
/// Looks like a value, but is compared by identity.
final class SharedToken { let kind = 12 }
/// Looks like a value, but is at one address as long as it lives.
final class SharedMutex {
    private var mutex = pthread_mutex_t()
    init() { pthread_mutex_init(&mutex, nil) }
}
/// Looks like a value, but is meant for others to inherit from.
class SharedOpen { var value = 13 }
/// Looks like a value, but what it stands for must be given back.
final class SharedResource {
    let descriptor = 10
    deinit { closed &+= descriptor }
}
nonisolated(unsafe) var closed = 0
final class SharedInCycle { var peer: ValueInCyclePeer? }
final class ValueInCyclePeer { weak var back: SharedInCycle? }

nonisolated(unsafe) var listOne: [SharedByTwoLists] = []
nonisolated(unsafe) var listTwo: [SharedByTwoLists] = []
nonisolated(unsafe) var some: [SharedAmongSome] = []
nonisolated(unsafe) var someMore: [SharedAmongSome] = []
nonisolated(unsafe) var owners: [ValueWithDelegate.Owner] = []
nonisolated(unsafe) var delegates: [ValueWithDelegate] = []
nonisolated(unsafe) var targets: [SharedTarget] = []
nonisolated(unsafe) var watchers: [SharedWatcher] = []
nonisolated(unsafe) var parents: [SharedParent] = []
nonisolated(unsafe) var children: [ValueChild] = []
nonisolated(unsafe) var links: SharedLink?
nonisolated(unsafe) var trees: [SharedTree] = []
nonisolated(unsafe) var shapes: [SharedShape] = []
nonisolated(unsafe) var closures: [() -> Int] = []
nonisolated(unsafe) var few: [SharedFew] = []
nonisolated(unsafe) var large: [SharedLarge] = []
nonisolated(unsafe) var plugins: [any Plugin] = []
nonisolated(unsafe) var identities: [ObjectIdentifier: SharedIdentity] = [:]
nonisolated(unsafe) var resources: [SharedResource] = []
nonisolated(unsafe) var counters: [SharedCounter] = []
nonisolated(unsafe) var tokens: [SharedToken] = []
nonisolated(unsafe) var mutexes: [SharedMutex] = []
nonisolated(unsafe) var opens: [SharedOpen] = []
nonisolated(unsafe) var cycles: [SharedInCycle] = []

@inline(never) func makeShared() {
    for number in 0..<count {
        let both = SharedByTwoLists()
        listOne.append(both)
        listTwo.append(both)
        some.append(SharedAmongSome())
        if number % 10 == 0 { someMore.append(some[number]) }
        let owner = ValueWithDelegate.Owner()
        owners.append(owner)
        let delegating = ValueWithDelegate()
        delegating.delegate = owner
        delegates.append(delegating)
        targets.append(SharedTarget())
        watchers.append(SharedWatcher(targets[number]))
        parents.append(SharedParent())
        children.append(ValueChild(parents[number]))
        let link = SharedLink()
        link.next = links
        links = link
        let tree = SharedTree()
        tree.children = [SharedTree(), SharedTree()]
        trees.append(tree)
        shapes.append(number % 2 == 0 ? SharedCircle() : SharedSquare())
        let captured = SharedByClosure()
        closures.append {
            captured.value += 1; return captured.value
        }
        if number < 4 { few.append(SharedFew()) }
        large.append(SharedLarge())
        plugins.append(number % 2 == 0 ? SharedPluginOne() : SharedPluginTwo())
        let identity = SharedIdentity()
        identities[ObjectIdentifier(identity)] = identity
        resources.append(SharedResource())
        counters.append(SharedCounter())
        let counter = counters[number / 2]
        counter.count()
        tokens.append(SharedToken())
        if tokens[0] === tokens[number] { closed += 1 }
        mutexes.append(SharedMutex())
        opens.append(SharedOpen())
        let cycle = SharedInCycle()
        cycle.peer = ValueInCyclePeer()
        cycle.peer?.back = cycle
        cycles.append(cycle)
    }
}

makeValues()
makeShared()
print(points.count + listOne.count)
