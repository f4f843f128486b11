import MemScopeShim
import Testing

/// A program of several threads that allocate, hand over and free at random, with a model that knows the truth.
struct RandomProgram {
    static let leafCount = 6
    private static let sizes: [UInt64?] = [16, 100, 3000, 77, nil, nil]

    private struct Block {
        let leaf: Int
        let context: Int
        let size: UInt64
    }

    /// Allocations, frees and live bytes of one leaf, or of one context.
    struct Account: Equatable {
        var allocations: UInt64 = 0
        var frees: UInt64 = 0
        var liveBytes: UInt64 = 0
    }

    let memory: EngineMemory
    private let seed: UInt64
    private var generator: SeededGenerator
    private var blocks: [Block] = []
    private var epoch: UInt64 = 1
    private var leaves = [Account](repeating: Account(), count: leafCount + 1)
    private var contexts = [Account](repeating: Account(), count: 4)
    /// What was freed by a module that had not allocated it, by leaf.
    private var crossed = [(frees: UInt64, bytes: UInt64)](repeating: (0, 0), count: leafCount + 1)
    private var liveBytes: UInt64 = 0
    private(set) var truePeak: UInt64 = 0
    private(set) var bytesAtTruePeak = [UInt64](repeating: 0, count: leafCount + 1)
    /// The truth as of the latest cut.
    private(set) var truePeakAtCut: UInt64 = 0
    private var leavesAtCut: [Account] = []
    private var contextsAtCut: [Account] = []

    init(seed: UInt64, rings: Int) {
        self.seed = seed
        generator = SeededGenerator(seed: seed)
        memory = EngineMemory(sizes: Self.sizes, rings: rings, segmentWords: 7 + Int(seed % 50))
    }

    /// Lets random threads do `events` things.
    mutating func run(events: Int) {
        for _ in 0..<events {
            let ring = memory.rings.randomElement(using: &generator)!
            ring.see(epoch: epoch)
            // Swings between growing and shrinking, so that there are many peaks.
            let wantsToGrow = Int.random(in: 0..<60, using: &generator) > blocks.count
            if blocks.isEmpty || wantsToGrow { allocate(ring) } else { free(ring) }
        }
    }

    /// Begins an epoch, lets the threads go on for a while, then drains.
    mutating func cut(eventsBeforeDrain: Int) {
        epoch += 1
        rememberTruth()
        run(events: Int.random(in: 0...eventsBeforeDrain, using: &generator))
        memory.drainAll(epoch: epoch)
    }

    /// Drains all that is left.
    mutating func finish() {
        rememberTruth()
        memory.drainAll()
    }

    /// The engine knows of each leaf and context what was true at the cut.
    func checkTotals() {
        for leaf in 1...Self.leafCount {
            let totals = memory.totals(leaf)
            #expect(totals.allocations == leavesAtCut[leaf].allocations, "seed \(seed), leaf \(leaf)")
            #expect(totals.frees == leavesAtCut[leaf].frees, "seed \(seed), leaf \(leaf)")
        }
        for index in 0..<contexts.count {
            let context = memory.context(index)
            let account = Account(
                allocations: context.allocations, frees: context.frees,
                liveBytes: context.allocated_bytes - context.freed_bytes)
            #expect(account == contextsAtCut[index], "seed \(seed), context \(index)")
        }
        let liveBytes = leavesAtCut.reduce(0) { $0 + $1.liveBytes }
        #expect(memory.liveBytes == liveBytes, "seed \(seed)")
    }

    /// The engine has all that was freed by other modules. After ``finish()``.
    func checkCrossings() {
        for leaf in 1...Self.leafCount {
            let one = memory.crossed(UInt32(leaf), into: 1)
            let other = memory.crossed(UInt32(leaf), into: 2)
            #expect(one.frees + other.frees == crossed[leaf].frees, "seed \(seed), leaf \(leaf)")
            #expect(one.bytes + other.bytes == crossed[leaf].bytes, "seed \(seed), leaf \(leaf)")
        }
    }

    private mutating func rememberTruth() {
        truePeakAtCut = truePeak
        leavesAtCut = leaves
        contextsAtCut = contexts
    }

    private mutating func allocate(_ ring: RingWriter) {
        let leaf = Int.random(in: 1...Self.leafCount, using: &generator)
        let context = Int.random(in: 0..<contexts.count, using: &generator)
        let fixed = Self.sizes[leaf - 1]
        let size = fixed ?? UInt64.random(in: 64...5000, using: &generator)
        ring.allocate(leaf, context: context, size: fixed == nil ? size : nil)
        blocks.append(Block(leaf: leaf, context: context, size: size))
        leaves[leaf].allocations += 1
        leaves[leaf].liveBytes += size
        contexts[context].allocations += 1
        contexts[context].liveBytes += size
        liveBytes += size
        if liveBytes > truePeak {
            truePeak = liveBytes
            bytesAtTruePeak = leaves.map(\.liveBytes)
        }
    }

    private mutating func free(_ ring: RingWriter) {
        let block = blocks.remove(at: Int.random(in: 0..<blocks.count, using: &generator))
        let isMixed = Self.sizes[block.leaf - 1] == nil
        let type: UInt64 = Bool.random(using: &generator) ? 0x1000 : 0
        let module = UInt64.random(in: 0...2, using: &generator)
        ring.free(
            block.leaf, context: block.context, size: isMixed ? block.size : nil, type: type, module: module)
        if module != 0 {
            crossed[block.leaf].frees += 1
            crossed[block.leaf].bytes += block.size
        }
        leaves[block.leaf].frees += 1
        leaves[block.leaf].liveBytes -= block.size
        contexts[block.context].frees += 1
        contexts[block.context].liveBytes -= block.size
        liveBytes -= block.size
    }
}
