#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Where the tracker says what the program should know, in one line.
enum StandardError {
    static func say(_ text: String) {
        let line = "memscope: \(text)\n"
        _ = line.withCString { write(2, $0, strlen($0)) }
    }
}
