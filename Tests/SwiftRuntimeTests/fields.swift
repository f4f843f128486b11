// Compares the names of what lies in objects with where the objects really keep what they were given.
import Foundation
import Observation

final class Kept: @unchecked Sendable { var n = 0 }
protocol Plain {}
protocol ForClasses: AnyObject {}
extension Kept: ForClasses, Plain {}
extension Int: Plain {}
struct Weak { weak var object: Kept? }
struct WeakAndMore { weak var object: Kept?; var id: Int }
struct Head { var method: String; var path: String; var owner: Kept; var inner: Inner }
struct Inner { var flag: Bool; var first: Kept?; var second: (any Plain)?; var last: Kept }
struct Pair<A> { var a: A; var k: Kept }
struct Failure: Error { var code: Int; var culprit: Kept }
enum Payload { case one(Kept), two(String, Kept), none }
enum Single { case full(Int, Kept), none }
enum Color { case red, green, blue }
struct Unnamed { var _secret: Kept; var shown: Kept }

class Base {
    var first: Kept, number = 1
    weak var parent: Kept?
    unowned var owner: Kept
    unowned(unsafe) var unsafe: Kept
    var raw: Unmanaged<Kept>
    init(_ k: [Kept]) { first = k[0]; parent = k[1]; owner = k[2]; unsafe = k[3]; raw = .passUnretained(k[4]) }
}
final class Derived<T>: Base {
    lazy var later = Kept()
    var optional: Kept?, flag = true, list: [Kept], payload: Payload, single: Single, any: any Plain
    var classOnly: any ForClasses, head: Head, maybe: Head?, weakly: Weak, more: WeakAndMore, generic: T
    var pair: Pair<T>, tuple: (Int, Kept), hook: (() -> Kept)?, unnamed: Unnamed, last: Kept
    init(_ k: [Kept], generic: T, payload: Payload) {
        optional = k[5]; list = [k[6]]; self.payload = payload; single = .full(1, k[9]); any = k[10]; classOnly = k[11]
        let inner = Inner(flag: true, first: k[12], second: k[13], last: k[14])
        head = Head(method: "GET", path: "/", owner: k[15], inner: inner)
        maybe = Head(method: "PUT", path: "/", owner: k[16], inner: inner)
        weakly = Weak(object: k[17]); more = WeakAndMore(object: k[18], id: 1); self.generic = generic
        pair = Pair(a: generic, k: k[19]); tuple = (1, k[20]); unnamed = Unnamed(_secret: k[21], shown: k[22]);
        last = k[23]
        super.init(k)
    }
}
actor Store { var item: Kept; var count = 0; init(_ k: Kept) { item = k } }
final class Coder: JSONEncoder, @unchecked Sendable { var mine: Kept?; var second: Kept? }
@Observable final class Model { var item: Kept; init(_ k: Kept) { item = k } }
final class Buffer: ManagedBuffer<Int, Kept> {}
/// One property of each type whose size is told from its mangled name, and of some whose is not.
final class Sizes {
    var a = 1, b = "", c = true, d: Int? = 1, e: Bool? = nil, f: String??, g: [Int] = [], h: [String: Int]? = nil
    var i: Kept?, j: (any Plain)?, k: any ForClasses, l: (any Error)?, m: Any = 1, n: AnyObject?, o: (() -> Void)?
    var p: (Int, Bool) = (1, true), q: Head, r: Head?, s = Color.red, t: Color?, u: Int32 = 1, v: Inner?
    var w: (any Plain & Sendable)?, x: UnsafeRawPointer?, y: UnsafeRawPointer??, z: Unnamed, ab = Single.none
    var ac: Double = 1, ad: Character = "a", ae: Substring = "", af: Set<Int> = [], ag: (a: Int8, b: Int16) = (1, 1)
    var ah: (@Sendable (Int) async throws -> String)?, ai: UInt8?, aj: Data? = nil, ak: Payload = .none
    weak var al: Kept?; weak var am: (any ForClasses)?; unowned var an: Kept; var ao: ContiguousArray<Int> = []
    init(_ o: Kept, _ head: Head) { k = o; q = head; z = Unnamed(_secret: o, shown: o); an = o }
}

