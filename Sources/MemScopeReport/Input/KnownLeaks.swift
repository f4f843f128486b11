package import MemScopeModel

/// What the searches of one process found, so that a leak is news once.
///
/// A block is told from others that may be at its address later by where it was allocated. Addresses are kept inverted: as they are they
/// would be references to the blocks, and keep the next search in this process from finding them.
package struct KnownLeaks: Sendable, Equatable {
    private struct Block: Hashable {
        let invertedAddress: UInt64
        let site: UInt64
    }

    /// How the leaks of one search compare with those of the search before.
    package struct Change: Sendable, Equatable {
        /// Blocks that were not found before.
        package var new: UInt64
        /// Blocks that were found before.
        package var known: UInt64
        /// Blocks that were found before and are not leaked now: freed, or reachable again.
        package var gone: UInt64
    }

    private var pid: UInt64 = 0
    private var startTime: UInt64 = 0
    private var blocks: Set<Block> = []

    /// Knows of no search.
    package init() {}

    /// Compares with the search before, and knows this one from now on.
    /// - Parameter snapshot: The snapshot, with what is suppressed marked as ignored.
    /// - Returns: The change; `nil` if this is the process's first search.
    package mutating func compare(with snapshot: HeapSnapshot) -> Change? {
        let found = Set(
            snapshot.graph.blocks.lazy.filter { !$0.isReachable && !$0.isIgnored }.map {
                Block(invertedAddress: ~$0.address, site: UInt64($0.site))
            })
        let process = snapshot.process
        let isFirst = pid != UInt64(process.pid) || startTime != process.startTime
        defer { (pid, startTime, blocks) = (UInt64(process.pid), process.startTime, found) }
        if isFirst { return nil }
        let known = found.intersection(blocks).count
        return Change(
            new: UInt64(found.count - known), known: UInt64(known), gone: UInt64(blocks.count - known))
    }
}

extension KnownLeaks {
    private static let mark: UInt64 = 0x4B4E_4F57_4E4C_4B31

    /// For a file that the next process reads.
    package var encoded: [UInt8] {
        let words = [Self.mark, pid, startTime] + blocks.flatMap { [$0.invertedAddress, $0.site] }
        return words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
    }

    /// Reads what ``encoded`` made.
    /// - Parameter bytes: The file's content; `nil` is returned if it is something else.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count % 8 == 0, bytes.count >= 24 else { return nil }
        var words: [UInt64] = []
        words.reserveCapacity(bytes.count / 8)
        var word: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            word |= UInt64(byte) << UInt64(index % 8 * 8)
            if index % 8 < 7 { continue }
            words.append(word)
            word = 0
        }
        guard words[0] == Self.mark, words.count % 2 == 1 else { return nil }
        (pid, startTime) = (words[1], words[2])
        for index in stride(from: 3, to: words.count, by: 2) {
            blocks.insert(Block(invertedAddress: words[index], site: words[index + 1]))
        }
    }
}
