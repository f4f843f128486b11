/// What the symbols say about one code address.
package struct AddressDescription: Sendable, Equatable {
    /// The function that the address lies in, innermost first: functions inlined there, then the one they were inlined
    /// into. Empty if nothing is known.
    package var frames: [Report.Frame]

    /// Creates a description.
    /// - Parameter frames: The frames, innermost first.
    package init(frames: [Report.Frame]) {
        self.frames = frames
    }
}
