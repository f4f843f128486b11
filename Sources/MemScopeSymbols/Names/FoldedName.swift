/// A function's name as a person would say it.
public struct FoldedName: Sendable, Hashable {
    /// The name to show.
    public var display: String
    /// What was left out, and what the function is.
    public var traits: FunctionTraits
    /// Whose code it is as far as the name tells; `program` where it does not.
    public var role: FrameRole

    /// Creates a folded name.
    public init(display: String, traits: FunctionTraits = [], role: FrameRole = .program) {
        self.display = display
        self.traits = traits
        self.role = role
    }
}
