/// The closures that partial applications pass their calls on to. Such an adapter is what a closure's context is stored beside, and
/// belongs to no line.
struct AdaptedClosures {
    private static let adapter = "TA"

    /// By the adapter's address.
    private var located: [UInt64: LocatedFunction] = [:]

    /// Looks for those whose adapter's very first byte is among the addresses in the file `lookups`. Reads all names of the table
    /// if there is one.
    init(_ lookups: [UInt64], _ table: SymbolTable?, _ debug: DebugInformation?) {
        guard let table, let debug else { return }
        var adapters: [String: UInt64] = [:]
        for lookup in lookups {
            guard let entry = table.entry(covering: lookup), entry.address == lookup else { continue }
            let name = table.name(of: entry)
            if name.hasSuffix(Self.adapter) { adapters[String(name.dropLast(Self.adapter.count))] = lookup }
        }
        if adapters.isEmpty { return }
        let closures = table.entries.compactMap { entry in
            adapters[table.name(of: entry)].map { (address: entry.address, adapter: $0) }
        }
        for (closure, functions) in zip(closures, debug.locate(closures.map(\.address))) {
            located[closure.adapter] = functions.last
        }
    }

    /// The closure that the adapter at an address passes calls on to, if its line is known.
    func closure(adaptedAt address: UInt64) -> LocatedFunction? {
        located[address].flatMap { $0.line > 0 ? $0 : nil }
    }
}
