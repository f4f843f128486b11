/// A live block that has a name.
public struct TrackedBlock: Sendable, Equatable {
    /// Where it begins.
    @InvertedAddress public var address: UInt64
    /// Index into ``HeapSnapshot/trackedNames``.
    public var name: Int

    /// Creates a block.
    public init(address: UInt64, name: Int) {
        self.address = address
        self.name = name
    }
}

extension HeapSnapshot {
    /// What the program calls the block that begins at an address. Logarithmic time.
    /// - Parameter address: The address.
    /// - Returns: The name, `nil` if it has none.
    public func name(at address: UInt64) -> String? {
        var low = 0
        var high = trackedBlocks.count
        while low < high {
            let middle = (low + high) / 2
            if trackedBlocks[middle].address < address { low = middle + 1 } else { high = middle }
        }
        guard low < trackedBlocks.count, trackedBlocks[low].address == address else { return nil }
        return trackedNames[trackedBlocks[low].name].name
    }
}
