package import MemScopeModel

/// What would be freed if a component of leaked blocks went: its own bytes, and all that it alone keeps.
///
/// Components make a graph without cycles, so dominators take one pass from the outside inwards: a component's is the nearest
/// common dominator of those that refer to it.
package struct RetainedSizes: Sendable {
    /// The component that alone keeps each one, -1 for none.
    package private(set) var dominator: [Int32]
    /// Whether anything outside of the component refers to it.
    package private(set) var isReferred: [Bool]
    /// Bytes that each component keeps, its own included.
    package private(set) var bytes: [UInt64]

    private var depth: [Int32]
    /// A dominator further out, so that a common one is found in a logarithmic number of steps.
    private var jump: [Int32]

    /// Computes dominators and sizes. About linear in nodes and references.
    package init(_ graph: ObjectGraph, _ leaked: LeakedBlocks, _ components: StrongComponents) {
        let count = components.count
        dominator = [Int32](repeating: -1, count: count)
        isReferred = [Bool](repeating: false, count: count)
        bytes = [UInt64](repeating: 0, count: count)
        depth = [Int32](repeating: 0, count: count)
        jump = [Int32](repeating: -1, count: count)
        for component in stride(from: count - 1, through: 0, by: -1) {
            settle(Int32(component))
            for node in components.members(of: component) {
                bytes[component] += graph.blocks[Int(leaked.block[Int(node)])].size
                for reference in leaked.references(of: Int(node)) {
                    let target = Int(components.component[Int(leaked.targets[reference])])
                    if target == component { continue }
                    dominator[target] =
                        isReferred[target] ? common(dominator[target], Int32(component)) : Int32(component)
                    isReferred[target] = true
                }
            }
        }
        for component in 0..<count where dominator[component] >= 0 {
            bytes[Int(dominator[component])] += bytes[component]
        }
    }

    /// Everything that refers to the component has been seen: its depth and its jump are known now.
    private mutating func settle(_ component: Int32) {
        let outer = dominator[Int(component)]
        guard outer >= 0 else {
            depth[Int(component)] = 1
            return
        }
        depth[Int(component)] = depth[Int(outer)] + 1
        let far = jump[Int(outer)]
        let farDepth = far < 0 ? 0 : depth[Int(far)]
        let further = far < 0 ? -1 : jump[Int(far)]
        let furtherDepth = further < 0 ? 0 : depth[Int(further)]
        // Jumps of equal length join to one of twice the length.
        jump[Int(component)] = depth[Int(outer)] - farDepth == farDepth - furtherDepth && far >= 0 ? further : outer
    }

    private func common(_ first: Int32, _ second: Int32) -> Int32 {
        var (low, high) = (first, second)
        while low != high {
            if low < 0 || high < 0 { return -1 }
            if depth[Int(low)] < depth[Int(high)] { swap(&low, &high) }
            if depth[Int(low)] > depth[Int(high)] {
                let far = jump[Int(low)]
                low = far >= 0 && depth[Int(far)] >= depth[Int(high)] ? far : dominator[Int(low)]
            } else {
                let (farLow, farHigh) = (jump[Int(low)], jump[Int(high)])
                if farLow != farHigh && farLow >= 0 && farHigh >= 0 {
                    (low, high) = (farLow, farHigh)
                } else {
                    (low, high) = (dominator[Int(low)], dominator[Int(high)])
                }
            }
        }
        return low
    }
}
