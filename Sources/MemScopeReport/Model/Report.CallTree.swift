extension Report {
    /// Who called whom to allocate.
    ///
    /// The tree is a flat array, each node after its parent: deep stacks would exceed the nesting that JSON readers
    /// accept.
    package struct CallTree: Codable, Sendable, Equatable {
        /// How far the figures can be trusted.
        package var accuracy = Accuracy.exact
        /// The sum over all stacks.
        package var total = StackFigures()
        /// What was left out directly below the root.
        package var pruned: Pruned?
        /// The nodes, each after its parent.
        package var nodes: [Node] = []

        /// Creates an empty tree.
        package init() {}

        /// Children that were left out to bound the report's size.
        package struct Pruned: Codable, Sendable, Equatable {
            /// How many nodes were left out, at any depth.
            package var nodes: Int
            /// Their figures.
            package var total: StackFigures

            /// Creates a record of what was left out.
            package init(nodes: Int, total: StackFigures) {
                self.nodes = nodes
                self.total = total
            }
        }
    }
}
