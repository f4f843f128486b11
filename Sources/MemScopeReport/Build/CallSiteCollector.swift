internal import MemScopeAnalysis
internal import MemScopeModel

/// Sums the stacks of a display tree by the line of the program that asked for the memory.
struct CallSiteCollector {
    /// A line of the program with its stacks.
    private struct Site {
        var frame: Report.Frame
        var totals = AllocationTotals()
        var stacks = 0
        /// Where most of it was allocated.
        var node = 0
        var most: UInt64 = 0
    }

    private let accuracy: Report.Accuracy
    private var sites: [Site] = []
    /// For each frame the index of its line in ``sites``, -1 if no stack counts for it; that of stacks without frames.
    private var siteOfFrame: [Int32]
    private var siteWithoutFrame: Int32 = -1
    private let isRuntime: [Bool]

    /// How many lines there are.
    var count: Int { sites.count }

    init(_ tree: DisplayTree, _ accuracy: Report.Accuracy) {
        self.accuracy = accuracy
        isRuntime = tree.frames.map(\.isRuntime)
        siteOfFrame = [Int32](repeating: -1, count: tree.frames.count)
        var known: [Report.Frame: Int] = [:]
        // Most stacks end in frames that were met before, so look each frame up by its text only once.
        for stack in tree.totals.stacks {
            let place = Self.programNode(above: Int(stack.node), in: tree, isRuntime)
            let index = Self.siteIndex(of: place, in: tree, &siteOfFrame, &known, &sites)
            if tree.frame[place] < 0 { siteWithoutFrame = Int32(index) }
            sites[index].totals += stack.totals
            sites[index].stacks += Int(stack.stacks)
            if stack.totals.allocatedBytes >= sites[index].most {
                sites[index].most = stack.totals.allocatedBytes
                sites[index].node = place
            }
        }
    }

    /// The call sites that lead by any of some figures, ordered by the first of these.
    func leading(by metrics: [AllocationMetric], limit: Int) -> [Report.CallSite] {
        var chosen: Set<Int> = []
        for metric in metrics {
            var ranking = Ranking(limit: limit)
            for index in sites.indices { ranking.offer(metric.value(of: sites[index].totals), of: index) }
            chosen.formUnion(ranking.indices())
        }
        var order = Ranking(limit: chosen.count)
        for index in chosen.sorted() {
            // One is added because a site may lead by one figure and have nothing of the other.
            order.offer(metrics[0].value(of: sites[index].totals) + 1, of: index)
        }
        return order.indices().map { index in
            let site = sites[index]
            return Report.CallSite(
                frame: site.frame, figures: Report.StackFigures(site.totals), stacks: site.stacks, node: site.node,
                accuracy: accuracy)
        }
    }

    /// For each site of a snapshot the line that its stack counts for.
    func sites(of snapshot: HeapSnapshot, _ tree: DisplayTree) -> [Int32] {
        snapshot.sites.map { site in
            let frame = tree.frame[Self.programNode(above: Int(tree.place[site.node]), in: tree, isRuntime)]
            return frame < 0 ? siteWithoutFrame : siteOfFrame[Int(frame)]
        }
    }

    /// A line's function and place.
    func frame(of site: Int) -> Report.Frame { sites[site].frame }

    /// The node in which most of what a line stands for was allocated.
    func node(of site: Int) -> Int { sites[site].node }

    /// The innermost node that belongs to the program; the node itself if its whole stack is runtime.
    private static func programNode(above leaf: Int, in tree: DisplayTree, _ isRuntime: [Bool]) -> Int {
        var node = leaf
        while node > 0 {
            if !isRuntime[Int(tree.frame[node])] { return node }
            node = Int(tree.parents[node])
        }
        return leaf
    }

    private static func siteIndex(
        of node: Int, in tree: DisplayTree, _ siteOfFrame: inout [Int32], _ known: inout [Report.Frame: Int],
        _ sites: inout [Site]
    ) -> Int {
        let frameIndex = Int(tree.frame[node])
        if frameIndex >= 0, siteOfFrame[frameIndex] >= 0 { return Int(siteOfFrame[frameIndex]) }
        var frame = frameIndex >= 0 ? tree.frames[frameIndex] : Report.Frame(function: "(no stack)")
        // The same line counts as one place whether or not the compiler inlined it here.
        frame.isInlined = false
        let index = known[frame] ?? sites.count
        if index == sites.count {
            sites.append(Site(frame: frame))
            known[frame] = index
        }
        if frameIndex >= 0 { siteOfFrame[frameIndex] = Int32(index) }
        return index
    }
}
