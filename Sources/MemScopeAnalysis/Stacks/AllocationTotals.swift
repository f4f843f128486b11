package import MemScopeModel

/// What was allocated and freed by whatever the figures are about: a stack, a thread, a scope.
///
/// Sums cannot overflow: ``CaptureDecoder`` has checked that each column of a snapshot adds up to less than 2⁶³.
package struct AllocationTotals: Sendable, Equatable {
    /// Blocks allocated.
    package var allocations: UInt64 = 0
    /// Blocks freed.
    package var frees: UInt64 = 0
    /// Blocks freed by their thread with no other allocation of that thread in between.
    package var temporaries: UInt64 = 0
    /// Bytes of the temporary blocks; a mean for sites of mixed sizes. Not known by thread or scope.
    package var temporaryBytes: UInt64 = 0
    /// Bytes requested by all allocations.
    package var allocatedBytes: UInt64 = 0
    /// Bytes of all blocks freed.
    package var freedBytes: UInt64 = 0
    /// Blocks live when the heap was largest. Not known by thread or scope.
    package var peakBlocks: UInt64 = 0
    /// Bytes live when the heap was largest. Not known by thread or scope.
    package var peakBytes: UInt64 = 0

    /// Creates totals that are all zero.
    package init() {}

    /// Creates the totals of one site.
    /// - Parameter site: The site.
    package init(_ site: AllocationSite) {
        allocations = site.allocations
        frees = site.frees
        temporaries = site.temporaries
        temporaryBytes = site.temporaryBytes
        allocatedBytes = site.allocatedBytes
        freedBytes = site.freedBytes
        peakBlocks = site.peakBlocks
        peakBytes = site.peakBytes
    }

    /// Creates the totals of one context.
    /// - Parameter context: The context.
    package init(_ context: AllocationContext) {
        allocations = context.allocations
        frees = context.frees
        temporaries = context.temporaries
        allocatedBytes = context.allocatedBytes
        freedBytes = context.freedBytes
    }

    /// Blocks allocated and not freed.
    package var liveBlocks: UInt64 { allocations - frees }
    /// Bytes allocated and not freed.
    package var liveBytes: UInt64 { allocatedBytes - freedBytes }

    /// Adds other totals to these.
    @inline(__always)
    package static func += (left: inout AllocationTotals, right: AllocationTotals) {
        left.allocations &+= right.allocations
        left.frees &+= right.frees
        left.temporaries &+= right.temporaries
        left.temporaryBytes &+= right.temporaryBytes
        left.allocatedBytes &+= right.allocatedBytes
        left.freedBytes &+= right.freedBytes
        left.peakBlocks &+= right.peakBlocks
        left.peakBytes &+= right.peakBytes
    }
}

extension AllocationSite {
    /// Bytes of the temporary blocks: exact for a site of one size, a mean for one of mixed sizes.
    fileprivate var temporaryBytes: UInt64 {
        guard temporaries > 0, allocations > 0 else { return 0 }
        let size = hasMixedSizes ? allocatedBytes / allocations : size
        let (bytes, overflow) = temporaries.multipliedReportingOverflow(by: size)
        // More temporaries than allocations would be a damaged capture; the site's bytes bound the answer.
        return overflow ? allocatedBytes : min(bytes, allocatedBytes)
    }
}
