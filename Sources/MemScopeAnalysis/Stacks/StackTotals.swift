/// Everything allocated by the stacks that end in one node of a tree, whatever the sizes.
package struct StackTotals: Sendable, Equatable {
    /// The node of the innermost frame.
    package var node: Int32
    /// How many distinct stacks end there.
    package var stacks: Int32 = 0
    /// The totals of their sites.
    package var totals = AllocationTotals()
}
