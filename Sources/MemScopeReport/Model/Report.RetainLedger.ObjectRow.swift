extension Report.RetainLedger {
    /// An object that stands out.
    package struct ObjectRow: Sendable, Equatable {
        /// Its address, in hexadecimal.
        package var address: String
        /// The type's name.
        package var type: String
        /// The name that the program gave it, `nil` for none.
        package var name: String?
        /// Whether it is gone.
        package var hasEnded: Bool
        /// Whether nothing leads to it, by a search for leaks.
        package var isLeaked: Bool
        /// Retains recorded.
        package var retains: UInt64
        /// Releases recorded.
        package var releases: UInt64
        /// Strong references that are left, the one it began with included.
        package var balance: Int
        /// The highest strong count that was seen.
        package var peakStrong: Int
        /// The lowest strong count that was seen above 0.
        package var lowestStrong: Int
        /// Threads involved.
        package var threads: Int
        /// Tasks involved.
        package var tasks: Int
        /// How far `threads` and `tasks` can be trusted: `estimated` if there are at least as many.
        package var involvedAccuracy: Report.Accuracy
        /// Whether as many threads are involved as ``Thresholds/contendedThreads`` says.
        package var isContended: Bool
        /// How far the other figures can be trusted: `estimated` if retains or releases went by unseen.
        package var accuracy: Report.Accuracy
        /// References that no release took back.
        package var unmatched: [Unmatched]

        /// References to one object from one place.
        package struct Unmatched: Sendable, Equatable {
            /// How many.
            package var count: Int
            /// `retain`, or `origin` for the reference that an object begins with.
            package var kind: String
            /// The stack that retained, or made the object; innermost first.
            package var stack: [Report.Frame]
            /// The task's number, `nil` outside of tasks.
            package var task: UInt64?
            /// The thread's number.
            package var thread: Int
        }
    }
}

extension Report.RetainLedger.ObjectRow: Codable {
    private enum CodingKeys: CodingKey {
        case address, type, name, hasEnded, isLeaked, retains, releases, balance, peakStrong, lowestStrong, threads
        case tasks, involvedAccuracy, isContended, accuracy, unmatched
    }

    // Written out, so that what has no name reads `null`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(address, forKey: .address)
        try container.encode(type, forKey: .type)
        try container.encode(name, forKey: .name)
        try container.encode(hasEnded, forKey: .hasEnded)
        try container.encode(isLeaked, forKey: .isLeaked)
        try container.encode(retains, forKey: .retains)
        try container.encode(releases, forKey: .releases)
        try container.encode(balance, forKey: .balance)
        try container.encode(peakStrong, forKey: .peakStrong)
        try container.encode(lowestStrong, forKey: .lowestStrong)
        try container.encode(threads, forKey: .threads)
        try container.encode(tasks, forKey: .tasks)
        try container.encode(involvedAccuracy, forKey: .involvedAccuracy)
        try container.encode(isContended, forKey: .isContended)
        try container.encode(accuracy, forKey: .accuracy)
        try container.encode(unmatched, forKey: .unmatched)
    }
}

extension Report.RetainLedger.ObjectRow.Unmatched: Codable {
    private enum CodingKeys: CodingKey {
        case count, kind, stack, task, thread
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(kind, forKey: .kind)
        try container.encode(stack, forKey: .stack)
        try container.encode(task, forKey: .task)
        try container.encode(thread, forKey: .thread)
    }
}
