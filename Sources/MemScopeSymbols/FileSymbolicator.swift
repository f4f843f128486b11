public import MemScopeModel

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Symbolicates from the modules' files: symbol tables for names, DWARF 2 to 5 for lines and inlined functions.
///
/// Needs no process. A file whose build id differs from the loaded module's is not used. Results are kept, so that a
/// second export pays only for addresses that are new; files are open only during a call. Calls from several threads
/// wait for each other.
public final class FileSymbolicator: Symbolicator, @unchecked Sendable {
    private struct Known {
        var report: ModuleSymbols
        var results: [UInt64: SymbolicatedAddress] = [:]
    }

    private struct ModuleKey: Hashable {
        var path: String
        var buildID: String
    }

    // Guarded by `lock`.
    private var known: [ModuleKey: Known] = [:]
    private var names = NameCache()
    private let lock: UnsafeMutablePointer<pthread_mutex_t>

    /// Creates a symbolicator that knows nothing yet.
    public init() {
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    /// Forgets all results and frees their memory.
    public func removeAll() {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        known = [:]
        names = NameCache()
    }

    /// Symbolicates return addresses; see `Symbolicator`.
    public func symbolicate(_ addresses: [UInt64], modules: [LoadedModule]) -> Symbolication {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        let map = ModuleMap(modules)
        var order: [Int] = []
        var perModule: [Int: Set<UInt64>] = [:]
        let places = addresses.map { address -> Int? in
            guard let index = map.index(of: address &- 1) else { return nil }
            if perModule[index] == nil { order.append(index) }
            perModule[index, default: []].insert(address &- modules[index].bias)
            return index
        }
        let reports = order.map { resolve(perModule[$0] ?? [], of: modules[$0]) }
        let results = zip(addresses, places).map { address, place -> SymbolicatedAddress in
            guard let place,
                let result = known[Self.key(modules[place])]?.results[address &- modules[place].bias]
            else {
                let frame = SourceFrame(function: ModuleName.offset(address, in: ""))
                return SymbolicatedAddress(frames: [frame], quality: .none)
            }
            return result
        }
        return Symbolication(addresses: results, modules: reports)
    }

    private static func key(_ module: LoadedModule) -> ModuleKey {
        ModuleKey(path: module.path, buildID: module.buildID)
    }

    /// Looks up what is not known yet, and returns what the module could tell about all of `addresses`.
    private func resolve(_ addresses: Set<UInt64>, of module: LoadedModule) -> ModuleSymbols {
        let key = Self.key(module)
        var state = known[key] ?? Known(report: ModuleSymbols(module: module))
        // The dictionary must not hold a second reference, or every insertion below would copy.
        known[key] = nil
        let missing = addresses.filter { state.results[$0] == nil }.sorted()
        if !missing.isEmpty {
            var resolver = ModuleResolver(module)
            let results = resolver.resolve(missing, names: &names)
            let hadLines = state.report.hasLines
            state.report = resolver.report
            state.report.hasLines = state.report.hasLines || hadLines
            for (address, result) in zip(missing, results) { state.results[address] = result }
        }
        var report = state.report
        report.module = module
        report.addresses = addresses.count
        report.named = addresses.count { state.results[$0]?.quality != SymbolQuality.none }
        known[key] = state
        return report
    }
}