nonisolated(unsafe) var failures = 0, compared = 0
func expect(_ condition: Bool, _ what: @autoclosure () -> String) {
    compared += 1
    if !condition { failures += 1; print("FAIL \(what())") }
}
func address(_ object: AnyObject) -> UInt { UInt(bitPattern: Unmanaged.passUnretained(object).toOpaque()) }

func name(_ object: UnsafeRawPointer, _ offset: Int) -> String? {
    var buffer = [CChar](repeating: 1, count: 256), ownership: UInt8 = 9
    let length = fixture_field(object, offset, &buffer, buffer.count, &ownership)
    var again = buffer, kind = ownership
    let other = Unmanaged.passUnretained(another).toOpaque()
    let row = fixture_table_field(object, other, offset, &again, again.count, &kind)
    // The table does not know where an object ends.
    if length < 0 { return nil }
    expect(row == length && again == buffer && kind == ownership, "the row for \(offset) of \(buffer)")
    let text = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text + ["", " weak", " unowned", " unmanaged"][Int(ownership)]
}

let another = Kept()

/// The names of all words of a block that lead to `target`, itself or by its side table.
func names(_ block: UInt, of target: Kept) -> [String] {
    let block = UnsafeRawPointer(bitPattern: block)!,
        counts = UnsafeRawPointer(bitPattern: address(target))!.load(fromByteOffset: 8, as: UInt.self)
    let table = counts >> 62 == 3 ? counts << 3 : nil
    return stride(from: 16, to: Int(fixture_block_size(block)) & ~7, by: 8).filter {
        let word = block.load(fromByteOffset: $0, as: UInt.self)
        return word & 0x00ff_ffff_ffff_fff8 == address(target) || word == table
    }.map { name(block, $0) ?? "nothing" }
}
func check(_ block: UInt, _ target: Kept, _ expected: String...) {
    let got = names(block, of: target)
    expect(got == expected, "\(got) for \(expected)")
}
/// In a struct, since a bare closure would be wrapped in another one for a generic call.
struct Closure { let call: () -> Any }
struct AsyncClosure { let call: @Sendable (Kept) async -> Any }
func context(of closure: Closure) -> UInt { withUnsafeBytes(of: closure) { $0.load(fromByteOffset: 8, as: UInt.self) } }
@inline(never) @_semantics("optimize.sil.specialize.generic.never") func opaque<T>(_ value: T) -> T {
    sink.append(value)  // so that it is not on the stack
    return value
}
nonisolated(unsafe) var sink: [Any] = []

func classes(_ k: [Kept]) {
    let object = opaque(Derived<String>(k, generic: "g", payload: opaque(.one(k[8])))), at = address(object)
    check(at, k[0], "first"); check(at, k[1], "parent weak"); check(at, k[2], "owner unowned")
    check(at, k[3], "unsafe unmanaged"); check(at, k[4], "raw unmanaged"); check(at, object.later, "later")
    check(at, k[5], "optional"); check(at, k[8], "payload"); check(at, k[9], "single"); check(at, k[10], "any")
    check(at, k[11], "classOnly")
    check(at, k[12], "head.inner.first", "maybe.inner.first");
    check(at, k[13], "head.inner.second", "maybe.inner.second")
    check(at, k[14], "head.inner.last", "maybe.inner.last"); check(at, k[15], "head.owner");
    check(at, k[16], "maybe.owner")
    check(at, k[17], "weakly weak"); check(at, k[18], "more.object weak"); check(at, k[20], "tuple")
    // Where a generic parameter lies in front, the parts cannot be told apart, but the property can.
    check(at, k[19], "pair"); check(at, k[21], "unnamed"); check(at, k[22], "unnamed.shown"); check(at, k[23], "last")
    object.payload = opaque(.two("t", k[8])); check(at, k[8], "payload")
    let hook = opaque(k[7])
    object.hook = { [k] in
        _ = k; return hook
    }
    let held = (16..<Int(fixture_block_size(UnsafeRawPointer(bitPattern: at)!)) / 8 * 8).filter { $0 % 8 == 0 }.first {
        name(UnsafeRawPointer(bitPattern: at)!, $0) == "hook"
    }
    if let held {
        closureName(UnsafeRawPointer(bitPattern: at + UInt(held) + 8)!, "7classes")
    } else {
        expect(false, "hook")
    }
    expect(name(UnsafeRawPointer(bitPattern: at)!, 0) == nil, "nothing lies in the header")
    expect(name(UnsafeRawPointer(bitPattern: at)!, 1 << 20) == nil, "nothing lies behind an object")
    withExtendedLifetime(object) {}
    let small = opaque(Derived<Void>(k, generic: (), payload: .none))
    check(address(small), k[23], "last"); check(address(small), k[20], "tuple")
    let wide = opaque(Derived<Head>(k, generic: object.head, payload: .none)), wideAt = address(wide)
    check(wideAt, k[23], "last"); check(wideAt, k[15], "head.owner", "generic", "pair"); check(wideAt, k[19], "pair")
    let store = Store(k[0]); check(address(store), k[0], "item")
    let coder = Coder(); coder.mine = k[0]; coder.second = k[1]
    check(address(coder), k[0], "mine"); check(address(coder), k[1], "second")
    let model = Model(k[0]); check(address(model), k[0], "_item")
    let buffer = Buffer.create(minimumCapacity: 4) {
        $0.withUnsafeMutablePointerToElements { $0.initialize(repeating: k[0], count: 2) }; return 7
    }
    check(address(buffer), k[0], "element", "element")
    withExtendedLifetime((small, wide, store, coder, model)) {}
}

