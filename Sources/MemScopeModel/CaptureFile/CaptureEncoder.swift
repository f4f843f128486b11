/// Turns a snapshot into the bytes of a capture file.
///
/// The tracked process writes its captures itself, in C. This writer serves hand-made snapshots: tests, and tools that
/// filter or join captures. It trusts the snapshot's indices. Figures wider than the file's fields trap.
public struct CaptureEncoder {
    private var strings: [UInt8] = [0]
    private var offsets: [String: UInt32] = ["": 0]
    private var sections: [(kind: CaptureFormat.Section, bytes: [UInt8])] = []

    /// Encodes a snapshot.
    /// - Parameter snapshot: What to write.
    /// - Returns: The file's content.
    public static func encode(_ snapshot: HeapSnapshot) -> [UInt8] {
        var encoder = CaptureEncoder()
        encoder.encodeProcess(snapshot)
        encoder.encodeStacks(snapshot)
        encoder.encodeContexts(snapshot)
        encoder.encodeTasks(snapshot)
        encoder.encodeCrossings(snapshot.custody)
        encoder.encodeCensus(snapshot)
        encoder.encodeTracked(snapshot)
        encoder.encodeGraph(snapshot)
        encoder.encodeLedger(snapshot)
        encoder.encodeTimeline(snapshot)
        encoder.encodeEvents(snapshot)
        encoder.encodeHistory(snapshot)
        return encoder.file(architecture: snapshot.process.architecture)
    }

    private init() {}

    mutating func text(_ text: String) -> UInt32 {
        if let offset = offsets[text] { return offset }
        let offset = UInt32(strings.count)
        // A NUL ends a text in the file, so a text cannot hold one.
        strings.append(contentsOf: text.utf8.lazy.map { $0 == 0 ? UInt8(ascii: "?") : $0 })
        strings.append(0)
        offsets[text] = offset
        return offset
    }

    mutating func section<Elements: Collection>(
        _ kind: CaptureFormat.Section, _ elements: Elements,
        _ write: (inout CaptureEncoder, inout CaptureBytes, Elements.Element) -> Void
    ) {
        var bytes = CaptureBytes()
        for element in elements { write(&self, &bytes, element) }
        precondition(bytes.bytes.count == elements.count * kind.elementSize, "section \(kind) has a wrong layout")
        sections.append((kind, bytes.bytes))
    }

    private mutating func encodeProcess(_ snapshot: HeapSnapshot) {
        let process = snapshot.process
        var properties: [(String, String)] = [("executable", process.executable)]
        properties += process.arguments.map { ("argument", $0) }
        properties += [
            ("pid", String(process.pid)), ("startTime", String(process.startTime)),
            ("captureTime", String(process.captureTime)), ("reason", process.reason),
            ("attachment", process.attachment), ("swiftRuntime", process.swiftRuntime),
        ]
        let ledger = snapshot.ledger
        properties += [("ledgerSelection", ledger.selection), ("ledgerComplaint", ledger.complaint)].filter {
            !$0.1.isEmpty
        }
        if !snapshot.leakScan.complaint.isEmpty {
            properties.append(("leakScanComplaint", snapshot.leakScan.complaint))
        }
        if !snapshot.leakScan.roots.isEmpty {
            properties.append(("leakRoots", snapshot.leakScan.roots.joined(separator: ",")))
        }
        if !snapshot.leakScan.programSuppressions.isEmpty {
            properties.append(("programSuppressions", snapshot.leakScan.programSuppressions))
        }
        properties += process.unavailable.sorted { $0.key < $1.key }.map { ("unavailable.\($0.key)", $0.value) }
        section(.properties, properties) { encoder, bytes, property in
            bytes.u32(encoder.text(property.0), encoder.text(property.1))
        }
        section(.modules, snapshot.modules) { encoder, bytes, module in
            bytes.u64(module.start, module.end, module.bias)
            bytes.u32(encoder.text(module.path), encoder.text(module.buildID), module.isUnloaded ? 1 : 0, 0)
        }
        var counters = CaptureFormat.counterFields.map { ($0.name, snapshot.counters[keyPath: $0.field]) }
        counters += CaptureFormat.leakScanFields.map { ($0.name, snapshot.leakScan[keyPath: $0.field]) }
        counters += Self.counters(of: snapshot.custody)
        counters += CaptureFormat.ledgerFields.map { ($0.name, ledger[keyPath: $0.field]) }
        counters.append(("ledger", UInt64(ledger.state.rawValue)))
        counters.append(("leakScan", UInt64(snapshot.leakScan.outcome.rawValue)))
        counters.append(("isFrozenCopy", snapshot.counters.isFrozenCopy ? 1 : 0))
        section(.counters, counters) { encoder, bytes, counter in
            bytes.u32(encoder.text(counter.0), 0)
            bytes.u64(counter.1)
        }
    }

