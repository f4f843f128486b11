package import MemScopeModel

/// What a group of sites, such as a line of the program or a type, holds at the end of each note.
package struct GrowthSeries: Sendable, Equatable {
    /// Blocks live.
    package var blocks: [UInt64]
    /// Bytes of those.
    package var bytes: [UInt64]
    /// Blocks freed during each note.
    package var frees: [UInt64]

    /// Creates a series.
    package init(blocks: [UInt64], bytes: [UInt64], frees: [UInt64]) {
        self.blocks = blocks
        self.bytes = bytes
        self.frees = frees
    }

    /// The series of the groups that rose most above what they held at the first sample, by bytes and by blocks.
    ///
    /// Linear in the changes, which are passed over twice: only the few that matter get a series.
    /// - Parameters:
    ///   - history: What changed when.
    ///   - samples: The instants that count.
    ///   - groups: For each site the group that it counts for, -1 for none.
    ///   - count: How many groups there are.
    ///   - limit: How many series by each figure there are at most.
    /// - Returns: Groups with their series, in the order of the groups.
    package static func rising(
        in history: HeapHistory, at samples: GrowthSamples, by groups: [Int32], count: Int, limit: Int
    ) -> [(group: Int, series: GrowthSeries)] {
        let chosen = risen(in: history, at: samples, by: groups, count: count, limit: limit)
        var slots = [Int32](repeating: -1, count: count)
        for (slot, group) in chosen.enumerated() { slots[group] = Int32(slot) }
        let none = [UInt64](repeating: 0, count: history.notes.count)
        var result = chosen.map { (group: $0, series: GrowthSeries(blocks: none, bytes: none, frees: none)) }
        for note in history.notes.indices {
            for slot in result.indices where note > 0 {
                result[slot].series.blocks[note] = result[slot].series.blocks[note - 1]
                result[slot].series.bytes[note] = result[slot].series.bytes[note - 1]
            }
            for change in history.changes(of: note) {
                let group = groups[change.site]
                guard group >= 0, slots[Int(group)] >= 0 else { continue }
                result[Int(slots[Int(group)])].series.add(change, note)
            }
        }
        return result
    }

    private mutating func add(_ change: SiteChange, _ note: Int) {
        blocks[note] += change.allocations
        blocks[note] -= change.frees
        bytes[note] += change.allocatedBytes
        bytes[note] -= change.freedBytes
        frees[note] += change.frees
    }

    /// The groups that rose most.
    private static func risen(
        in history: HeapHistory, at samples: GrowthSamples, by groups: [Int32], count: Int, limit: Int
    ) -> [Int] {
        guard let first = samples.notes.first, let last = samples.notes.last else { return [] }
        var live = [Held](repeating: Held(), count: count)
        var base = live
        var rise = live
        var touched: [Int] = []
        var isTouched = [Bool](repeating: false, count: count)
        for note in 0...last {
            for change in history.changes(of: note) {
                let group = Int(groups[change.site])
                guard group >= 0 else { continue }
                live[group].blocks += Int64(change.allocations) - Int64(change.frees)
                live[group].bytes += Int64(change.allocatedBytes) - Int64(change.freedBytes)
                if note > first, !isTouched[group] {
                    isTouched[group] = true
                    touched.append(group)
                }
            }
            if note == first { base = live }
            guard note > first, !samples.areMarks || history.notes[note].mark != nil else { continue }
            for group in touched {
                isTouched[group] = false
                rise[group].blocks = max(rise[group].blocks, live[group].blocks - base[group].blocks)
                rise[group].bytes = max(rise[group].bytes, live[group].bytes - base[group].bytes)
            }
            touched.removeAll(keepingCapacity: true)
        }
        var chosen: Set<Int> = []
        for figure in [\Held.bytes, \Held.blocks] {
            var ranking = Ranking(limit: limit)
            for group in rise.indices { ranking.offer(UInt64(max(rise[group][keyPath: figure], 0)), of: group) }
            chosen.formUnion(ranking.indices())
        }
        return chosen.sorted()
    }

    private struct Held {
        var blocks: Int64 = 0
        var bytes: Int64 = 0
    }
}
