internal import FoundationEssentials
internal import MemScopeReport

/// The file that tells the report of a running program which leaks the one before had.
struct KnownLeaksFile {
    /// Its name in the directory of the run.
    static let name = ".known-leaks"

    /// What the searches before found.
    var leaks: KnownLeaks
    private let path: String?

    /// Reads the file; nothing is known if there is none.
    init(path: String?) {
        self.path = path
        leaks = path.flatMap { try? Data(contentsOf: URL(filePath: $0)) }.flatMap { KnownLeaks($0) } ?? KnownLeaks()
    }

    /// Writes it for the next report. One that cannot be written makes all leaks of that one new.
    func save() {
        guard let path else { return }
        try? Data(leaks.encoded).write(to: URL(filePath: path), options: .atomic)
    }

    /// Removes it.
    func remove() {
        if let path { try? FileManager.default.removeItem(atPath: path) }
    }
}
