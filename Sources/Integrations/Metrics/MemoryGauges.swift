#if Metrics
    internal import MemScope
    public import Metrics
    internal import Synchronization

    /// The heap as gauges of swift-metrics.
    ///
    /// | gauge | value |
    /// |---|---|
    /// | `memscope.live_bytes`, `memscope.live_blocks` | what is allocated and not freed |
    /// | `memscope.peak_bytes` | the most bytes that were ever live |
    /// | `memscope.allocations`, `memscope.allocated_bytes` | since tracking began |
    /// | `memscope.allocations_per_second`, `memscope.allocated_bytes_per_second` | since the reading before |
    ///
    /// All of one reading are of the same instant, that of ``MemScope/MemoryTracker/figures``. There is no gauge of leaks: what
    /// leaked is not collected while a program runs, and live bytes are not leaked bytes.
    ///
    /// Call ``record()`` whenever metrics are collected, or let ``run()`` do it every so often.
    public final class MemoryGauges: Sendable {
        /// The time between two readings of ``run()``.
        public let interval: Duration

        private let liveBytes: Gauge
        private let liveBlocks: Gauge
        private let peakBytes: Gauge
        private let allocations: Gauge
        private let allocatedBytes: Gauge
        private let allocationsPerSecond: Gauge
        private let allocatedBytesPerSecond: Gauge
        private let latest = Mutex<HeapFigures?>(nil)

        /// Creates the gauges.
        ///
        /// - Parameters:
        ///   - interval: The time between two readings of ``run()``.
        ///   - dimensions: What all gauges carry.
        ///   - factory: Where they are made, by default what the program was set up with.
        public init(
            every interval: Duration = .seconds(10), dimensions: [(String, String)] = [],
            factory: any MetricsFactory = MetricsSystem.factory
        ) {
            func gauge(_ name: String) -> Gauge {
                Gauge(label: "memscope.\(name)", dimensions: dimensions, factory: factory)
            }
            self.interval = interval
            liveBytes = gauge("live_bytes")
            liveBlocks = gauge("live_blocks")
            peakBytes = gauge("peak_bytes")
            allocations = gauge("allocations")
            allocatedBytes = gauge("allocated_bytes")
            allocationsPerSecond = gauge("allocations_per_second")
            allocatedBytesPerSecond = gauge("allocated_bytes_per_second")
        }

        /// Sets all gauges to the heap of now. The rates need a reading before; the first sets the others only. Does
        /// nothing in a process that was never tracked.
        public func record() {
            guard let now = MemoryTracker.figures else { return }
            let before = latest.withLock { latest in
                defer { latest = now }
                return latest
            }
            liveBytes.record(now.liveBytes)
            liveBlocks.record(now.liveBlocks)
            peakBytes.record(now.peakBytes)
            allocations.record(now.allocations)
            allocatedBytes.record(now.allocatedBytes)
            // Two readings of the same cut say nothing about a rate, and concurrent ones may come in any order.
            guard let before, now.instant > before.instant else { return }
            let seconds = (now.instant - before.instant) / .seconds(1)
            allocationsPerSecond.record(Double(now.allocations - before.allocations) / seconds)
            allocatedBytesPerSecond.record(Double(now.allocatedBytes - before.allocatedBytes) / seconds)
        }

        /// Records every ``interval`` until the task is cancelled, and once more then.
        public func run() async {
            repeat {
                record()
                try? await Task.sleep(for: interval)
            } while !Task.isCancelled
            record()
        }
    }
#endif