    private mutating func encodeStacks(_ snapshot: HeapSnapshot) {
        section(.addresses, snapshot.addresses) { _, bytes, address in bytes.u64(address) }
        section(.nodes, snapshot.nodes) { _, bytes, node in
            bytes.u32(UInt32(node.parent), UInt32(node.address) | UInt32(node.kind.rawValue) << 30)
        }
        section(.sites, snapshot.sites) { _, bytes, site in
            let flags: UInt32 =
                (site.hasMixedSizes ? 1 : 0) | (site.isTruncated ? 2 : 0) | (site.hasUnknownModule ? 4 : 0)
            bytes.u32(UInt32(site.node), flags)
            bytes.u64(site.size)
            bytes.u32(site.type.plusOne, site.module.plusOne)
            bytes.u64(
                site.allocations, site.frees, site.temporaries, site.allocatedBytes, site.freedBytes,
                site.peakBlocks, site.peakBytes)
        }
        section(.types, snapshot.types) { encoder, bytes, type in
            // Only the process itself can use the metadata address, so a snapshot does not keep it.
            bytes.u64(0)
            bytes.u32(encoder.text(type.name), UInt32(type.kind.rawValue))
        }
    }

    private mutating func encodeContexts(_ snapshot: HeapSnapshot) {
        section(.threads, snapshot.threads) { encoder, bytes, thread in
            bytes.u32(UInt32(thread.tid), encoder.text(thread.name), thread.hasExited ? 1 : 0, 0)
            bytes.u64(thread.peakBytes)
        }
        section(.scopes, snapshot.scopes) { encoder, bytes, scope in
            bytes.u32(scope.parent.plusOne, encoder.text(scope.name))
            bytes.u64(scope.entries)
        }
        section(.contexts, snapshot.contexts) { encoder, bytes, context in
            bytes.u32(
                UInt32(context.thread), context.scope.plusOne, context.taskSite.plusOne, encoder.text(context.queue))
            bytes.u64(
                context.allocations, context.frees, context.temporaries, context.allocatedBytes, context.freedBytes)
        }
        section(.liveGroups, snapshot.liveGroups) { _, bytes, group in
            bytes.u32(UInt32(group.site), UInt32(group.context), group.type.plusOne, 0)
            bytes.u64(group.blocks, group.bytes)
        }
        section(.freedTypes, snapshot.freedTypes) { _, bytes, freed in
            bytes.u32(UInt32(freed.site), UInt32(freed.type))
            bytes.u64(freed.frees, freed.bytes)
        }
    }

    private mutating func encodeTimeline(_ snapshot: HeapSnapshot) {
        section(.timeline, snapshot.timeline) { _, bytes, sample in
            bytes.u64(
                sample.time, sample.liveBytes, sample.liveBlocks, sample.allocations, sample.allocatedBytes,
                sample.residentBytes)
        }
        section(.marks, snapshot.marks) { encoder, bytes, mark in
            bytes.u64(mark.time)
            bytes.u32(encoder.text(mark.name), 0)
            bytes.u64(mark.liveBytes, mark.liveBlocks)
        }
    }

    private func file(architecture: String) -> [UInt8] {
        let all = [(kind: CaptureFormat.Section.strings, bytes: strings)] + sections
        var offset = CaptureFormat.headerSize + all.count * CaptureFormat.tableEntrySize
        var table = CaptureBytes()
        var body: [UInt8] = []
        for (kind, bytes) in all {
            table.u32(kind.rawValue, UInt32(kind.elementSize))
            table.u64(UInt64(offset), UInt64(bytes.count / kind.elementSize), 0)
            let padded = bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
            body += padded
            offset += padded.count
        }
        let number = CaptureFormat.architectures.first { $0.value == architecture }?.key ?? 1
        var header = CaptureBytes()
        header.u64(CaptureFormat.magic)
        header.u32(CaptureFormat.version, number, UInt32(all.count), 1)
        header.u64(UInt64(offset), 0, 0, 0, 0)
        return header.bytes + table.bytes + body
    }
}

extension Int? {
    /// The index as the file stores it: one added, 0 for none.
    var plusOne: UInt32 { map { UInt32($0) + 1 } ?? 0 }
}
