/// What a displayed function name leaves out, or what kind of function it stands for.
public struct FunctionTraits: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt16

    /// Creates a set from its bits.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// A copy that the compiler made for certain types or constant arguments.
    public static let specialized = FunctionTraits(rawValue: 1 << 0)
    /// A function that only adapts a call and passes it on.
    public static let thunk = FunctionTraits(rawValue: 1 << 1)
    /// The part of an asynchronous function after an `await`.
    public static let continuation = FunctionTraits(rawValue: 1 << 2)
    /// A part that the compiler moved out of its function: outlined, cold, or the second half of a coroutine.
    public static let outlined = FunctionTraits(rawValue: 1 << 3)
    /// One copy shared by functions that compiled to the same code, so that the name may be that of another.
    public static let merged = FunctionTraits(rawValue: 1 << 4)
    /// The implementation of a protocol's requirement, called through the protocol.
    public static let witness = FunctionTraits(rawValue: 1 << 5)
    /// A closure.
    public static let closure = FunctionTraits(rawValue: 1 << 6)
    /// Code that nobody wrote: metadata accessors, copies and destructions of values.
    public static let generated = FunctionTraits(rawValue: 1 << 7)
}
