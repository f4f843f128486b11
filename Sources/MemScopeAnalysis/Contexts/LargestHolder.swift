package import MemScopeModel

/// Whose the most live memory is: the one thing to look at first.
///
/// The scope whose own blocks hold most, if any scope holds a tenth of the heap; else the site whose tasks do, likewise;
/// else the whole process. Of what that one holds, the type and the stack with most bytes. Task slabs are left out: they are
/// what tasks run on, not what the program keeps.
package struct LargestHolder: Sendable, Equatable {
    /// Index into ``HeapSnapshot/scopes``.
    package var scope: Int?
    /// Index into ``HeapSnapshot/taskSites``.
    package var taskSite: Int?
    /// Bytes that it holds.
    package var bytes: UInt64
    /// Index into ``HeapSnapshot/types`` of what most of these are, if it was recognised.
    package var type: Int?
    /// Blocks of that type, allocated with that stack.
    package var blocks: UInt64
    /// Bytes of those.
    package var blockBytes: UInt64
    /// Index into ``HeapSnapshot/nodes`` of that stack's innermost frame.
    package var node: Int

    /// Finds the holder; `nil` if nothing lives. Time is linear in live groups and contexts.
    /// - Parameter snapshot: The snapshot.
    package init?(of snapshot: HeapSnapshot) {
        let groups = snapshot.liveGroups.filter { group in
            group.type.map { snapshot.types[$0].kind != .taskSlab } ?? true
        }
        let whole = groups.reduce(0) { $0 + $1.bytes }
        guard whole > 0 else { return nil }
        scope = Self.leader(of: groups, whole) { snapshot.contexts[$0.context].scope }
        if scope == nil { taskSite = Self.leader(of: groups, whole) { snapshot.contexts[$0.context].taskSite } }

        struct Holding: Hashable {
            var type: Int?
            var node: Int
        }
        var holdings: [Holding: (blocks: UInt64, bytes: UInt64)] = [:]
        bytes = 0
        for group in groups {
            let context = snapshot.contexts[group.context]
            guard scope == nil || context.scope == scope, taskSite == nil || context.taskSite == taskSite else {
                continue
            }
            bytes += group.bytes
            let holding = Holding(type: group.type, node: snapshot.sites[group.site].node)
            holdings[holding, default: (0, 0)].blocks += group.blocks
            holdings[holding, default: (0, 0)].bytes += group.bytes
        }
        let largest = holdings.max { ($0.value.bytes, $1.key.node) < ($1.value.bytes, $0.key.node) }
        guard let largest else { return nil }
        type = largest.key.type
        node = largest.key.node
        blocks = largest.value.blocks
        blockBytes = largest.value.bytes
    }

    private static func leader(of groups: [LiveGroup], _ whole: UInt64, _ key: (LiveGroup) -> Int?) -> Int? {
        var bytes: [Int: UInt64] = [:]
        for group in groups { if let key = key(group) { bytes[key, default: 0] += group.bytes } }
        let largest = bytes.max { ($0.value, $1.key) < ($1.value, $0.key) }
        guard let largest, largest.value >= whole / 10 else { return nil }
        return largest.key
    }
}
