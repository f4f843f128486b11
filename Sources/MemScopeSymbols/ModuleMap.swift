internal import MemScopeModel

/// Finds the module of an address.
struct ModuleMap {
    private let loaded: [(module: LoadedModule, index: Int)]
    private let unloaded: [(module: LoadedModule, index: Int)]

    /// Takes the modules in any order. Loaded ones do not overlap; an unloaded one may lie where another is now.
    init(_ modules: [LoadedModule]) {
        let sorted = modules.enumerated().map { (module: $0.element, index: $0.offset) }
            .sorted { ($0.module.start, $0.index) < ($1.module.start, $1.index) }
        loaded = sorted.filter { !$0.module.isUnloaded }
        unloaded = sorted.filter { $0.module.isUnloaded }
    }

    /// The index of the module that contains `address`, one that is still loaded before one that is not.
    func index(of address: UInt64) -> Int? {
        Self.find(address, in: loaded) ?? unloaded.last { $0.module.start <= address && address < $0.module.end }?.index
    }

    private static func find(_ address: UInt64, in modules: [(module: LoadedModule, index: Int)]) -> Int? {
        var low = 0
        var high = modules.count
        while low < high {
            let middle = (low + high) / 2
            if modules[middle].module.start <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, address < modules[low - 1].module.end else { return nil }
        return modules[low - 1].index
    }
}
