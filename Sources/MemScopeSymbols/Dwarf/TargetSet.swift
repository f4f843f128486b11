/// Addresses that are looked for, ascending.
package struct TargetSet {
    /// The addresses.
    package let addresses: [UInt64]

    /// Takes addresses that ascend without repeats.
    package init(_ addresses: [UInt64]) {
        self.addresses = addresses
    }

    /// The index of the first target at or after `address`.
    package func first(from address: UInt64) -> Int {
        var low = 0
        var high = addresses.count
        while low < high {
            let middle = (low + high) / 2
            if addresses[middle] < address { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The indexes of the targets inside `range`.
    package func indexes(in range: Range<UInt64>) -> Range<Int> {
        let start = first(from: range.lowerBound)
        var end = start
        // Few targets share a function, so walking beats a second search; a whole unit is the exception.
        while end < addresses.count, addresses[end] < range.upperBound { end += 1 }
        return start..<end
    }
}
