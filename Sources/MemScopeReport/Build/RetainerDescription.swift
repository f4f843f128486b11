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

    /// Why there is no way from a root to some blocks.
    package static func sentence(onUnreached blocks: [Int], in graph: ObjectGraph) -> String {
        let (them, they) = blocks.count == 1 ? ("it", "it is no leak") : ("them", "they are no leaks")
        if blocks.contains(where: { graph.blocks[$0].isReachable }) {
            return "Only bytes that stand behind a string's text lead to \(them), which may be left from something else: "
                + "leaked or not."
        }
        let isIgnored = blocks.allSatisfy { graph.blocks[$0].isIgnored }
        return "Nothing leads to \(them)" + (isIgnored ? ", and the program says that \(they)." : ": leaked.")
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
                let field = builder.fieldName(of: block.type, at: path.offsets[index])
                return "  -> \(type).\(field) \(address)\(origin)"
            }
    }
}

extension GraphRoot {
    /// Whose it is, in words: `the stack of worker`.
    var text: String { name.isEmpty ? kind.words : "\(kind.words) of \(name)" }

    /// The same, and where it stands.
    var words: String { text + (address == 0 ? "" : " at 0x" + String(address, radix: 16)) }
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
