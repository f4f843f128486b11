import Glibc

/// Gives MemScope's drain thread only what processor time nobody else wants.
enum Starvation {
    static func begin() {
        guard let directory = opendir("/proc/self/task") else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let thread = pid_t(name), comm(of: name) == "memscope-drain" else { continue }
            var parameters = sched_param(sched_priority: 0)
            let idle: Int32 = 5  // SCHED_IDLE
            say("starved \(sched_setscheduler(thread, idle, &parameters) == 0)")
        }
    }

    private static func comm(of thread: String) -> String {
        guard let file = fopen("/proc/self/task/\(thread)/comm", "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(file), byte != EOF, byte != 10 { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
