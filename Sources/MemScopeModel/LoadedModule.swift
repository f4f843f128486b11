/// A file mapped for execution: the program or a shared library.
public struct LoadedModule: Sendable, Equatable, Hashable {
    /// First address of its mapping.
    public var start: UInt64
    /// First address past its mapping.
    public var end: UInt64
    /// What to subtract from an address to get the address in the file.
    public var bias: UInt64
    /// The file's path as the dynamic linker knows it.
    public var path: String
    /// The GNU build id in lower-case hexadecimal, empty when the file has none.
    public var buildID: String
    /// Whether it was unloaded before the snapshot was taken.
    public var isUnloaded: Bool

    /// Creates a description of a mapped file.
    public init(start: UInt64, end: UInt64, bias: UInt64, path: String, buildID: String, isUnloaded: Bool = false) {
        self.start = start
        self.end = end
        self.bias = bias
        self.path = path
        self.buildID = buildID
        self.isUnloaded = isUnloaded
    }
}
