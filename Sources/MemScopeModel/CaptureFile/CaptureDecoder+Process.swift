/// What the capture says about the process, its modules and its counters.
extension CaptureDecoder {
    mutating func decodeProcess() throws(CaptureError) {
        let section = layout[.properties]
        for element in 0..<section.count {
            let key = try strings.text(section.u32(element, 0), of: "a property's name")
            let value = try strings.text(section.u32(element, 4), of: "property \(key)")
            switch key {
            case "executable": snapshot.process.executable = value
            case "argument": snapshot.process.arguments.append(value)
            case "pid": snapshot.process.pid = try number(value, key)
            case "startTime": snapshot.process.startTime = try number(value, key)
            case "captureTime": snapshot.process.captureTime = try number(value, key)
            case "reason": snapshot.process.reason = value
            case "attachment": snapshot.process.attachment = value
            case "swiftRuntime": snapshot.process.swiftRuntime = value
            case "ledgerSelection": snapshot.ledger.selection = value
            case "ledgerComplaint": snapshot.ledger.complaint = value
            case "leakScanComplaint": snapshot.leakScan.complaint = value
            case "leakRoots": snapshot.leakScan.roots = value.split(separator: ",").map(String.init)
            case "programSuppressions": snapshot.leakScan.programSuppressions = value
            case let key where key.hasPrefix("unavailable."):
                snapshot.process.unavailable[String(key.dropFirst("unavailable.".count))] = value
            default: break
            }
        }
    }

    mutating func decodeModules() throws(CaptureError) {
        let section = layout[.modules]
        for element in 0..<section.count {
            let module = LoadedModule(
                start: section.u64(element, 0), end: section.u64(element, 8), bias: section.u64(element, 16),
                path: try strings.text(section.u32(element, 24), of: "module \(element)"),
                buildID: try strings.text(section.u32(element, 28), of: "module \(element)"),
                isUnloaded: section.u32(element, 32) & 1 != 0)
            guard module.start <= module.end else {
                throw .damaged("module \(element) ends before it starts")
            }
            snapshot.modules.append(module)
        }
    }

    mutating func decodeCounters() throws(CaptureError) {
        let section = layout[.counters]
        let fields = Dictionary(
            uniqueKeysWithValues: CaptureFormat.counterFields.map { ($0.name, $0.field) })
        for element in 0..<section.count {
            let key = try strings.text(section.u32(element, 0), of: "a counter's name")
            let value = section.u64(element, 8)
            if takeCustodyCounter(key, value) {
                continue
            } else if key == "isFrozenCopy" {
                snapshot.counters.isFrozenCopy = value != 0
            } else if key == "leakScan" {
                guard let outcome = UInt8(exactly: value).flatMap(LeakScan.Outcome.init(rawValue:)) else {
                    throw .damaged("the leak scan ended in way \(value), which is unknown")
                }
                snapshot.leakScan.outcome = outcome
            } else if key == "ledger" {
                guard let state = UInt8(exactly: value).flatMap(RetainLedger.State.init(rawValue:)) else {
                    throw .damaged("the retain ledger is in state \(value), which is unknown")
                }
                snapshot.ledger.state = state
            } else if let field = CaptureFormat.ledgerFields.first(where: { $0.name == key })?.field {
                guard value <= UInt64(Int64.max) else { throw .damaged("counter \(key) is \(value)") }
                snapshot.ledger[keyPath: field] = value
            } else if let field = CaptureFormat.leakScanFields.first(where: { $0.name == key })?.field {
                snapshot.leakScan[keyPath: field] = value
            } else if let field = fields[key] {
                guard value <= UInt64(Int64.max) else { throw .damaged("counter \(key) is \(value)") }
                snapshot.counters[keyPath: field] = value
            }
        }
        let counters = snapshot.counters
        guard counters.frees <= counters.allocations, counters.freedBytes <= counters.allocatedBytes else {
            throw .damaged("more was freed than allocated")
        }
    }

    private func number<Number: FixedWidthInteger>(_ text: String, _ key: String) throws(CaptureError) -> Number {
        guard let number = Number(text), number >= 0 else { throw .damaged("property \(key) is no number: \(text)") }
        return number
    }
}
