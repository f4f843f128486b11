import Glibc

/// What the process holds of the kernel and of the heap.
struct Holdings {
    let threads = Holdings.entries("/proc/self/task")
    let descriptors = Holdings.entries("/proc/self/fd")
    let mappings = Holdings.lines("/proc/self/maps")
    /// Resident memory that belongs to no file, in KiB.
    let memory = Holdings.field("RssAnon:", of: "/proc/self/status")

    private static func entries(_ path: String) -> Int {
        guard let directory = opendir(path) else { return -1 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }

    private static func field(_ name: String, of path: String) -> Int {
        guard let file = fopen(path, "r") else { return -1 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, 256, file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let words = text.split(whereSeparator: \.isWhitespace)
            if words.count > 1, words[0] == name { return Int(words[1]) ?? -1 }
        }
        return -1
    }

    private static func lines(_ path: String) -> Int {
        guard let file = fopen(path, "r") else { return -1 }
        defer { fclose(file) }
        var count = 0
        while case let byte = fgetc(file), byte != EOF { count += byte == 10 ? 1 : 0 }
        return count
    }
}
