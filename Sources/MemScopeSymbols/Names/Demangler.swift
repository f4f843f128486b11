#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

#if os(Linux)
    /// The runtime's demangler for backtraces: Swift names come out short, without modules and types, and C++ names as
    /// `__cxa_demangle` writes them. It is part of libswiftCore, static and dynamic.
    @_silgen_name("_swift_backtrace_demangle")
    private func demangleForBacktrace(
        _ name: UnsafePointer<CChar>, _ length: Int, _ buffer: UnsafeMutablePointer<CChar>?,
        _ size: UnsafeMutablePointer<Int>?
    ) -> UnsafeMutablePointer<CChar>?

    /// The runtime's demangler with everything spelled out.
    @_silgen_name("swift_demangle")
    private func demangleInFull(
        _ name: UnsafePointer<CChar>, _ length: Int, _ buffer: UnsafeMutablePointer<CChar>?,
        _ size: UnsafeMutablePointer<Int>?, _ flags: UInt32
    ) -> UnsafeMutablePointer<CChar>?
#endif

/// Turns mangled names into source names, through the Swift runtime.
package enum Demangler {
    /// The short form without module names; nil for a name that is not mangled. Costs about 4 µs.
    package static func short(_ name: String) -> String? {
        #if os(Linux)
            guard let text = demangleForBacktrace(name, name.utf8.count, nil, nil) else { return nil }
            defer { free(text) }
            return String(cString: text)
        #else
            return nil
        #endif
    }

    /// The long form of a Swift name, with modules and types; nil for any other name.
    package static func full(_ name: String) -> String? {
        #if os(Linux)
            guard let text = demangleInFull(name, name.utf8.count, nil, nil, 0) else { return nil }
            defer { free(text) }
            return String(cString: text)
        #else
            return nil
        #endif
    }

    /// Whether the name is mangled by Swift's rules, this year's or older ones.
    package static func isSwift(_ name: String) -> Bool {
        name.hasPrefix("$s") || name.hasPrefix("$S") || name.hasPrefix("$e") || name.hasPrefix("_T0")
    }
}
