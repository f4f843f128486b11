package import MemScopeModel
package import MemScopeSymbols

extension SnapshotNames {
    /// Finds the names of a snapshot's addresses. Takes tens of microseconds per address that the symbolicator has not
    /// met before.
    /// - Parameters:
    ///   - snapshot: Whose addresses.
    ///   - symbolicator: Who knows.
    package init(of snapshot: HeapSnapshot, by symbolicator: some Symbolicator) {
        let found = symbolicator.symbolicate(snapshot.addresses, modules: snapshot.modules)
        let notes = Dictionary(
            found.modules.map { ($0.module, $0.note ?? "") }, uniquingKeysWith: { first, _ in first })
        self.init(
            addresses: found.addresses.map { address in
                AddressDescription(frames: address.frames.map(Report.Frame.init(_:)))
            },
            moduleNotes: snapshot.modules.map { notes[$0] ?? "" })
    }
}

extension Report.Frame {
    fileprivate init(_ frame: SourceFrame) {
        self.init(
            function: frame.function, file: frame.file ?? "", line: frame.line ?? 0, module: frame.module,
            isInlined: frame.isInlined, isRuntime: frame.isRuntime)
    }
}
