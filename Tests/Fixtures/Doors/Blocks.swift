import Glibc

/// Allocations that can be recognised in a report: each is of one million bytes, so that what a runtime allocates
/// besides never adds up to one of them.
enum Blocks {
    static let size = 1_000_000

    /// Allocates `count` blocks that stay.
    static func keep(_ count: Int) {
        for _ in 0..<count { touch(malloc(size)!) }
    }

    /// Allocates and frees `count` blocks, one after the other.
    static func pass(_ count: Int) {
        for _ in 0..<count {
            let block = malloc(size)!
            touch(block)
            free(block)
        }
    }

    // Keeps the optimiser from removing a pair.
    @inline(never)
    private static func touch(_ block: UnsafeMutableRawPointer) {
        block.storeBytes(of: 1, as: UInt8.self)
    }
}
