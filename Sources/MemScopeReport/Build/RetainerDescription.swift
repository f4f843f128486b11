package import MemScopeAnalysis
package import MemScopeModel

/// A way from a root to a block, in words.
package struct RetainerDescription {
    private let builder: ReportBuilder
    private var snapshot: HeapSnapshot { builder.snapshot }

    /// Creates a description of ways in a snapshot.
    package init(_ snapshot: HeapSnapshot, _ names: SnapshotNames) {
        builder = ReportBuilder(snapshot: snapshot, names: names, options: ReportOptions(), suppressed: (0, 0))
    }

    /// One line for the root, and one for each block on the way.
    package func lines(of path: RetainerPaths.Path) -> [String] {
        let root = snapshot.graph.roots[path.root]
        let place = root.address == 0 ? "" : " at 0x" + String(root.address, radix: 16)
        return ["\(root.text)\(place)"]
            + path.blocks.indices.map { index in
                let block = snapshot.graph.blocks[path.blocks[index]]
                let type = block.type.map { snapshot.types[$0].name } ?? "untyped, \(block.size) bytes"
                let name = builder.name(ofBlock: path.blocks[index]).map { " \"\($0)\"" } ?? ""
                let address = "0x" + String(block.address, radix: 16) + name
                let frame = builder.programFrame(of: snapshot.sites[block.site].node)
                let origin = frame.map { ", allocated in \($0.place)" } ?? ""
                guard index < path.offsets.count else { return "  -> \(type) \(address)\(origin)" }
                let field =
                    block.type.flatMap { snapshot.graph.fieldName(of: $0, at: path.offsets[index]) }
                    ?? "offset \(path.offsets[index])"
                return "  -> \(type).\(field) \(address)\(origin)"
            }
    }
}

extension GraphRoot {
    /// Where it stands, in words: `the stack of worker`.
    var text: String { name.isEmpty ? kind.words : "\(kind.words) of \(name)" }
}

extension GraphRoot.Kind {
    fileprivate var words: String {
        switch self {
        case .global: "a global"
        case .stack: "the stack"
        case .register: "a register"
        case .threadLocal: "memory of a thread's own"
        case .mapping: "memory that the program mapped"
        case .task: "a task"
        case .added: "memory that the program named"
        case .earlierBlock: "a block from before tracking began"
        }
    }
}
