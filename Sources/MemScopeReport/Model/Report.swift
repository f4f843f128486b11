/// Everything MemScope has to say about one process, in the form that is written to `report.json`.
///
/// This is the promised, versioned form: its keys are documented in `Docs/report-format.md` and checked by
/// `Docs/report.schema.json`. Every section is always present. One that was not collected is empty, and
/// ``notCollected`` says why.
package struct Report: Codable, Sendable, Equatable {
    /// The version of the form that this code writes and reads.
    package static let currentSchemaVersion = 1

    /// The version of the form.
    package var schemaVersion = Report.currentSchemaVersion
    /// Section names with the reason why the section is empty or partial.
    package var notCollected: [String: String] = [:]
    /// Which process this was.
    package var process = ProcessSection()
    /// What was recorded, what was missed, and what recording cost.
    package var capture = CaptureSection()
    /// The process-wide totals.
    package var summary = Summary()
    /// Who called whom to allocate.
    package var callTree = CallTree()
    /// The program's own functions that allocated most.
    package var callSites: [CallSite] = []
    /// What was allocated, by type.
    package var types: [TypeRow] = []
    /// What was allocated, by requested size.
    package var sizes: [SizeRow] = []
    /// What each thread allocated.
    package var threads: [ThreadRow] = []
    /// Blocks that were freed by another thread than had allocated them.
    package var handovers: [Handover] = []
    /// What was allocated outside of tasks, by dispatch queue.
    package var queues: [QueueRow] = []
    /// Tasks that were there at the end, those that held most first.
    package var tasks: [TaskRow] = []
    /// What all tasks allocated, by the place that created them.
    package var taskSites: [TaskSiteRow] = []
    /// What each scope allocated.
    package var scopes: [ScopeRow] = []
    /// Live blocks that nothing refers to any more.
    package var leaks = Leaks()
    /// Leaked objects that keep each other alive.
    package var cycles: [Cycle] = []
    /// Who owns what; `nil` without the whole graph.
    package var ownership: Ownership?
    /// What the program calls values of its own.
    package var tracked: [TrackedRow] = []
    /// Who retained and released what.
    package var retainLedger = RetainLedger()
    /// Blocks that one module allocated and another freed, or nobody.
    package var boundaries: [Boundary] = []
    /// What was concluded rather than seen.
    package var inferences: [Inference] = []
    /// What grew, by line and by type, and whether that will end.
    package var growth: [GrowthRow] = []
    /// The heap over time.
    package var timeline = Timeline()
    /// The heap when it was largest.
    package var peak = Peak()
    /// Blocks that lived only for a moment.
    package var temporaries = Temporaries()
    /// What the process's resident memory consists of.
    package var memory = Memory()
    /// Suspicious use of memory. Later work.
    package var safety: [Never] = []

    /// Creates an empty report.
    package init() {}
}
