#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Allocates and frees a block of 16 to 128 bytes `count` times, from a stack of about `depth` frames.
///
/// Each block is written to, and the sum of what was written is returned, so that no pair is left out.
///
/// - Parameters:
///   - count: How many pairs.
///   - depth: How many frames lie below the program's start.
/// - Returns: A figure that depends on every block.
@inline(never)
public func allocationPairs(_ count: Int, depth: Int) -> Int {
    if depth > 3 {
        // The addition after the call keeps it from becoming a jump.
        return allocationPairs(count, depth: depth - 1) &+ depth
    }
    var sum = 0
    for index in 0..<count {
        guard let block = malloc(index % 8 * 16 + 16) else { continue }
        block.storeBytes(of: UInt8(truncatingIfNeeded: index), as: UInt8.self)
        sum &+= escape(block)
        free(block)
    }
    return sum
}

// What happens to the block is not visible to the optimiser, which would otherwise drop the pair.
@inline(never) @_optimize(none)
private func escape(_ block: UnsafeMutableRawPointer) -> Int {
    Int(block.load(as: UInt8.self))
}
