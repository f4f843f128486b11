internal import MemScopeAnalysis
internal import MemScopeModel

/// The census of types.
extension ReportBuilder {
    /// Whether all live blocks and their references are in the snapshot.
    var hasWholeGraph: Bool { snapshot.leakScan.outcome == .done && !snapshot.graph.roots.isEmpty }

    func types() -> [Report.TypeRow] {
        let counters = snapshot.counters
        let isRead = (counters.isFrozenCopy || snapshot.liveGroups.isEmpty) && counters.freedTypesLost == 0
        let charges = hasWholeGraph ? BufferCharges(snapshot) : nil
        let census = Dictionary(snapshot.census.map { ($0.type, $0) }) { first, _ in first }
        let hasBefore = snapshot.census.contains { $0.bytesBefore != nil }
        // Two modules may each have a type of the same name, and a generic class one description for each use.
        var rows: [Report.TypeRow] = []
        var ages: [UInt64?] = []
        var known: [HeapType?: Int] = [:]
        for totals in TypeTotals.all(of: snapshot) {
            let type = totals.type.map { snapshot.types[$0] }
            let family = TypeFamily(type)
            let index = known[type] ?? rows.count
            if index == rows.count {
                known[type] = index
                rows.append(
                    Report.TypeRow(
                        name: type?.name ?? "untyped", kind: family.rawValue, figures: Report.Figures(),
                        accuracy: isRead ? accuracy : .estimated))
                rows[index].chargedBytes = charges.map { _ in 0 }
                rows[index].growthBytes = hasBefore ? 0 : nil
                ages.append(0)
            }
            rows[index].add(totals)
            if family.isUnseenAtFree, rows[index].figures.frees > 0 { rows[index].accuracy = .inferred }
            if let charges { rows[index].chargedBytes? += charges.bytes[totals.type ?? snapshot.types.count] }
            // Without a row there are no live blocks, neither now nor before.
            if let found = census[totals.type] {
                ages[index] = ages[index].flatMap { sum in found.ageMilliseconds.map { sum + $0 } }
                let growth = found.bytesBefore.map { Int64(totals.liveBytes) - Int64($0) }
                rows[index].growthBytes = rows[index].growthBytes.flatMap { sum in growth.map { sum + $0 } }
            }
        }
        for (index, age) in ages.enumerated() where rows[index].figures.liveBlocks > 0 && !snapshot.census.isEmpty {
            rows[index].averageAgeSeconds = age.map {
                Double($0 / rows[index].figures.liveBlocks) / 1_000
            }
        }
        rows.sort { ($1.figures.allocatedBytes, $0.name) < ($0.figures.allocatedBytes, $1.name) }
        return Array(rows.prefix(options.maximumTypes))
    }
}

extension Report.TypeRow {
    fileprivate mutating func add(_ totals: TypeTotals) {
        figures.allocations += totals.allocations
        figures.frees += totals.frees
        figures.allocatedBytes += totals.allocatedBytes
        figures.liveBlocks += totals.liveBlocks
        figures.liveBytes += totals.liveBytes
    }
}
