#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif
import MemScope
import Synchronization

/// Objects that would leak, had the program not said what it knows of them.
enum IgnoredLeaks {
    /// Is retained once too often, and holds another.
    final class Kept {
        var other: Kept?
        var payload = [1, 2, 3]
    }
    /// Leaks, and nothing says otherwise.
    final class Lost {
        var payload = [4, 5, 6]
    }
    struct Failure: Error, Equatable {}

    static let touched = Atomic(0)
    nonisolated(unsafe) static var region = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    static func run(_ output: String) async throws {
        // May be said before there is tracking.
        MemoryTracker.ignoreLeaks(inScope: "kept")
        try MemoryTracker.start()
        say("before \(try search())")
        let value = MemoryTracker.withLeaksIgnored { leakKept(5) }
        say("returned \(value), closure \(try search())")
        do throws(Failure) {
            try MemoryTracker.withLeaksIgnored { () throws(Failure) in
                leakKept(1)
                throw Failure()
            }
        } catch {
            say("thrown \(error == Failure()), after it \(try search())")
        }
        leakAndIgnore(5)
        say("objects \(try search())")
        await trackScope("kept") {
            await Task.yield()
            await Task { _ = leakKept(5) }.value
        }
        say("scope \(try search())")
        leakLost(3)
        // From here: the frames of the search would lie on what this one left, and not all of them is written to.
        scrub(60)
        say("lost \(try search())")
        shareKept(5)
        MemoryTracker.addRootRegion(UnsafeRawBufferPointer(region))
        say("region \(try search())")
        MemoryTracker.removeRootRegion(UnsafeRawBufferPointer(region))
        say("region removed \(try search())")
        try exportReport(to: output)
    }

    /// How many blocks of ours leaked; what else the process has is not meant.
    private static func search() throws -> String {
        scrub(60)
        let found = try findLeaks()
        let types = found.leaks.filter { $0.type.hasSuffix("Kept") || $0.type.hasSuffix("Lost") }
        return "\(types.reduce(0) { $0 + $1.blocks })"
    }

    @inline(never) @discardableResult
    private static func leakKept(_ count: Int) -> Int {
        for _ in 0..<count {
            let kept = Kept()
            kept.other = Kept()
            _ = Unmanaged.passRetained(kept)
        }
        return count
    }

    @inline(never)
    private static func leakLost(_ count: Int) {
        for _ in 0..<count { _ = Unmanaged.passRetained(Lost()) }
    }

    @inline(never)
    private static func leakAndIgnore(_ count: Int) {
        for number in 0..<count {
            let kept = Kept()
            kept.other = Kept()
            let pointer = Unmanaged.passRetained(kept).toOpaque()
            if number % 2 == 0 {
                MemoryTracker.ignoreLeak(of: kept)
            } else {
                MemoryTracker.ignoreLeak(at: pointer + 16)
            }
        }
    }

    /// References in a file's memory that processes share, which is no root by itself.
    @inline(never)
    private static func shareKept(_ count: Int) {
        let bytes = 4096
        let file = open("region", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        ftruncate(file, bytes)
        let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
        region = UnsafeMutableRawBufferPointer(start: memory, count: bytes)
        for number in 0..<count {
            let reference = UInt(bitPattern: Unmanaged.passRetained(Kept()).toOpaque())
            region.storeBytes(of: reference, toByteOffset: 8 * number, as: UInt.self)
        }
    }

    @inline(never)
    private static func scrub(_ depth: Int) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { words in
            words.initialize(repeating: 0)
            touched.add(Int(words[7]), ordering: .relaxed)
        }
        if depth > 0 { scrub(depth - 1) }
    }
}
