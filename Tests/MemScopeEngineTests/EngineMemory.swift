import Glibc
import MemScopeShim

@testable import MemScopeEngine

/// The engine's tables and some rings in memory of their own, so that tests share nothing with this process's instance.
///
/// Never freed: drained segments go to the pool of segments, which links them.
final class EngineMemory {
    /// What the engine works on.
    let state: UnsafeMutablePointer<memscope_engine>
    /// The writing ends of all rings, in the order in which the engine meets them.
    let rings: [RingWriter]
    private let head: UnsafeMutablePointer<memscope_ring>

    /// Makes tables for the given leaves.
    ///
    /// - Parameters:
    ///   - sizes: The size of each leaf from 1 on; nil for a leaf of mixed sizes.
    ///   - ringCount: How many rings there are.
    ///   - segmentWords: After how many words a ring goes on in another segment.
    init(sizes: [UInt64?], rings ringCount: Int = 1, segmentWords: Int = 1000) {
        state = Self.zeroed(memscope_engine.self, 1)
        state.pointee.totals = Self.zeroed(memscope_leaf_totals.self, sizes.count + 16)
        state.pointee.mixed = Self.zeroed(memscope_mixed_totals.self, sizes.count + 16)
        state.pointee.contexts = Self.zeroed(memscope_context.self, 64)
        state.pointee.tasks = Self.zeroed(memscope_task.self, 64)
        state.pointee.runs = Self.zeroed(memscope_run.self, 64)
        state.pointee.scopes = Self.zeroed(memscope_scope.self, 16)
        state.pointee.threads = Self.zeroed(memscope_thread_info.self, 64)
        state.pointee.groups = Self.zeroed(memscope_group.self, Int(MEMSCOPE_GROUPS))
        state.pointee.task_sites = Self.zeroed(memscope_task_site.self, Int(MEMSCOPE_TASK_SITES))
        state.pointee.handovers = Self.zeroed(memscope_handover.self, Int(MEMSCOPE_HANDOVERS))
        state.pointee.crossings = Self.zeroed(memscope_crossing.self, Int(MEMSCOPE_CROSSINGS))
        state.pointee.group_list = Self.zeroed(UInt32.self, Int(MEMSCOPE_GROUPS))
        state.pointee.scope_runs = Self.zeroed(memscope_scope_runs.self, 16)
        state.pointee.scope_events = Self.zeroed(memscope_scope_event.self, Int(MEMSCOPE_SCOPE_EVENTS))
        state.pointee.scope_runs_capacity = 16
        state.pointee.freed_types = Self.zeroed(memscope_freed_type.self, Int(MEMSCOPE_FREED_TYPES))
        state.pointee.peak_generation = 1
        for (index, size) in sizes.enumerated() {
            state.pointee.totals[index + 1].size = size ?? UInt64(1) << 63 | UInt64(index + 1)
        }
        let memory = Self.zeroed(memscope_ring.self, ringCount)
        for index in 0..<(ringCount - 1) { memory[index].next = memory + index + 1 }
        head = memory
        rings = (0..<ringCount).map { RingWriter(memory + $0, segmentWords: segmentWords) }
    }

    static func zeroed<Element>(_ type: Element.Type, _ count: Int) -> UnsafeMutablePointer<Element> {
        // Large tables of which a test touches little: their pages come zeroed when they are touched.
        guard let memory = calloc(count, MemoryLayout<Element>.stride) else { fatalError("no memory for a test") }
        return memory.bindMemory(to: type, capacity: count)
    }

    /// Says which thread's a ring is.
    func setThread(_ thread: UInt32, ofRing index: Int) {
        var ring = head
        for _ in 0..<index { ring = ring.pointee.next! }
        ring.pointee.thread = thread
    }

    /// Drains all rings up to the cut of `epoch`, as the drain thread does.
    func drainAll(epoch: UInt64 = .max) {
        drain(state, head, epoch)
    }

    /// Live bytes of the whole heap.
    var liveBytes: UInt64 { state.pointee.allocated_bytes - state.pointee.freed_bytes }

    func totals(_ leaf: Int) -> memscope_leaf_totals { state.pointee.totals[leaf] }

    func context(_ index: Int) -> memscope_sums { state.pointee.contexts[index].sums }

    /// How many blocks of a leaf were live at the peak.
    func blocksAtPeak(_ leaf: Int) -> UInt64 {
        let totals = totals(leaf)
        let isChanged = totals.peak_generation == state.pointee.peak_generation
        return isChanged ? UInt64(totals.live_at_peak) : totals.allocations - totals.frees
    }

    /// How many bytes of a leaf were live at the peak.
    func bytesAtPeak(_ leaf: Int) -> UInt64 {
        let totals = totals(leaf)
        guard totals.size >> 63 != 0 else { return blocksAtPeak(leaf) * totals.size }
        let mixed = state.pointee.mixed[Int(totals.size & 0xffff_ffff)]
        let isChanged = totals.peak_generation == state.pointee.peak_generation
        return isChanged ? mixed.live_bytes_at_peak : mixed.allocated_bytes - mixed.freed_bytes
    }

    /// Frees and bytes of a leaf that a module is counted for which did not allocate them.
    func crossed(_ leaf: UInt32, into module: UInt32) -> (frees: UInt64, bytes: UInt64) {
        for index in 0..<Int(MEMSCOPE_CROSSINGS) {
            let entry = state.pointee.crossings![index]
            if entry.leaf == leaf && entry.freed_in == module { return (entry.frees, entry.bytes) }
        }
        return (0, 0)
    }

    /// Frees and bytes counted for a type that differs from its leaf's.
    func freed(type: UInt64, leaf: UInt32) -> (frees: UInt64, bytes: UInt64) {
        for index in 0..<Int(MEMSCOPE_FREED_TYPES) {
            let entry = state.pointee.freed_types[index]
            if entry.leaf == leaf && entry.type == type { return (entry.frees, entry.bytes) }
        }
        return (0, 0)
    }
}
