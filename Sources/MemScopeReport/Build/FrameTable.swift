internal import MemScopeModel

/// The distinct frames of a snapshot, and which of them each address stands for.
struct FrameTable {
    /// The distinct frames.
    private(set) var frames: [Report.Frame] = []
    /// The frames of all addresses, one address after the other, each outermost first.
    private var lists: [Int32] = []
    /// Where in ``lists`` each address's frames end.
    private var ends: [Int32] = []

    init(_ snapshot: HeapSnapshot, _ names: SnapshotNames) {
        let map = ModuleMap(snapshot.modules)
        var known: [Report.Frame: Int32] = [:]
        ends.reserveCapacity(snapshot.addresses.count)
        for (index, address) in snapshot.addresses.enumerated() {
            let begin = lists.count
            if index < names.addresses.count {
                for frame in names.addresses[index].frames { lists.append(intern(frame, &known)) }
            }
            if lists.count == begin { lists.append(intern(map.frame(for: address), &known)) }
            lists[begin...].reverse()
            ends.append(Int32(lists.count))
        }
    }

    /// The frames of an address, outermost first.
    func frames(ofAddress address: Int) -> ArraySlice<Int32> {
        lists[Int(address > 0 ? ends[address - 1] : 0)..<Int(ends[address])]
    }

    private mutating func intern(_ frame: Report.Frame, _ known: inout [Report.Frame: Int32]) -> Int32 {
        if let index = known[frame] { return index }
        let index = Int32(frames.count)
        frames.append(frame)
        known[frame] = index
        return index
    }
}