/// What programs leak most: a closure that the object keeps and that keeps the object.
final class Session {
    var strong: (() -> Void)?, weak: (() -> Void)?, other: (() -> Void)?, n = 0, kept = Kept()
    init() {
        strong = { self.n += 1 }
        weak = { [weak self] in self?.n += 1 }
        other = { [kept] in self.n += kept.n }
    }
}
func cycles() {
    let session = opaque(Session()), at = UnsafeRawPointer(bitPattern: address(session))!
    let offsets = ["strong", "weak", "other"].map { wanted in
        stride(from: 24, to: 72, by: 8).first { name(at, $0 - 8) == wanted && name(at, $0) == wanted } ?? 16
    }
    expect(at.load(fromByteOffset: offsets[0], as: UInt.self) == address(session), "one captured object is the context")
    for offset in offsets { closureName(at + offset, "7SessionC") }
    let context = at.load(fromByteOffset: offsets[2], as: UnsafeRawPointer.self)
    let found = [16, 24].filter { context.load(fromByteOffset: $0, as: UInt.self) == address(session) }.map {
        name(context, $0)
    }
    expect(found == ["capture 0 (main.Session)"] || found == ["capture 1 (main.Session)"], "\(found)")
    check(
        UInt(bitPattern: context), session.kept,
        found == ["capture 0 (main.Session)"] ? "capture 1 (main.Kept)" : "capture 0 (main.Kept)")
}

/// Compiled without reflection metadata.
func bare(_ k: [Kept]) {
    let object = opaque(Derived<String>(k, generic: "g", payload: .one(k[8]))), at = address(object)
    check(at, k[0], "property 0"); check(at, k[2], "property 3"); check(at, k[5], "property 1");
    check(at, k[23], "property 17")
    let closure = opaque(Closure { [a = k[0], b = k[1]] in (a, b) })
    check(context(of: closure), k[1], "nothing")
    let array = opaque([k[0], k[1]]); check(block(array), k[1], "element 1")
    let weak = opaque([Weak(object: k[0]), Weak(object: k[1])]); check(block(weak), k[1], "element 1")
    withUnsafeBytes(of: closure) { closureName($0.baseAddress! + 8, "4bare") }
}

func closureName(_ holder: UnsafeRawPointer, _ function: String) {
    let symbol = String(cString: fixture_closure(holder))
    expect(symbol.contains(function) && symbol.contains("U"), "closure is \(symbol), not of \(function)")
}

