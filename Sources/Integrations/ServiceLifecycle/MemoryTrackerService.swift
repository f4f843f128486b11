#if ServiceLifecycle
    public import Logging
    public import MemScope
    public import ServiceLifecycle

    /// Tracks while a `ServiceGroup` runs, and writes a report when it shuts down.
    ///
    /// Put it first: services start in order and shut down in reverse, so this one sees the others come and go. What is
    /// allocated before the group runs is unknown to the tracker; call ``MemScope/MemoryTracker/start(_:)`` at the top of
    /// the program to have that too, starting again is harmless.
    ///
    /// Where tracking is not possible, or the report cannot be written, it says so in the log, and the group goes on:
    /// nothing that a tracker meets is a reason for a server to end.
    public struct MemoryTrackerService: Service {
        private let directory: String?
        private let configuration: TrackerConfiguration
        private let logger: Logger

        /// Creates the service.
        ///
        /// - Parameters:
        ///   - directory: Where to write the report, `nil` for `MEMSCOPE_OUTPUT` or else `memscope-report`.
        ///   - configuration: How to track.
        ///   - logger: What to tell where the report is, or why there is none.
        public init(
            reportTo directory: String? = nil, configuration: TrackerConfiguration = TrackerConfiguration(),
            logger: Logger
        ) {
            self.directory = directory
            self.configuration = configuration
            self.logger = logger
        }

        /// Starts tracking, waits for the shutdown, and writes the report.
        public func run() async {
            do {
                try MemoryTracker.start(configuration)
            } catch {
                logger.error("not tracking: \(error)")
            }
            // A group that ends because a service failed cancels instead. That report is wanted no less.
            try? await gracefulShutdown()
            guard MemoryTracker.figures != nil else { return }
            do throws(ExportError) {
                try exportReport(to: directory)
                logger.info("memory report written", metadata: directory.map { ["directory": "\($0)"] })
            } catch {
                logger.error("\(error)")
            }
        }
    }
#endif
