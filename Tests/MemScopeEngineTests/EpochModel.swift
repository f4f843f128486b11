/// The hooks of several threads and the engine's rounds, cut into the steps between which anything may happen.
///
/// Every step is one access to what threads share: the epoch, a shadow entry, a ring, the allocator, a hand-over slot.
/// A run interleaves the steps at random. A block has an identity that it carries into its records, so a cut that shows
/// a free before its allocation is seen even where totals would hide it.
struct EpochModel {
    /// How the engine decides where a cut ends.
    enum Rule {
        /// Advance the epoch, read the heads, stop at the first newer mark.
        case stopAtMark
        /// As above, but read on past marks.
        case ignoreMarks
        /// Stop at marks, but read the heads before the epoch is advanced.
        case headsFirst
    }

    /// What a run showed.
    struct Outcome {
        /// Cuts in which a block was freed that had not been allocated.
        var inconsistentCuts = 0
        var cuts = 0
        /// Frees whose shadow entry named another block, or none.
        var wrongEntries = 0
        /// Whether all that is live in the end is what the engine says.
        var endsExact = false
    }

    fileprivate enum Record {
        case mark(Int)
        case allocation(Int)
        case free(Int)
    }

    /// One thread's next steps; the first is taken, the rest wait.
    private struct Thread {
        var steps: [Step] = []
        var ring: [Record] = []
        var seenEpoch = 0
        var loadedEpoch = 0
        var taken = 0
        var address = -1
        var held: [Int] = []
        var consumed = 0
    }

    private enum Step {
        case obtain, release, exchange, loadEpoch, writeMark, takeEntry, setEntry, writeAllocation, writeFree, handOver,
            pickUp
    }

    private var generator: SeededGenerator
    private let rule: Rule
    private var threads: [Thread]
    private var freeAddresses: [Int]
    private var shadow: [Int]
    private var truth: [Int]
    private var slots: [Int]
    private var epoch = 0
    private var nextBlock = 1
    private var allocated: Set<Int> = []
    private var freed: Set<Int> = []
    private var freedTooEarly: Set<Int> = []
    private var heads: [Int] = []
    private var round = -1
    private var outcome = Outcome()

    /// - Parameters:
    ///   - seed: What the interleaving follows from.
    ///   - rule: How the engine decides where a cut ends.
    ///   - threadCount: How many threads run.
    ///   - addresses: How many blocks there can be at a time; the fewer, the more addresses are reused.
    init(seed: UInt64, rule: Rule, threadCount: Int, addresses: Int) {
        generator = SeededGenerator(seed: seed)
        self.rule = rule
        threads = [Thread](repeating: Thread(), count: threadCount)
        freeAddresses = Array(0..<addresses)
        shadow = [Int](repeating: 0, count: addresses)
        truth = shadow
        slots = [Int](repeating: -1, count: 2)
    }

    /// Takes `steps` random steps, then lets every thread finish and drains all.
    mutating func run(steps: Int) -> Outcome {
        for _ in 0..<steps {
            // The engine is slow beside the threads: much happens between two heads that it reads.
            if Int.random(in: 0..<30, using: &generator) == 0 {
                engineStep()
            } else {
                threadStep(Int.random(in: 0..<threads.count, using: &generator))
            }
        }
        for thread in threads.indices {
            while !threads[thread].steps.isEmpty { threadStep(thread) }
        }
        for thread in threads.indices { consume(thread, upTo: threads[thread].ring.count, before: .max) }
        outcome.endsExact =
            allocated.subtracting(freed) == Set(truth.filter { $0 != 0 }) && freed.isSubset(of: allocated)
        return outcome
    }

