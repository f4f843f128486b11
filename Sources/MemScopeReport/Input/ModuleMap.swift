internal import MemScopeModel

/// Finds the module of an address, by binary search.
struct ModuleMap {
    private let modules: [LoadedModule]

    init(_ modules: [LoadedModule]) {
        // Modules may follow one another at the same place; the one still loaded is meant.
        self.modules = modules.sorted { ($0.start, $0.isUnloaded ? 0 : 1) < ($1.start, $1.isUnloaded ? 0 : 1) }
    }

    /// Describes an address that has no symbol, as module and offset.
    func frame(for address: UInt64) -> Report.Frame {
        var low = 0
        var high = modules.count
        while low < high {
            let middle = (low + high) / 2
            if modules[middle].start <= address { low = middle + 1 } else { high = middle }
        }
        let hexadecimal = String(address, radix: 16)
        guard low > 0, address < modules[low - 1].end else { return Report.Frame(function: "0x\(hexadecimal)") }
        let module = modules[low - 1]
        let name = String(module.path.split(separator: "/").last ?? "")
        let offset = String(address &- module.bias, radix: 16)
        return Report.Frame(function: "\(name)+0x\(offset)", module: name)
    }
}
