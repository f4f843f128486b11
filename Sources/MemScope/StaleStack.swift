internal import MemScopeShim

/// What calls that have returned left on the stack. A search for leaks takes each word of a frame in use for a reference, also those
/// that the frame has not written yet.
enum StaleStack {
    /// As deep as the calls go that lead to a search.
    static let bytes: UInt32 = 16 << 10

    /// Overwrites it below the frame of the caller.
    static func forget() { memscope_forget_stack(bytes) }
}
