// A program whose retains and releases were counted by hand: check.py knows what each object must have.
//
// Objects are made by `make`, which leaves one reference and no variable, and are then known by their address alone: the
// compiler adds nothing. What `make` itself does is told by Control, with which nothing else is done.
import Glibc

final class Control { var word = 1 }
final class Counted { var word = 2 }
final class Paired { var word = 3 }
final class Handed { var word = 4 }
final class Leaked { var word = 5 }
final class Watched { var word = 6 }
final class Contended { var word = 7 }
final class Tasked { var word = 8 }
final class Brief { var word = 9 }
final class Managed { var word = 10 }
final class Many { var word = 11 }
final class Hosted { var word = 12 }
final class Unowned { var word = 13 }
final class Immortal { var word = 14 }
final class Stormed { var word = 15 }
final class Swung { var word = 16 }
final class Scattered { var word = 17 }

typealias Pointer = UnsafeMutableRawPointer
nonisolated(unsafe) var sum = 0

@inline(never) func make<Object: AnyObject>(_ object: () -> Object) -> Pointer {
    // A side effect, or calls are taken for equal.
    sum += 1
    return Unmanaged.passRetained(object()).toOpaque()
}

// Retained: 2 + 4 + 1 + 1 = 8. Released: 3 + 1 = 4.
@inline(never) func count() {
    let object = make { Counted() }
    keepOnce(object)
    keepOnce(object)
    keepFour(object)
    keepByTrying(object)
    keepBridged(object)
    dropThree(object)
    dropBridged(object)
}

// In Swift, where the compiler may add pairs: two references more, then one less.
@inline(never) func keepUnmanaged(_ object: Pointer) {
    sum += Int(bitPattern: Unmanaged<Managed>.fromOpaque(object).retain().toOpaque()) & 1
}
@inline(never) func dropUnmanaged(_ object: Pointer) {
    Unmanaged<Managed>.fromOpaque(object).release()
    sum += 1
}
@inline(never) func manage() {
    let object = make { Managed() }
    keepUnmanaged(object)
    keepUnmanaged(object)
    dropUnmanaged(object)
}

// Many at once, with one reference more each.
@inline(never) func multiply(_ count: Int) {
    for _ in 0..<count { keepOnce(make { Many() }) }
}

// 1 000 balanced pairs, and one reference more, taken in the middle: it alone may be left.
@inline(never) func pair() {
    let object = make { Paired() }
    for turn in 0..<1000 {
        if turn == 500 { keepOnce(object) }
        borrow(object)
    }
}

// What a getter retains is released by who called it; what was stored stays.
@inline(never) func handOver() {
    let object = make { Handed() }
    store(object)
    for _ in 0..<100 { use(object) }
}

// As people write it: a variable, and a reference passed to where nobody takes it back.
@inline(never) func leakByPassRetained(_ object: Leaked) {
    sum += Int(bitPattern: Unmanaged.passRetained(object).toOpaque()) & 1
}
@inline(never) func leak() {
    let object = Leaked()
    leakByPassRetained(object)
    sum += object.word
}

// A weak load retains out of sight; the release is seen.
final class Watcher { weak var object: Watched? }
@inline(never) func load(_ watcher: Watcher) { if let object = watcher.object { sum += object.word } }
@inline(never) func watch() {
    let object = make { Watched() }
    keepOnce(object)
    let watcher = Watcher()
    watcher.object = Unmanaged<Watched>.fromOpaque(object).takeUnretainedValue()
    for _ in 0..<1000 { load(watcher) }
}

// So does the load of an unowned reference; the reference itself is no strong one.
final class Visitor {
    unowned let host: Hosted
    init(_ host: Hosted) { self.host = host }
}
@inline(never) func call(_ visitor: Visitor) { sum += visitor.host.word }
@inline(never) func visit() {
    let object = make { Hosted() }
    keepOnce(object)
    let visitor = Visitor(Unmanaged<Hosted>.fromOpaque(object).takeUnretainedValue())
    for _ in 0..<1000 { call(visitor) }
    let other = make { Unowned() }
    for _ in 0..<10 { keepUnowned(other) }
    keepOnce(other)
}

// What never ends may be retained and released as often as anybody likes.
@inline(never) func outlive() {
    let object = make { Immortal() }
    makeImmortal(object)
    for _ in 0..<500 { borrow(object) }
    borrowEmptyArray(1000)
}

@inline(never) func blow() {
    storm(make { Stormed() }, 1_000_000)
    swing(make { Swung() }, 5000)
    scatter(make { Scattered() }, 4, 64)
}

struct Shared: @unchecked Sendable { let object: Pointer }
@inline(never) func work() async {
    let shared = Shared(object: make { Tasked() })
    for _ in 0..<3 { await Task { keepInTask(shared.object) }.value }
    // Tasks whose numbers are far apart.
    for _ in 0..<200 { await Task {}.value }
    await Task { keepInTask(shared.object) }.value
}

// 2 000 objects that end as they should: nothing of them may be left.
@inline(never) func endAll() {
    for _ in 0..<2000 {
        let object = make { Brief() }
        borrow(object)
        dropOnce(object)
    }
}

@main struct Truth {
    static func main() async {
        if CommandLine.arguments.contains("crowd") {
            multiply(70_000)
            _exit(0)
        }
        let control = make { Control() }
        count()
        manage()
        multiply(400)
        pair()
        handOver()
        leak()
        watch()
        visit()
        outlive()
        contend(make { Contended() }, 6, 500)
        // After it, threads have high numbers.
        blow()
        await work()
        endAll()
        let works = worksInChild(control)
        print("done", sum, works)
        fflush(nil)
        // Without the releases of an orderly end.
        _exit(works == 1 ? 0 : 1)
    }
}
