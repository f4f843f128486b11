/// One line for each stack, root first, frames joined by semicolons, then the figure: what flame graph tools read.
///
/// Stacks whose figure is zero are left out. What was pruned appears below its caller as `(left out)`, so that the
/// lines add up to the whole.
package struct CollapsedFormat: ReportFormat {
    private let metric: Report.StackMetric

    /// Creates the format.
    /// - Parameter metric: The figure to write.
    package init(metric: Report.StackMetric) {
        self.metric = metric
    }

    /// Renders a report as collapsed stacks.
    package func render(_ report: Report) -> [UInt8] {
        let nodes = report.callTree.nodes
        // What is a node's own is what neither its children nor what was pruned account for.
        var own = nodes.map { metric.value(of: $0.figures) }
        var rootOwn = metric.value(of: report.callTree.total)
        for node in nodes {
            let value = metric.value(of: node.figures)
            if node.parent >= 0 { own[node.parent].subtract(value) } else { rootOwn.subtract(value) }
        }
        var output: [UInt8] = []
        func write(_ path: some Sequence<String>, _ value: UInt64) {
            guard value > 0 else { return }
            output.append(contentsOf: "\(path.joined(separator: ";")) \(value)\n".utf8)
        }
        var names = nodes.map { Self.name($0) }
        let leftOut = "(left out)"
        if let pruned = report.callTree.pruned.map({ metric.value(of: $0.total) }) {
            rootOwn.subtract(pruned)
            write([leftOut], pruned)
        }
        write(["(no stack)"], rootOwn)
        names.append(leftOut)
        for index in nodes.indices {
            let pruned = nodes[index].pruned.map { metric.value(of: $0.total) } ?? 0
            own[index].subtract(pruned)
            guard own[index] > 0 || pruned > 0 else { continue }
            var path: [String] = []
            var node = index
            while node >= 0 {
                path.append(names[node])
                node = nodes[node].parent
            }
            write(path.reversed(), own[index])
            write(path.reversed() + [leftOut], pruned)
        }
        return output
    }

    /// A frame's name, without the two characters that the format takes for its own.
    private static func name(_ node: Report.CallTree.Node) -> String {
        let name = String(
            decoding: node.frame.function.utf8.map { byte in
                switch byte {
                case UInt8(ascii: ";"): UInt8(ascii: ":")
                case 0..<0x20, 0x7f: UInt8(ascii: " ")
                default: byte
                }
            }, as: UTF8.self)
        return name.isEmpty ? "(unknown)" : name
    }
}

extension UInt64 {
    /// Subtracts, with nothing below zero: a report edited by hand must not stop the export.
    fileprivate mutating func subtract(_ other: UInt64) {
        self = self > other ? self - other : 0
    }
}
