package import MemScopeModel
package import MemScopeSymbols

extension SnapshotNames {
    /// Finds the names of a snapshot's addresses. Takes tens of microseconds per address that the symbolicator has not
    /// met before.
    /// - Parameters:
    ///   - snapshot: Whose addresses.
    ///   - symbolicator: Who knows.
    package init(of snapshot: HeapSnapshot, by symbolicator: some Symbolicator) {
        // A function's first byte is looked up as what a call of one byte would return to.
        let code = snapshot.graph.closures.map { $0 &+ 1 }
        let running = snapshot.graph.stackFunctions
        let found = symbolicator.symbolicate(snapshot.addresses + code + running, modules: snapshot.modules)
        let notes = Dictionary(
            found.modules.map { ($0.module, $0.note ?? "") }, uniquingKeysWith: { first, _ in first })
        self.init(
            addresses: found.addresses.prefix(snapshot.addresses.count).map(Self.description),
            moduleNotes: snapshot.modules.map { notes[$0] ?? "" },
            closures: found.addresses.dropFirst(snapshot.addresses.count).prefix(code.count).map {
                Self.closure($0.frames)
            })
        stackFunctions = found.addresses.suffix(running.count).map(Self.description)
    }

    private static func description(_ address: SymbolicatedAddress) -> AddressDescription {
        AddressDescription(frames: address.frames.map(Report.Frame.init(_:)))
    }

    /// The closure that a function is, or adapts a call to. Whatever else stands beside a pointer is none.
    private static func closure(_ frames: [SourceFrame]) -> Report.Frame? {
        guard let function = frames.last, !function.isRuntime,
            function.traits.contains(.closure) || function.traits.contains(.thunk)
        else { return nil }
        var frame = Report.Frame(function)
        // An adapter has no line, but the closure's own body may be part of it.
        let body = frames.last { $0.line != nil && $0.function == function.function }
        frame.file = body?.file ?? ""
        frame.line = body?.line ?? 0
        return frame
    }
}

extension Report.Frame {
    fileprivate init(_ frame: SourceFrame) {
        self.init(
            function: frame.function, file: frame.file ?? "", line: frame.line ?? 0, module: frame.module,
            isInlined: frame.isInlined, isRuntime: frame.isRuntime)
    }
}
