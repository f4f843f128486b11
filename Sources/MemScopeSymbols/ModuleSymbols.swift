public import MemScopeModel

/// What could be learnt about a module, and why no more.
public struct ModuleSymbols: Sendable, Equatable {
    /// Which functions the module's file names.
    public enum Names: UInt8, Sendable {
        /// None.
        case none
        /// Those it exports; the others were stripped.
        case exported
        /// All.
        case all
    }

    /// Why a module's file, or a part of it, was not used.
    public enum Problem: Sendable, Equatable {
        /// The module is no file, as the kernel's own `linux-vdso.so.1`.
        case noFile
        /// The file could not be read; the value is `errno`.
        case unreadable(errno: Int32)
        /// The file is not a 64-bit little-endian ELF file, or is damaged.
        case malformed
        /// The file was replaced since it was loaded. The values are build ids, of the module and of the file.
        case differentBuild(loaded: String, found: String)
        /// The debug information is compressed, which is not supported: names, but no lines.
        case compressedDebugInformation
        /// The debug information is in separate `.dwo` files, which is not supported: lines, but no inlined functions.
        case splitDebugInformation
    }

    /// The module.
    public var module: LoadedModule
    /// The file that symbols were taken from, if it is not the module's own: one with separate debug information.
    public var debugFile: String?
    /// Which functions can be named.
    public var names: Names
    /// Whether there are source lines for any of it.
    public var hasLines: Bool
    /// What went wrong, or nil.
    public var problem: Problem?
    /// How many addresses fell into the module.
    public var addresses: Int
    /// How many of these got a function's name.
    public var named: Int

    /// Creates a description.
    public init(
        module: LoadedModule, debugFile: String? = nil, names: Names = .none, hasLines: Bool = false,
        problem: Problem? = nil, addresses: Int = 0, named: Int = 0
    ) {
        self.module = module
        self.debugFile = debugFile
        self.names = names
        self.hasLines = hasLines
        self.problem = problem
        self.addresses = addresses
        self.named = named
    }

    /// A sentence for the report on what is missing and what would help; nil where nothing is missing.
    public var note: String? {
        switch problem {
        case .noFile: return nil
        case .unreadable(let code): return "\(module.path) could not be read (error \(code)): offsets only."
        case .malformed: return "\(module.path) is no readable 64-bit ELF file: offsets only."
        case .differentBuild(let loaded, let found):
            return "\(module.path) is not the file that ran (build id \(loaded) ran, "
                + "\(found.isEmpty ? "none" : found) is there now): offsets only. Export before rebuilding."
        case .compressedDebugInformation:
            return "\(module.path) has compressed debug information, which is not read: no lines. "
                + "Build with -gz=none."
        case .splitDebugInformation:
            return
                "\(module.path) keeps its debug information in .dwo files, which are not read: "
                + "no inlined functions. Build without -gsplit-dwarf."
        case nil: break
        }
        switch (names, hasLines) {
        case (.none, false): return "\(module.path) was stripped of all names: offsets only."
        case (.exported, false):
            return "\(module.path) was stripped: exported functions have names, the others offsets, none has lines."
        case (.all, false): return "\(module.path) was built without debug information: names, but no lines. Add -g."
        default: return nil
        }
    }
}
