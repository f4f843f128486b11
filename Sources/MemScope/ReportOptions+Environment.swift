#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import MemScopeReport

extension ReportOptions {
    /// The options of reports that the process makes of itself: with the suppressions of `MEMSCOPE_SUPPRESSIONS`, and without the built-in ones
    /// if `MEMSCOPE_BUILTIN_SUPPRESSIONS=0`.
    static func fromEnvironment() -> ReportOptions {
        var options = ReportOptions()
        options.usesBuiltInSuppressions = getenv("MEMSCOPE_BUILTIN_SUPPRESSIONS").map { strcmp($0, "0") != 0 } ?? true
        guard let path = getenv("MEMSCOPE_SUPPRESSIONS").map({ String(cString: $0) }), !path.isEmpty else {
            return options
        }
        guard let text = read(path) else {
            StandardError.say("nothing is suppressed: MEMSCOPE_SUPPRESSIONS names \(path), which cannot be read")
            return options
        }
        do {
            options.suppressions = try LeakSuppressions(text, of: path)
        } catch {
            StandardError.say("nothing is suppressed: \(error)")
        }
        return options
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return ferror(file) == 0 ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
