#if ServiceLifecycle && Metrics
    public import MemScopeMetrics
    public import ServiceLifecycle

    /// Records every so often from when the group runs until it shuts down.
    public struct MemoryGaugesService: Service {
        private let gauges: MemoryGauges

        /// Creates the service.
        ///
        /// - Parameter gauges: What to record.
        public init(_ gauges: MemoryGauges) {
            self.gauges = gauges
        }

        /// Records until the shutdown, and once more then.
        public func run() async {
            await cancelWhenGracefulShutdown { await gauges.run() }
        }
    }
#endif
