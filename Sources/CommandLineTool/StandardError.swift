internal import Glibc

/// A line to whoever watches the command.
enum StandardError {
    static func say(_ sentence: String) {
        let line = "memscope: \(sentence)\n"
        _ = line.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
    }
}
