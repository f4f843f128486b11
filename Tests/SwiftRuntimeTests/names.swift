// Compares the names that are read from metadata with those that the Swift runtime gives.
import Foundation

struct Outer<T> {
    struct Inner<U> {}
    struct Plain {}
    enum Choice<V> { case a(V), b }
    final class Node<U> { var u: U? }
    final class Leaf {}
}
private struct Hidden {}
private final class HiddenClass<T> { var t: T? }
fileprivate enum HiddenEnum { case a, b }
extension Outer where T == Int { struct OnlyForInt {} }
extension Array { struct Page { var rows: [Element] } }
extension String { final class Cursor { var at = 0 } }
protocol Shape { func area() -> Double }
protocol Named { associatedtype Name }
protocol Bounded: AnyObject {}
open class Base<T> { var t: T? }
class Derived<K, V>: Base<V> { var k: K? }
final class Bottom: Derived<String, Int> {}
class ResilientChild<T>: JSONEncoder, @unchecked Sendable { var t: T? }
class ResilientFormatter: DateFormatter, @unchecked Sendable { var x = 1 }
final class Managed: ManagedBuffer<Int, String> {}
actor Counter { var n = 0 }
actor Store<Key: Hashable, Value> { var d: [Key: Value] = [:] }
enum Tree { indirect case node(Tree, Tree); case leaf(Int) }
struct Failure: Error { var code: Int }
enum Trouble: Error { case one(String) }
struct Pack<each T> { var v: (repeat each T) }
struct Constrained<S: Sequence> where S.Element == Int {}
struct Wrapper<A, B, C> {}

nonisolated(unsafe) var failures = 0
nonisolated(unsafe) var compared = 0

func read(_ isa: UnsafeRawPointer, _ object: UnsafeRawPointer? = nil) -> (name: String, kind: UInt8) {
    var kind: UInt8 = 0
    var buffer = [CChar](repeating: 1, count: 1024)
    let length = fixture_type_name(isa, object, &buffer, buffer.count, &kind)
    precondition(buffer[length] == 0)
    return (String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self), kind)
}

