package import MemScopeModel
internal import MemScopeSymbols

extension HeapSnapshot {
    /// Writes the names of C++ types as people do; in a capture they are mangled. Once more does no harm.
    package mutating func makeTypesReadable() {
        for index in types.indices where types[index].kind == .cxxObject {
            types[index].name = CxxTypeName.readable(types[index].name)
        }
    }
}
