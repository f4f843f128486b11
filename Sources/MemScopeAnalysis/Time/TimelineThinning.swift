package import MemScopeModel

/// A timeline of bounded length that shows the same outline.
package enum TimelineThinning {
    /// Leaves out samples, keeping the first, the last, and of each stretch the highest and the lowest.
    ///
    /// So the peak and every deep valley stay. Time is linear.
    /// - Parameters:
    ///   - samples: The samples, oldest first.
    ///   - limit: How many to keep at most; at least 4.
    /// - Returns: Samples of the input, oldest first.
    package static func thin(_ samples: [TimelineSample], to limit: Int) -> [TimelineSample] {
        precondition(limit >= 4, "a thinned timeline has at least four samples")
        guard samples.count > limit, let first = samples.first, let last = samples.last else { return samples }
        let inner = samples.count - 2
        let stretches = (limit - 2) / 2
        var result = [first]
        result.reserveCapacity(limit)
        for stretch in 0..<stretches {
            let range = (1 + stretch * inner / stretches)..<(1 + (stretch + 1) * inner / stretches)
            guard !range.isEmpty else { continue }
            var low = range.lowerBound
            var high = range.lowerBound
            for index in range {
                if samples[index].liveBytes < samples[low].liveBytes { low = index }
                if samples[index].liveBytes > samples[high].liveBytes { high = index }
            }
            result.append(samples[min(low, high)])
            if low != high { result.append(samples[max(low, high)]) }
        }
        result.append(last)
        return result
    }
}