/// `(Hidden in $12ab)` becomes `Hidden`; `(unknown context at $…).` goes.
func plain(_ name: String) -> String {
    name.replacing(#/\(unknown context at \$[0-9a-f]+\)\./#, with: "")
        .replacing(#/\((\w+) in \$?_?[0-9A-Fa-f]+\)/#) { $0.output.1 }
        .replacing(#/\((\w+) #\d+ in [^)]*\)/#) { $0.output.1 }
}

func check(_ type: Any.Type, _ want: String? = nil) {
    compared += 1
    let got = read(unsafeBitCast(type, to: UnsafeRawPointer.self)).name
    let expected = want ?? plain(_typeName(type, qualified: true))
    if got != expected {
        failures += 1
        print("FAIL \(got)\n  is \(_typeName(type, qualified: true))")
    }
}

func checkObject(_ object: AnyObject, kind: UInt8 = 0) {
    compared += 1
    let address = UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
    let got = read(address.load(as: UnsafeRawPointer.self), address)
    let live = fixture_live_kind(address)
    let expected = plain(_typeName(type(of: object), qualified: true))
    if got.name != expected || got.kind != kind || live != kind {
        failures += 1
        print("FAIL object \(got) live \(live)\n  is \(_typeName(type(of: object), qualified: true))")
    }
}

func local() -> [Any.Type] {
    struct Local {}
    final class LocalGeneric<T> { var t: T? }
    return [Local.self, LocalGeneric<[Local]>.self]
}
@main struct Names {
    static func main() {
        guard fixture_start() else { exit(2) }
        check(Int.self); check(String.self); check([Int].self); check([String: [Double?]].self);
        check(Set<Character>.self)
        check(Int?.self); check(Int???.self); check(Result<Int, any Error>.self); check(Never.self); check(Void.self)
        check((Int, String).self); check((a: Int, b: String).self); check((Int, x: (Bool, Bool)).self)
        check(((Int) -> String).self); check((() -> Void).self);
        check((@Sendable (Int, [String]) async throws -> Bool).self)
        check((@convention(c) (Int32) -> Int32).self); check(((Int) -> (Int) -> Int).self)
        check(Any.self); check(AnyObject.self); check((any Error).self); check((any Shape).self);
        check((any Shape & Bounded).self)
        check((any Shape & Base<Int>).self); check(Int.Type.self); check((any Shape).Type.self);
        check((any Shape.Type).self)
        check(Any.Type.self); check(Base<Int>.Type.self)
        check(Outer<Int>.Inner<String>.self); check(Outer<Int>.Plain.self); check(Outer<[Int]>.Choice<Bool?>.self)
        check(Outer<Outer<Int>.Plain>.Node<(Int, String)>.self); check(Outer<() -> Void>.Leaf.self)
        check(Hidden.self); check(HiddenClass<Hidden>.self); check(HiddenEnum.self); check([HiddenEnum?].self)
        for type in local() { check(type) }
        check(Array<Int>.Page.self); check(String.Cursor.self)
        check(Outer<Int>.OnlyForInt.self)
        check(Base<any Shape>.self); check(Derived<String, [Int]>.self); check(Bottom.self)
        check(ResilientChild<String>.self); check(ResilientFormatter.self); check(Managed.self)
        check(ManagedBuffer<Int, String>.self); check(Counter.self); check(Store<String, any Shape>.self)
        check(Tree.self); check(Failure.self); check(Trouble.self); check(Constrained<[Int]>.self)
        check(Wrapper<Int.Type, Any.Type, (any Shape)?>.self); check(Data.self); check(URL.self); check(Date.self)
        check(JSONEncoder.self); check(Operation.self); check(Notification.self);
        check(UnsafeMutablePointer<Int32>.self)
        check(FILE.self); check(timespec.self); check(DispatchTimeInterval.self); check(AsyncStream<Int>.self);
        check(Task<Int, any Error>.self)
        check(ArraySlice<UInt8>.self); check(LazyMapSequence<[Int], String>.self); check(KeyPath<String, Int>.self)
        check(Pack<Int, String>.self, "main.Pack<_>")

        checkObject(Outer<Int>.Node<String>()); checkObject(HiddenClass<Int>()); checkObject(Derived<Int, Bool>());
        checkObject(Bottom())
        checkObject(Counter()); checkObject(ResilientChild<Int>()); checkObject(ResilientFormatter());
        checkObject(NSString(string: "x"))
        checkObject(NSMutableArray()); checkObject(NSLock()); checkObject(JSONDecoder()); checkObject(NSDate());
        checkObject(String.Cursor())
        checkObject(Managed.create(minimumCapacity: 4) { _ in 7 }); checkObject(\String.count as AnyKeyPath)
        checkObject(try! NSRegularExpression(pattern: "a+")); checkObject(Store<Int, [Hidden]>())
        storages()
        boxes()
        // A buffer that is too small gets the front of the name and its NUL.
        var small = [CChar](repeating: 1, count: 8)
        var kind: UInt8 = 0
        let length = fixture_type_name(
            unsafeBitCast([Int].self, to: UnsafeRawPointer.self), nil, &small, small.count, &kind)
        expect(length == 7 && small[7] == 0, "cut to fit")
        print("names: \(compared) compared, \(failures) wrong, \(fixture_pool_count()) pools")
        exit(failures == 0 && compared > 80 ? 0 : 1)
    }
}

func expect(_ condition: Bool, _ what: String) {
    compared += 1
    if !condition { failures += 1; print("FAIL \(what)") }
}

/// Checks the object that a one-pointer value refers to, while the value is alive.
func expectHeap<T>(_ value: T, _ name: String, _ kind: UInt8) {
    withExtendedLifetime(value) {
        let pointer = withUnsafeBytes(of: value) { $0.load(as: UnsafeRawPointer.self) }
        let got = read(pointer.load(as: UnsafeRawPointer.self), pointer), live = fixture_live_kind(pointer)
        expect(got.name == name && got.kind == kind && live == kind, "\(got) for \(name) \(kind), live \(live)")
    }
}

@inline(never) func opaque<T>(_ value: T) -> T { value }

func storages() {
    expectHeap(opaque((0..<9).map { "\($0)" }), "Swift._ContiguousArrayStorage<Swift.String>", 0)
    expectHeap(opaque((0..<9).map { $0 * CommandLine.arguments.count }), "Swift._ContiguousArrayStorage<Swift.Int>", 0)
    expectHeap(
        Dictionary(uniqueKeysWithValues: (0..<9).map { ("\($0)", [$0]) }),
        "Swift._DictionaryStorage<Swift.String, Swift.Array<Swift.Int>>", 0)
    expectHeap(Set((0..<9).map { $0 * CommandLine.arguments.count }), "Swift._SetStorage<Swift.Int>", 0)
}

struct Wide { var a: Int, b: String, c: String }

@inline(never) @_semantics("optimize.sil.specialize.generic.never")
func boxed<T>(_ value: T) -> Any { value }

func boxes() {
    let base = Bottom(), number = CommandLine.arguments.count, text = "n\(number)"
    let closure: () -> Any = opaque { [base, number, text] in (base, number, text) }
    let context = withUnsafeBytes(of: closure) { $0.load(fromByteOffset: 8, as: UnsafeRawPointer.self) }
    let got = withExtendedLifetime(closure) { read(context.load(as: UnsafeRawPointer.self), context) }
    expect(
        got.kind == 1 && got.name.hasPrefix("closure context (") && got.name.contains("Bottom")
            && got.name.contains("Swift.String"), "\(got)")
    expectHeap(opaque(Failure(code: 4) as any Error), "main.Failure", 3)
    expectHeap(opaque(Trouble.one(text) as any Error), "main.Trouble", 3)
    // In a struct, since a bare Any would be opened for the call below.
    struct Holder { var any: Any }
    expectHeap(Holder(any: boxed((number, text, text))), "(Swift.Int, Swift.String, Swift.String)", 2)
    // Where the compiler knows the type, the box looks like a closure's context.
    expectHeap(opaque(Holder(any: Wide(a: number, b: text, c: text))), "closure context (main.Wide)", 1)
}
