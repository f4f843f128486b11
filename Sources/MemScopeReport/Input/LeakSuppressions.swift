package import MemScopeModel

/// Leaks that nobody wants to hear of, in LeakSanitizer's form: a line `leak:PATTERN` for each.
///
/// A pattern is part of a function's name, of a source file or of a module's path, anywhere in the stack that allocated a
/// block; `*` stands for anything, `^` for the beginning and `$` for the end. What a suppressed block leads to is suppressed with it.
package struct LeakSuppressions: Sendable, Equatable {
    private var patterns: [SuppressionPattern] = []

    /// Suppresses nothing.
    package init() {}

    /// Whether nothing is suppressed.
    package var isEmpty: Bool { patterns.isEmpty }

    /// Reads a file's text. Empty lines and lines that begin with `#` mean nothing.
    /// - Throws: ``ReportError`` naming the line that is no suppression.
    package init(_ text: String, of path: String) throws(ReportError) {
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = String(line).trimmingSpaces
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard line.hasPrefix("leak:"), line.count > "leak:".count else {
                throw ReportError(
                    code: .badInput, what: "\(path): line \(number + 1) is no suppression", why: "it reads: \(line)",
                    remedy: "write leak:PATTERN")
            }
            add(String(line.dropFirst("leak:".count)))
        }
    }

    /// Adds what a text has of suppressions, and passes over what else it has.
    package mutating func add(linesOf text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let line = String(line).trimmingSpaces
            if line.hasPrefix("leak:"), line.count > "leak:".count { add(String(line.dropFirst("leak:".count))) }
        }
    }

    private mutating func add(_ text: String) { patterns.append(SuppressionPattern(text)) }

    /// Applies all that options, the program and MemScope itself suppress.
    /// - Returns: How many leaked blocks were suppressed, and their bytes.
    @discardableResult
    package static func apply(
        _ options: ReportOptions, to snapshot: inout HeapSnapshot, _ names: SnapshotNames
    ) -> (blocks: UInt64, bytes: UInt64) {
        var all = options.suppressions
        all.add(linesOf: snapshot.leakScan.programSuppressions)
        if options.usesBuiltInSuppressions { all.add(linesOf: builtInText) }
        let suppressed = all.apply(to: &snapshot, names)
        snapshot.forgiveIgnoredObjects()
        return suppressed
    }

    /// Marks what is suppressed in a snapshot's graph as ignored. Linear in the graph; each stack is looked at once.
    /// - Returns: How many leaked blocks were suppressed, and their bytes.
    package func apply(to snapshot: inout HeapSnapshot, _ names: SnapshotNames) -> (blocks: UInt64, bytes: UInt64) {
        guard !patterns.isEmpty else { return (0, 0) }
        var isMatch = [Bool?](repeating: nil, count: snapshot.nodes.count)
        var open: [Int] = []
        for (index, block) in snapshot.graph.blocks.enumerated() where !block.isReachable && !block.isIgnored {
            if matches(snapshot.sites[block.site].node, snapshot, names, &isMatch) {
                snapshot.graph.blocks[index].isIgnored = true
                open.append(index)
            }
        }
        var blocks: UInt64 = 0
        var bytes: UInt64 = 0
        while let index = open.popLast() {
            blocks += 1
            bytes += snapshot.graph.blocks[index].size
            for edge in snapshot.graph.edges(of: index) where edge.kind == .strong {
                let target = snapshot.graph.blocks[edge.to]
                if target.isReachable || target.isIgnored { continue }
                snapshot.graph.blocks[edge.to].isIgnored = true
                open.append(edge.to)
            }
        }
        return (blocks, bytes)
    }

    private func matches(
        _ node: Int, _ snapshot: HeapSnapshot, _ names: SnapshotNames, _ known: inout [Bool?]
    ) -> Bool {
        if node == 0 { return false }
        if let answer = known[node] { return answer }
        let address = snapshot.nodes[node].address
        var frames = address < names.addresses.count ? names.addresses[address].frames : []
        if frames.isEmpty { frames = [ModuleMap(snapshot.modules).frame(for: snapshot.addresses[address])] }
        let isMatch =
            frames.contains { frame in
                [frame.function, frame.file, frame.module].contains { (text: String) in
                    patterns.contains { $0.matches(text) }
                }
            } || matches(snapshot.nodes[node].parent, snapshot, names, &known)
        known[node] = isMatch
        return isMatch
    }
}

extension HeapSnapshot {
    /// The ledger's objects that the graph ignores did not leak for whoever reads of them.
    fileprivate mutating func forgiveIgnoredObjects() {
        guard ledger.objects.contains(where: \.isLeaked) else { return }
        let ignored = Set(graph.blocks.lazy.filter(\.isIgnored).map(\.address))
        for index in ledger.objects.indices where ignored.contains(ledger.objects[index].address) {
            ledger.objects[index].isLeaked = false
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self[...]
        while text.first == " " || text.first == "\t" { text = text.dropFirst() }
        while text.last == " " || text.last == "\t" { text = text.dropLast() }
        return String(text)
    }
}
