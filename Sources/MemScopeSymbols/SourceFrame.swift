/// One function around an address, with the place in its source.
public struct SourceFrame: Sendable, Equatable, Hashable {
    /// The name to show: folded for people, or `module+0xoffset` where nothing is known.
    public var function: String
    /// The name as the file has it, mangled; nil where nothing is known.
    public var linkageName: String?
    /// The path of the source file as the compiler recorded it.
    public var file: String?
    private var storedLine: UInt32
    private var storedColumn: UInt32
    /// Whether the compiler put this function's code into that of the next frame.
    public var isInlined: Bool
    /// The file name of the module, empty for an address in none.
    public var module: String
    /// What `function` leaves out, and what kind of function it is.
    public var traits: FunctionTraits
    /// Whose code it is.
    public var role: FrameRole

    /// The line, counted from 1; nil where unknown.
    public var line: Int? {
        get { storedLine == 0 ? nil : Int(storedLine) }
        set { storedLine = UInt32(clamping: newValue ?? 0) }
    }

    /// The column, counted from 1; nil where unknown.
    public var column: Int? {
        get { storedColumn == 0 ? nil : Int(storedColumn) }
        set { storedColumn = UInt32(clamping: newValue ?? 0) }
    }

    /// Whether the frame belongs to Swift's runtime, to a system library or to the allocator, not to the program.
    public var isRuntime: Bool { role != .program }

    /// Creates a frame.
    public init(
        function: String, linkageName: String? = nil, file: String? = nil, line: Int? = nil, column: Int? = nil,
        isInlined: Bool = false, module: String = "", traits: FunctionTraits = [], role: FrameRole = .program
    ) {
        self.function = function
        self.linkageName = linkageName
        self.file = file
        storedLine = UInt32(clamping: line ?? 0)
        storedColumn = UInt32(clamping: column ?? 0)
        self.isInlined = isInlined
        self.module = module
        self.traits = traits
        self.role = role
    }
}