func closures(_ k: [Kept], _ head: Head, _ text: String, _ payload: Payload) {
    let both = opaque(Closure { [a = k[0], text, b = k[1]] in (a, text, b) })
    check(context(of: both), k[0], "capture 0 (main.Kept)"); check(context(of: both), k[1], "capture 2 (main.Kept)")
    let weakly = opaque(Closure { [weak a = k[0], b = k[1]] in (a as Any, b) })
    let at = context(of: weakly)
    check(at, k[1], "capture 1 (main.Kept)")
    let first = name(UnsafeRawPointer(bitPattern: at)!, 16)
    if first == "capture 0 (main.Kept? weak) weak" {
        check(at, k[0], "capture 0 (main.Kept? weak) weak")
    } else {
        expect(first == "capture 0 (main.Kept? weak var)", "weak capture is \(first ?? "nothing")")
        check(
            UnsafeRawPointer(bitPattern: at)!.load(fromByteOffset: 16, as: UInt.self), k[0],
            "value (main.Kept? weak) weak")
    }
    let unowned = opaque(Closure { [unowned a = k[0], unowned(unsafe) b = k[1]] in (a, b) })
    check(context(of: unowned), k[0], "capture 0 (main.Kept unowned) unowned")
    check(context(of: unowned), k[1], "capture 1 (main.Kept unowned) unmanaged")
    let mixed = opaque(Closure { [flag = text.isEmpty, head, payload, a = k[2]] in (flag, head, payload, a) })
    check(context(of: mixed), head.owner, "capture 1.owner");
    check(context(of: mixed), head.inner.last, "capture 1.inner.last")
    // What lies behind a value of unknown size is a capture, but it is not known which one.
    check(context(of: mixed), k[2], "capture")
    var variable = k[3]
    let changing = opaque(
        Closure { [a = k[0]] in
            variable = a; return (variable, a)
        })
    let box = UnsafeRawPointer(bitPattern: context(of: changing))!.load(fromByteOffset: 16, as: UInt.self)
    let boxed = names(context(of: changing), of: k[0])
    expect(boxed == ["capture 1 (main.Kept)"] || boxed == ["capture 0 (main.Kept)"], "beside a box is \(boxed)")
    if boxed == ["capture 1 (main.Kept)"] { check(box, k[3], "value (main.Kept)") }
    variable = k[4]
    let nested = opaque(Closure { [call = both.call, a = k[5]] in (call, a) })
    expect(
        name(UnsafeRawPointer(bitPattern: context(of: nested))!, 24) == "capture 0 (closure)",
        "a captured closure's context")
    check(context(of: nested), k[5], "capture 1 (main.Kept)")
    closureName(UnsafeRawPointer(bitPattern: context(of: nested) + 24)!, "closures")
    withUnsafeBytes(of: both) { closureName($0.baseAddress! + 8, "8closures") }
    let asynchronous = opaque(AsyncClosure { [a = k[0], b = k[1]] c in (a, b, c) })
    withUnsafeBytes(of: asynchronous) {
        closureName($0.baseAddress! + 8, "8closures")
        check($0.load(fromByteOffset: 8, as: UInt.self), k[1], "capture 1 (main.Kept)")
    }
    let generic = opaque(Closure(call: make(k[0], 5, k[1])))
    check(context(of: generic), k[0], "capture 0 (main.Kept)"); check(context(of: generic), k[1], "capture")
    let words: (UInt, UInt) = (3, context(of: both))
    withUnsafeBytes(of: words) { expect(fixture_closure($0.baseAddress! + 8)[0] == 63, "a number is no code") }
    withExtendedLifetime((both, weakly, unowned, mixed, changing, nested, generic)) {}
}
@inline(never) @_semantics("optimize.sil.specialize.generic.never")
func make<T>(_ a: Kept, _ t: T, _ b: Kept) -> () -> Any { { (a, t, b) } }

/// The block that a one-pointer value refers to.
func block<T>(_ value: T) -> UInt { withUnsafeBytes(of: value) { $0.load(as: UInt.self) } }

