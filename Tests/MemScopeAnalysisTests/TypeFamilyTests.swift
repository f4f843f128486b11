import MemScopeModel
import Testing

@testable import MemScopeAnalysis

/// What sort of thing a block holds, and whose its bytes are.
@Suite struct TypeFamilyTests {
    @Test func `the standard library's storage is told from other classes, by its whole name`() {
        func family(_ name: String) -> TypeFamily { TypeFamily(HeapType(name: name, kind: .classInstance)) }
        #expect(family("Swift._ContiguousArrayStorage<App.User>") == .array)
        #expect(family("Swift._DictionaryStorage<Swift.String, App.User>") == .dictionary)
        #expect(family("Swift._SetStorage<Swift.Int>") == .set)
        #expect(family("Swift.__StringStorage") == .string)
        #expect(family("App.Swift._SetStorage<Swift.Int>") == .class)
        #expect(family("App.User") == .class)
        #expect(TypeFamily(nil) == .raw)
        #expect(TypeFamily(HeapType(name: "Swift._SetStorage<>", kind: .cxxObject)) == .cxx)
    }

    private let buffer = 1

    /// Types: 0 a class, 1 an array's storage, 2 another class.
    private func snapshot(_ types: [Int?], edges: [(Int, Int)]) -> HeapSnapshot {
        var snapshot = HeapSnapshot.graph(types.indices.map { 1 << $0 }, edges: edges)
        snapshot.types = [
            HeapType(name: "App.Owner", kind: .classInstance),
            HeapType(name: "Swift._ContiguousArrayStorage<Swift.Int>", kind: .classInstance),
            HeapType(name: "App.Other", kind: .classInstance),
        ]
        for (index, type) in types.enumerated() { snapshot.graph.blocks[index].type = type }
        return snapshot
    }

    @Test func `a buffer that one block refers to is charged to it, however often it does`() {
        let charges = BufferCharges(snapshot([0, buffer, nil, buffer], edges: [(0, 1), (0, 1), (2, 3)]))
        #expect(charges.bytes == [2, 0, 0, 8])
    }

    @Test func `a buffer of two blocks, of a global or of a weak reference is nobody's`() {
        var shared = snapshot([0, 2, buffer, buffer, buffer], edges: [(0, 2), (1, 2), (0, 3), (0, 4)])
        shared.graph.roots = [GraphRoot(address: 8, to: 3, kind: .global, name: "app")]
        shared.graph.edges[shared.graph.firstEdge[0] + 2].kind = .weak
        #expect(BufferCharges(shared).bytes == [0, 0, 0, 0])
        // An old word on a stack says nothing.
        shared.graph.roots[0].kind = .stack
        #expect(BufferCharges(shared).bytes == [8, 0, 0, 0])
    }

    @Test func `a property that does not own is charged nothing, and takes nothing from who owns`() {
        var held = snapshot([0, 2, buffer], edges: [(0, 2), (1, 2)])
        #expect(BufferCharges(held).bytes == [0, 0, 0, 0])
        held.graph.fields = [TypeField(type: 2, offset: 0, name: "storage", ownership: .unowned)]
        #expect(BufferCharges(held).bytes == [4, 0, 0, 0])
    }

    @Test func `buffers in buffers are charged to who owns the outer one, and rings of them to nobody`() {
        let nested = snapshot([0, buffer, buffer, buffer], edges: [(0, 1), (1, 2), (1, 3)])
        #expect(BufferCharges(nested).bytes == [14, 0, 0, 0])
        let ring = snapshot([buffer, buffer, buffer], edges: [(0, 1), (1, 0), (1, 2)])
        #expect(BufferCharges(ring).bytes == [0, 0, 0, 0])
    }
}
