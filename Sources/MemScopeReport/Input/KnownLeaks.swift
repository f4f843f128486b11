package import MemScopeModel

/// What the searches of one process found, so that a leak is news once.
///
/// A block is told from others that may be at its address later by where it was allocated. Addresses are kept inverted: as they are they
/// would be references to the blocks, and keep the next search in this process from finding them.
package struct KnownLeaks: Sendable, Equatable {
    private struct Block: Hashable {
        let invertedAddress: UInt64
        /// Where it was allocated; the highest bit says that it was only dead.
        let site: UInt64

        static let deadMark: UInt64 = 1 << 63

        init(_ block: GraphBlock) {
            invertedAddress = ~block.address
            site = UInt64(block.site) | (block.isReachable ? Self.deadMark : 0)
        }

        init(invertedAddress: UInt64, site: UInt64) {
            (self.invertedAddress, self.site) = (invertedAddress, site)
        }

        var isDead: Bool { site & Self.deadMark != 0 }
    }

    /// How the leaks of one search compare with those of the search before. What is only dead is in no count.
    package struct Change: Sendable, Equatable {
        /// Blocks that were not found before.
        package var new: UInt64
        /// Blocks that were found before.
        package var known: UInt64
        /// Blocks that were found before and are not leaked now: freed, or reachable again.
        package var gone: UInt64
        /// Of each block of the graph whether it was found before, as leaked or as dead as it is now.
        package var isKnown: [Bool]
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
        let blocks = snapshot.graph.blocks
        var found: Set<Block> = []
        var isKnown = [Bool](repeating: false, count: blocks.count)
        var (new, known): (UInt64, UInt64) = (0, 0)
        for (index, entry) in blocks.enumerated() where !entry.isIgnored && (!entry.isReachable || entry.isDead) {
            let block = Block(entry)
            found.insert(block)
            isKnown[index] = self.blocks.contains(block)
            if block.isDead { continue }
            if isKnown[index] { known += 1 } else { new += 1 }
        }
        let process = snapshot.process
        let isFirst = pid != UInt64(process.pid) || startTime != process.startTime
        defer { (pid, startTime, self.blocks) = (UInt64(process.pid), process.startTime, found) }
        if isFirst { return nil }
        let gone = self.blocks.lazy.filter { !$0.isDead && !found.contains($0) }.count
        return Change(new: new, known: known, gone: UInt64(gone), isKnown: isKnown)
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