func storages(_ k: [Kept], _ head: Head) {
    let array = opaque([k[0], k[1], k[0]])
    check(block(array), k[0], "element 0", "element 2"); check(block(array), k[1], "element 1")
    let heads = opaque([head, Head(method: "", path: "", owner: k[0], inner: head.inner)])
    check(block(heads), k[0], "element 1.owner")
    check(block(heads), head.inner.last, "element 0.inner.last", "element 1.inner.last")
    let weak = opaque([Weak(object: k[0]), Weak(object: k[1])])
    check(block(weak), k[1], "element 1.object weak")
    let pairs = opaque([(name: "a", k: k[0], 1), (name: "b", k: k[1], 2)] as [(name: String, k: Kept, Int)]?)
    check(block(pairs), k[1], "element 1.k")
    let optionals = opaque([Optional(head), nil, head]);
    check(block(optionals), head.owner, "element 0.owner", "element 2.owner")
    let payloads = opaque([Payload.none, .two("x", k[3])]); check(block(payloads), k[3], "element 1")
    let dictionary = opaque([1: k[0]]); check(block(dictionary), k[0], "key or value")
    expect(
        name(UnsafeRawPointer(bitPattern: block(dictionary))!, 0x30)?.hasPrefix("_raw") == true,
        "a dictionary's own fields")
    let set = opaque(Set((0..<9).map { "\($0)" }))
    expect(name(UnsafeRawPointer(bitPattern: block(set))!, 0x48) == "member", "a set has members")
    expectError(k[5])
    struct Holder { var any: Any }
    let holder = opaque(Holder(any: boxed((1, k[0], head)))); check(block(holder), k[0], "value.1")
    check(block(holder), head.owner, "value.2.owner")
    let known = opaque(Holder(any: head)), got = names(block(known), of: head.owner)
    expect(got == ["value.owner"], "\(got)")
    withExtendedLifetime((array, heads, weak, pairs, optionals, payloads, dictionary, holder, known)) {}
}
@inline(never) @_semantics("optimize.sil.specialize.generic.never") func boxed<T>(_ value: T) -> Any { value }
func expectError(_ k: Kept) {
    struct Holder { var error: any Error }
    let holder = opaque(Holder(error: Failure(code: 3, culprit: k)))
    check(block(holder), k, "value.culprit")
    withExtendedLifetime(holder) {}
}

func sizes(_ k: Kept, _ head: Head) {
    let object = Sizes(k, head), at = UnsafeRawPointer(bitPattern: address(object))!
    var known = 0, index = 0
    func size<T>(_ property: KeyPath<Sizes, T>) {
        let got = fixture_property_size(at, index), want = MemoryLayout<T>.size
        known += got >= 0 ? 1 : 0
        expect(got == want || got == -1, "property \(index) of type \(T.self) has \(got) bytes, not \(want)")
        index += 1
    }
    size(\.a); size(\.b); size(\.c); size(\.d); size(\.e); size(\.f); size(\.g); size(\.h); size(\.i); size(\.j);
    size(\.k)
    size(\.l); size(\.m); size(\.n); size(\.o); size(\.p); size(\.q); size(\.r); size(\.s); size(\.t); size(\.u);
    size(\.v)
    size(\.w); size(\.x); size(\.y); size(\.z); size(\.ab); size(\.ac); size(\.ad); size(\.ae); size(\.af); size(\.ag)
    size(\.ah); size(\.ai); size(\.aj); size(\.ak); size(\.al); size(\.am); size(\.an); size(\.ao)
    expect(fixture_property_size(at, index) == -2 && known >= 35, "\(known) of \(index) sizes are known")
    withExtendedLifetime(object) {}
}

@main struct Fields {
    static func main() async {
        guard fixture_start() else { exit(2) }
        let k = (0..<24).map { _ in Kept() }
        #if BARE
            bare(k)
        #else
            await named(k)
        #endif
        print("fields: \(compared) compared, \(failures) wrong")
        exit(failures == 0 && compared > 10 ? 0 : 1)
    }
}

func named(_ k: [Kept]) async {
    let inner = Inner(flag: false, first: nil, second: 3, last: Kept())
    let head = Head(method: "GET", path: "/a/long/path/that/is/no/small/string", owner: Kept(), inner: inner)
    classes(k)
    cycles()
    closures(k, head, CommandLine.arguments[0], opaque(.none))
    storages(k, head)
    sizes(k[0], head)
    let task = Task { k.count }
    let object = withUnsafeBytes(of: task) { $0.load(as: UnsafeRawPointer.self) }
    expect(name(object, 0x78) == "slabs" && name(object, 0x40) == "resume context", "a task's own words")
    _ = await task.value
    let noticed = fixture_damage_fields(2000)
    expect(noticed > 1000, "\(noticed) of 2000 damages are noticed")
    let tried = fixture_try_every_field()
    var extents: [UInt64] = [0, 0, 0]
    fixture_compare_extents(&extents)
    expect(extents[2] == 0 && extents[1] > 100, "\(extents): types, known extents, wrong ones")
    print("\(extents[1]) extents of \(extents[0]) types, \(tried) types with fields; ", terminator: "")
    expect(tried > 100 && compared > 250, "\(tried) types found among all addresses")
}
