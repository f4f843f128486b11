#if Logging
    public import Logging
    internal import MemScope

    extension Logger.MetadataProvider {
        /// Says in each log line where in the report its allocations are: `memscope.scope`, the names of the current
        /// scopes, and `memscope.task`, the number of the current task.
        ///
        /// What there is none of is left out, and while tracking is off there is neither.
        ///
        ///     LoggingSystem.bootstrap(StreamLogHandler.standardError, metadataProvider: .memScope)
        public static var memScope: Logger.MetadataProvider {
            Logger.MetadataProvider {
                guard MemoryTracker.isTracking else { return [:] }
                var metadata: Logger.Metadata = [:]
                if let scope = MemoryTracker.currentScope { metadata["memscope.scope"] = "\(scope)" }
                if let task = MemoryTracker.currentTask { metadata["memscope.task"] = "\(task)" }
                return metadata
            }
        }
    }
#endif
