internal import MemScopeShim

/// What a program knows of its leaks that no search can see. All of it may be said before tracking starts.
extension MemoryTracker {
    /// Adds memory in which references to blocks stand, such as a part of a pool or of a file that processes share.
    ///
    /// Memory of the process's own is searched anyway; this is for what is not: files that are mapped, and a part of a block that counts
    /// although nothing refers to the block. What of it cannot be read is passed over.
    ///
    /// - Parameter region: The memory, which may be gone when leaks are looked for. Added twice it must be removed twice.
    public static func addRootRegion(_ region: UnsafeRawBufferPointer) {
        if !memscope_leaks_add_root(region.baseAddress, region.count) {
            StandardError.say("A root region was not added: there are 65536 of them already.")
        }
    }

    /// Says that what stands in some memory are no references, such as what a pool or a cache still has of objects that it gave away.
    ///
    /// Counts in global data, in memory that was mapped, and in parts of blocks alike. Where no copy of the process can be made, parts of blocks are
    /// searched all the same, and the report says so.
    ///
    /// - Parameter region: The memory, which may be gone when leaks are looked for. Ignored twice it must be removed twice.
    public static func ignoreRootRegion(_ region: UnsafeRawBufferPointer) {
        if !memscope_leaks_ignore_root(region.baseAddress, region.count) {
            StandardError.say("A root region is not ignored: there are 65536 of them already.")
        }
    }

    /// Takes back ``addRootRegion(_:)`` or ``ignoreRootRegion(_:)``. Does nothing unless one was called with the same region.
    ///
    /// - Parameter region: The memory, with the same beginning and size.
    public static func removeRootRegion(_ region: UnsafeRawBufferPointer) {
        memscope_leaks_remove_root(region.baseAddress, region.count)
    }

    /// Says that an object is no leak, whoever refers to it, nor what it refers to.
    ///
    /// For what lives as long as the process and is deliberately not kept anywhere. Holds until the object is freed; one that was allocated
    /// before tracking started is unknown, and never reported.
    ///
    /// - Parameter object: The object.
    public static func ignoreLeak(of object: AnyObject) {
        memscope_leaks_ignore(Unmanaged.passUnretained(object).toOpaque())
    }

    /// Says that a block is no leak, nor what it refers to, until it is freed.
    ///
    /// - Parameter pointer: Anywhere in the block.
    public static func ignoreLeak(at pointer: UnsafeRawPointer) {
        memscope_leaks_ignore(pointer)
    }

    /// Runs `body` and says of what this thread allocates meanwhile that it is no leak, nor what that refers to.
    ///
    /// Calls nest. For work that suspends, and for what other threads and tasks allocate, name a scope and ignore that:
    /// ``ignoreLeaks(inScope:)``.
    ///
    /// - Parameter body: What to run.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, with its type.
    public static func withLeaksIgnored<Value, Failure: Error>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        memscope_leaks_ignore_begin()
        defer { memscope_leaks_ignore_end() }
        return try body()
    }

    /// Says that nothing that was or will be allocated in scopes of a name is a leak, nor what that refers to.
    ///
    /// The scopes are those of ``trackScope(_:_:)``, wherever they were entered, with their inner scopes and the tasks created in them. For
    /// good: there is no way back.
    ///
    /// - Parameter name: The scope's name, as a whole.
    public static func ignoreLeaks(inScope name: String) {
        var name = name
        let hasRoom = name.withUTF8 { memscope_leaks_ignore_scope($0.baseAddress, UInt32(clamping: $0.count)) }
        if !hasRoom { StandardError.say("The scope \(name) is not ignored: there are too many such names.") }
    }
}
