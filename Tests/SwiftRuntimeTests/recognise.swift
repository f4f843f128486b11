// Checks what is made of blocks by their first words, live and at free.
import Foundation

final class Plain { var a = 1, b = 2 }
class Open { var name = "open" }
final class Sub: Open { var extra = [1, 2, 3] }
final class Generic<T> { var value: T; init(_ value: T) { self.value = value } }
final class Wide { var a = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) }
final class Buffer: ManagedBuffer<Int, UInt8> {}
actor Actor { var n = 0; func bump() { n += 1 } }
struct Failure: Error { var code: Int, text: String }
final class Weakly { weak var other: Plain?; unowned let sure: Plain; init(_ p: Plain) { other = p; sure = p } }
indirect enum Tree { case leaf(Int), node(Tree, Tree) }
struct N<T> {}
protocol Marker {}

nonisolated(unsafe) var failures = 0
nonisolated(unsafe) var checks = 0
func expect(_ condition: Bool, _ what: @autoclosure () -> String, line: UInt = #line) {
    checks += 1
    if !condition { failures += 1; print("FAIL line \(line): \(what().prefix(300))") }
}

@inline(never) @_optimize(none) func escape<T>(_ value: T) -> T { value }

@inline(never) func announce(_ object: AnyObject, _ kind: UInt8 = 0) {
    let address = UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
    // An immortal object is never freed; its words are those of an object all the same.
    expect(fixture_live_kind(address) == kind, "live \(type(of: object)) is \(fixture_live_kind(address))")
    fixture_announce(address, kind)
}
@inline(never) func announceWord<T>(_ value: T, at offset: Int = 0, _ kind: UInt8) {
    let address = withUnsafeBytes(of: value) { $0.load(fromByteOffset: offset, as: UnsafeRawPointer.self) }
    expect(fixture_live_kind(address) == kind, "live \(T.self) is \(fixture_live_kind(address)), not \(kind)")
    fixture_announce(address, kind)
}

@inline(never) func objects(_ i: Int) {
    let all: [AnyObject] = [
        Plain(), Open(), Sub(), Generic(i), Generic("\(i)"), Generic([i: "x"]), Wide(), Actor(),
        Buffer.create(minimumCapacity: 100) { _ in i }, NSMutableArray(), NSLock(), JSONEncoder(), NSDate(),
    ]
    for object in all { announce(object) }
    let plain = Plain()
    announce(plain)
    announce(Weakly(plain))
    announceWord((0...(i % 50)).map { "a long enough string number \($0)" }, 0)
    announceWord(Dictionary(uniqueKeysWithValues: (0...9).map { ($0, "\($0)") }), 0)
    announceWord(escape(Failure(code: i, text: "f\(i)")) as any Error, 3)
    let text = "captured \(i)"
    let closure: () -> String = escape { [plain, text] in "\(plain.a) \(text) \(i)" }
    announceWord(closure, at: 8, 1)
    expect(closure().contains("captured"), "closure runs")
}

@inline(never) func rawBlocks() {
    let object = Plain()
    let isa = UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque()).load(as: UInt64.self)
    let heap = UInt64(UInt(bitPattern: Unmanaged.passUnretained(object).toOpaque()))
    let code = unsafeBitCast(dlsym(nil, "malloc"), to: UInt64.self)
    var words: [(UInt64, UInt64)] = [
        (0, 0), (isa, 0), (isa, 4096), (isa, heap), (isa + 8, 0x1_0000_0003), (isa - 8, 0x1_0000_0003), (heap, 3),
        (code, 3), (code & ~7, 0x1_0000_0003), (.max, .max), (0x7fff_ffff_fff8, 3), (0x1000, 3), (1, 1),
    ]
    if fixture_vtable() != 0 { words.append((fixture_vtable(), 0x1_0000_0003)) }
    for (first, second) in words {
        expect(fixture_freed_kind(first, second, 64) == 255, "freed raw \(first) \(second)")
        let block = fixture_raw_block(first, second)
        fixture_announce(block, 255)
        fixture_free(block)
    }
    expect(
        fixture_kind(isa, 32) == 0 && fixture_kind(isa, 24) == 255 && fixture_kind(isa, 8) == 255,
        "an object does not fit into a smaller block")
    expect(
        fixture_kind(isa, 32) == fixture_kind_uncached(isa, 32) && fixture_kind_uncached(isa, 24) == 255,
        "with and without the cache")
    // Dead, alive, side table: the two rules.
    expect(
        fixture_freed_kind(isa, 3, 32) == 255 && fixture_freed_kind(isa, 0x1_0000_0001, 32) == 0
            && fixture_freed_kind(isa, 0xc000_0000_0000_1234, 32) == 0, "freed words")
    withExtendedLifetime(object) {}
}

/// Makes more generic metadata than the runtime's static pool holds.
func deepen<T>(_ type: T.Type, _ depth: Int) -> [AnyObject] {
    depth == 0 ? [] : [Generic<N<T>?>(nil)] + deepen(N<T>.self, depth - 1)
}

@main struct Recognise {
    static func main() async {
        guard fixture_start() else { exit(2) }
        for i in 0..<200 { objects(i) }
        rawBlocks()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    await Task.yield(); await Actor().bump()
                }
            }
        }
        let many = deepen(Int.self, 250)
        // What a snapshot does first: the pool in use is known from then on.
        fixture_poll_pool()
        for object in many { announce(object) }
        var census = [UInt64](repeating: 0, count: 10)
        fixture_census(&census)
        expect(census[1] == 0, "\(census[1]) of \(census[0]) announced blocks misjudged at free")
        expect(census[0] > 3000, "\(census[0]) announced blocks freed")
        expect(census[2 + 4] >= 50, "tasks at free: \(census)")
        expect(fixture_pool_count() >= 2, "\(fixture_pool_count()) metadata pools")
        var named = 0
        let recognised = fixture_try_every_address(&named)
        expect(recognised > 500 && named == recognised, "\(recognised) recognised, \(named) named")
        var times = [0.0, 0, 0, 0]
        let sample = Generic("x")
        fixture_measure_metadata(Unmanaged.passUnretained(sample).toOpaque(), &times)
        withExtendedLifetime(sample) {}
        print(
            "\(checks) checks, \(failures) wrong; announced \(census[0]), others by kind \(census[2...]); \(fixture_pool_count()) pools; \(recognised) in all modules; "
                + "ns: plausible, cached, uncached, name \(times.map { Int($0.rounded()) })")
        exit(failures == 0 ? 0 : 1)
    }
}