    private mutating func threadStep(_ index: Int) {
        if threads[index].steps.isEmpty {
            threads[index].steps = nextOperation(index)
            return
        }
        let step = threads[index].steps.removeFirst()
        switch step {
        case .obtain: obtain(index)
        case .release:
            truth[threads[index].address] = 0
            freeAddresses.append(threads[index].address)
        case .exchange:
            // realloc: the old address is free at once, the new one may be the same.
            truth[threads[index].address] = 0
            freeAddresses.append(threads[index].address)
            obtain(index)
        case .loadEpoch: threads[index].loadedEpoch = epoch
        case .writeMark:
            if threads[index].loadedEpoch != threads[index].seenEpoch {
                threads[index].seenEpoch = threads[index].loadedEpoch
                threads[index].ring.append(.mark(threads[index].loadedEpoch))
            }
        case .takeEntry:
            threads[index].taken = shadow[threads[index].address]
            if threads[index].taken != truth[threads[index].address] { outcome.wrongEntries += 1 }
            shadow[threads[index].address] = 0
        case .setEntry: shadow[threads[index].address] = truth[threads[index].address]
        case .writeAllocation:
            threads[index].ring.append(.allocation(truth[threads[index].address]))
            threads[index].held.append(threads[index].address)
        case .writeFree: threads[index].ring.append(.free(threads[index].taken))
        case .handOver:
            let slot = Int.random(in: 0..<slots.count, using: &generator)
            if slots[slot] == -1, let block = threads[index].held.popLast() { slots[slot] = block }
        case .pickUp:
            let slot = Int.random(in: 0..<slots.count, using: &generator)
            if slots[slot] != -1 {
                threads[index].held.append(slots[slot])
                slots[slot] = -1
            }
        }
    }

    private mutating func obtain(_ index: Int) {
        let address = freeAddresses.remove(at: Int.random(in: 0..<freeAddresses.count, using: &generator))
        threads[index].address = address
        truth[address] = nextBlock
        nextBlock += 1
    }

    private mutating func nextOperation(_ index: Int) -> [Step] {
        let holds = !threads[index].held.isEmpty
        switch Int.random(in: 0..<6, using: &generator) {
        case 0, 1:
            // The allocator must not run out between this choice and the step; so the address is taken now, which is
            // where a real allocator's own lock would stand.
            guard freeAddresses.count > threads.count else { return [.pickUp] }
            return [.obtain, .loadEpoch, .writeMark, .setEntry, .writeAllocation]
        case 2 where holds:
            threads[index].address = threads[index].held.removeFirst()
            return [.takeEntry, .loadEpoch, .writeMark, .writeFree, .release]
        case 3 where holds:
            threads[index].address = threads[index].held.removeFirst()
            return [
                .takeEntry, .exchange, .loadEpoch, .writeMark, .writeFree, .loadEpoch, .writeMark, .setEntry,
                .writeAllocation,
            ]
        case 4: return [.handOver]
        default: return [.pickUp]
        }
    }

    /// A round is: the epoch, then one head after another, then what lies before them.
    private mutating func engineStep() {
        let isLookingFirst = rule == .headsFirst
        if round == -1 {
            if !isLookingFirst { epoch += 1 }
            heads = []
            round = 0
        } else if round < threads.count {
            heads.append(threads[round].ring.count)
            round += 1
        } else {
            if isLookingFirst { epoch += 1 }
            for thread in threads.indices {
                consume(thread, upTo: heads[thread], before: rule == .ignoreMarks ? .max : epoch)
            }
            outcome.cuts += 1
            if !freedTooEarly.isEmpty { outcome.inconsistentCuts += 1 }
            round = -1
        }
    }

    private mutating func consume(_ thread: Int, upTo head: Int, before epoch: Int) {
        while threads[thread].consumed < head {
            switch threads[thread].ring[threads[thread].consumed] {
            case .mark(let mark): if mark >= epoch { return }
            case .allocation(let block):
                allocated.insert(block)
                freedTooEarly.remove(block)
            case .free(let block):
                freed.insert(block)
                if !allocated.contains(block) { freedTooEarly.insert(block) }
            }
            threads[thread].consumed += 1
        }
    }
}
