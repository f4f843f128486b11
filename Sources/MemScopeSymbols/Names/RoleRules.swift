/// Tells from names whose code a function is.
///
/// A module's file name decides first. Names matter where the runtime is linked statically, and where code of a
/// library was specialised or inlined into the program.
package enum RoleRules {
    /// The role of everything in a module with that file name, or nil where the functions must tell.
    package static func role(ofModule name: String) -> FrameRole? {
        if name.hasPrefix("libMemScopePreload") { return .allocation }
        let stem = name.prefix { $0 != "." }
        if systemModules.contains(String(stem)) || name.hasPrefix("linux-vdso") { return .system }
        return systemPrefixes.contains { stem.hasPrefix($0) } ? .system : nil
    }

    private static let systemModules: Set<String> = [
        "libc", "libm", "libdl", "librt", "libpthread", "libresolv", "libutil", "libgcc_s", "libstdc++", "libc++",
        "libc++abi", "libunwind", "ld-linux-x86-64", "ld-linux-aarch64", "ld-musl-x86_64", "ld-musl-aarch64", "libc-2",
        "ld-2", "libjemalloc", "libmimalloc", "libtcmalloc", "libtcmalloc_minimal",
        // The toolchain's. A library of the program's may begin as they do.
        "libBlocksRuntime", "libFoundation", "libFoundationEssentials", "libFoundationInternationalization",
        "libFoundationNetworking", "libFoundationXML", "libTesting", "libXCTest", "lib_FoundationICU",
        "lib_InternalSwiftStaticMirror", "lib_TestingInterop", "lib_Testing_Foundation", "libdispatch",
        "libswiftAndroid",
        "libswiftCore", "libswiftCxx", "libswiftCxxStdlib", "libswiftDispatch", "libswiftDistributed", "libswiftGlibc",
        "libswiftMusl", "libswiftObservation", "libswiftRegexBuilder", "libswiftRemoteMirror", "libswiftRuntime",
        "libswiftSwiftOnoneSupport", "libswiftSynchronization", "libswift_Backtracing", "libswift_Builtin_float",
        "libswift_Concurrency", "libswift_Differentiation", "libswift_RegexParser", "libswift_StringProcessing",
        "libswift_Volatile",
    ]
    private static let systemPrefixes = ["ld-linux"]

    /// The role of a C function.
    package static func role(ofPlain name: String) -> FrameRole {
        if allocationNames.contains(name) { return .allocation }
        if allocationPrefixes.contains(where: { name.hasPrefix($0) }) { return .allocation }
        if systemNames.contains(name) { return .system }
        return plainSystemPrefixes.contains { name.hasPrefix($0) } ? .system : .program
    }

    private static let allocationNames: Set<String> = [
        "malloc", "calloc", "realloc", "reallocarray", "free", "cfree", "posix_memalign", "aligned_alloc", "memalign",
        "valloc", "pvalloc", "free_sized", "free_aligned_sized", "__libc_malloc", "__libc_calloc", "__libc_realloc",
        "__libc_memalign", "__libc_free", "_int_malloc", "_int_realloc", "_int_memalign", "_int_free", "sysmalloc",
        "swift_slowAlloc", "swift_slowAllocTyped", "swift_slowDealloc", "swift_allocObject", "swift_allocBox",
        "swift_allocEmptyBox", "swift_allocError", "swift_allocObjectTyped", "_swift_allocObject_",
        "swift_bufferAllocate", "swift_deallocClassInstance", "swift_deallocObject", "swift_deallocBox",
        "swift_coroFrameAlloc", "swift_task_alloc", "swift_task_dealloc", "swift_job_allocate",
        "swift_makeBoxUnique", "swift_projectBox", "swift_initStackObject",
    ]
    private static let allocationPrefixes = ["memscope_", "je_", "mi_malloc", "mi_heap_malloc", "tc_malloc"]
    private static let systemNames: Set<String> = [
        "_start", "__libc_start_main", "__libc_start_call_main", "start_thread", "clone", "__clone", "clone3",
        "__clone3", "_dl_start", "_dl_start_user", "_init", "_fini", "__libc_csu_init", "exit", "__run_exit_handlers",
    ]
    private static let plainSystemPrefixes = [
        "swift_", "_swift_", "dispatch_", "_dispatch_", "__cxa_", "__libc_", "__pthread_", "pthread_", "_dl_",
        "__swift_", "_Unwind_", "Block_", "_Block_", "__gxx_", "_IO_", "__GI_", "__nss_", "__swift_instantiate",
        "objectdestroy", "block_copy_helper", "block_destroy_helper", "__llvm_",
    ]

    /// The role of a C++ function, by its shortened name.
    package static func role(ofCxx name: String) -> FrameRole {
        if cxxAllocations.contains(where: { name.hasPrefix($0) }) { return .allocation }
        return cxxSystemPrefixes.contains { name.hasPrefix($0) } ? .system : .program
    }

    private static let cxxAllocations = [
        "operator new", "operator delete", "std::allocator<", "std::__new_allocator<", "__gnu_cxx::new_allocator<",
        "std::allocator_traits<", "__gnu_cxx::__alloc_traits<", "swift::swift_slowAlloc", "_swift_allocObject_",
        "swift_slowAllocTyped", "swift::_swift_allocObject", "std::__detail::_Hashtable_alloc<",
    ]
    private static let cxxSystemPrefixes = [
        "std::", "__gnu_cxx::", "swift::", "__swift::", "__cxxabiv1::", "swift_", "_swift_", "dispatch_",
        "_dispatch_",
    ]

    /// The role of a Swift function, by its mangled name.
    package static func role(ofSwift name: String) -> FrameRole {
        let entity = name.dropFirst(2)
        if librarySpellings.contains(where: { entity.hasPrefix($0) }) { return .system }
        // A type of the standard library may be extended by anyone, and only the long form says by whom.
        if entity.hasPrefix("s") || entity.hasPrefix("S"), !entity.hasPrefix("So"), !entity.hasPrefix("SC") {
            return standardRole(name)
        }
        return .program
    }

    /// Modules of the toolchain as they stand at the start of a mangled name: length, then name.
    private static let librarySpellings = [
        "10Foundation", "20FoundationEssentials", "20FoundationNetworking", "13FoundationXML",
        "30FoundationInternationalization", "22_FoundationCollections", "8Dispatch", "12_Concurrency",
        "17_StringProcessing", "12_RegexParser", "15Synchronization", "11Observation", "7Testing", "6XCTest",
        "5Glibc", "11Distributed", "7Runtime", "12RegexBuilder",
    ]

    private static func standardRole(_ name: String) -> FrameRole {
        guard let full = Demangler.full(name), let split = full.range(of: "(extension in ") else { return .system }
        // An extension inside a list of specialised types says nothing about the function.
        var depth = 0
        for byte in full[..<split.lowerBound].utf8 {
            if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ">") || byte == UInt8(ascii: ")") { depth -= 1 }
        }
        guard depth == 0 else { return .system }
        let module = full[split.upperBound...].prefix { $0 != ")" }
        return module == "Swift" || module.hasPrefix("_") || module.hasPrefix("Foundation") ? .system : .program
    }
}
