extension Report {
    /// What was allocated in one scope and in the scopes and tasks inside it.
    package struct ScopeRow: Sendable, Equatable {
        /// The name given in code.
        package var name: String
        /// Index into ``Report/scopes`` of the enclosing scope, -1 if there is none.
        package var parent: Int
        /// How often the scope was entered.
        package var entries: UInt64
        /// Blocks that lived only for a moment.
        package var temporaries: UInt64
        /// Blocks allocated outside any inner scope.
        package var selfAllocations: UInt64
        /// Blocks freed of those.
        package var selfFrees: UInt64
        /// Blocks of those that lived only for a moment.
        package var selfTemporaries: UInt64
        /// Bytes of blocks allocated outside any inner scope.
        package var selfAllocatedBytes: UInt64
        /// Blocks live of those.
        package var selfLiveBlocks: UInt64
        /// Bytes live of those.
        package var selfLiveBytes: UInt64
        /// The runs that are over, one by one.
        package var runs: ScopeRuns
        /// Leaked bytes of those that were allocated in it or in inner scopes; `null` unless leaks were looked for.
        package var leakedBytes: UInt64?
        /// Bytes that only blocks allocated in it or in inner scopes keep alive, those included; `null` without the whole graph.
        package var soleBytes: UInt64?
        /// The figures; their keys stand in the row itself.
        package var figures: Figures
        /// How far the figures can be trusted.
        package var accuracy: Accuracy

        /// Creates a row.
        package init(
            name: String, parent: Int, entries: UInt64, temporaries: UInt64, selfAllocations: UInt64, selfFrees: UInt64,
            selfTemporaries: UInt64, selfAllocatedBytes: UInt64, selfLiveBlocks: UInt64, selfLiveBytes: UInt64,
            runs: ScopeRuns = ScopeRuns(), leakedBytes: UInt64? = nil, soleBytes: UInt64? = nil,
            figures: Figures, accuracy: Accuracy = .exact
        ) {
            self.name = name
            self.parent = parent
            self.entries = entries
            self.temporaries = temporaries
            self.selfAllocations = selfAllocations
            self.selfFrees = selfFrees
            self.selfTemporaries = selfTemporaries
            self.selfAllocatedBytes = selfAllocatedBytes
            self.selfLiveBlocks = selfLiveBlocks
            self.selfLiveBytes = selfLiveBytes
            self.runs = runs
            self.leakedBytes = leakedBytes
            self.soleBytes = soleBytes
            self.figures = figures
            self.accuracy = accuracy
        }
    }
}

extension Report.ScopeRow: Codable {
    private enum CodingKeys: CodingKey {
        case name, parent, entries, temporaries, selfAllocations, selfFrees, selfTemporaries, selfAllocatedBytes,
            selfLiveBlocks, selfLiveBytes, runs, leakedBytes, soleBytes, accuracy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        parent = try container.decode(Int.self, forKey: .parent)
        entries = try container.decode(UInt64.self, forKey: .entries)
        temporaries = try container.decode(UInt64.self, forKey: .temporaries)
        selfAllocations = try container.decode(UInt64.self, forKey: .selfAllocations)
        selfFrees = try container.decode(UInt64.self, forKey: .selfFrees)
        selfTemporaries = try container.decode(UInt64.self, forKey: .selfTemporaries)
        selfAllocatedBytes = try container.decode(UInt64.self, forKey: .selfAllocatedBytes)
        selfLiveBlocks = try container.decode(UInt64.self, forKey: .selfLiveBlocks)
        selfLiveBytes = try container.decode(UInt64.self, forKey: .selfLiveBytes)
        runs = try container.decode(Report.ScopeRuns.self, forKey: .runs)
        leakedBytes = try container.decode(UInt64?.self, forKey: .leakedBytes)
        soleBytes = try container.decode(UInt64?.self, forKey: .soleBytes)
        accuracy = try container.decode(Report.Accuracy.self, forKey: .accuracy)
        figures = try Report.Figures(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(parent, forKey: .parent)
        try container.encode(entries, forKey: .entries)
        try container.encode(temporaries, forKey: .temporaries)
        try container.encode(selfAllocations, forKey: .selfAllocations)
        try container.encode(selfFrees, forKey: .selfFrees)
        try container.encode(selfTemporaries, forKey: .selfTemporaries)
        try container.encode(selfAllocatedBytes, forKey: .selfAllocatedBytes)
        try container.encode(selfLiveBlocks, forKey: .selfLiveBlocks)
        try container.encode(selfLiveBytes, forKey: .selfLiveBytes)
        try container.encode(runs, forKey: .runs)
        try container.encode(leakedBytes, forKey: .leakedBytes)
        try container.encode(soleBytes, forKey: .soleBytes)
        try figures.encode(to: encoder)
        try container.encode(accuracy, forKey: .accuracy)
    }
}
