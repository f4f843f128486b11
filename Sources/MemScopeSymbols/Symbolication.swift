/// What came of symbolicating a list of addresses.
public struct Symbolication: Sendable {
    /// One result for every address asked for, in the same order.
    public var addresses: [SymbolicatedAddress]
    /// What each module could tell, for modules that an address fell into, in the order of their first address.
    public var modules: [ModuleSymbols]

    /// Creates a result.
    public init(addresses: [SymbolicatedAddress], modules: [ModuleSymbols]) {
        self.addresses = addresses
        self.modules = modules
    }
}
