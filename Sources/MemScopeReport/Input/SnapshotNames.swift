internal import MemScopeModel

/// The names that belong to a snapshot: all that the report wants from whoever reads symbols.
package struct SnapshotNames: Sendable, Equatable {
    /// One entry for each of ``HeapSnapshot/addresses``. Missing entries count as unknown.
    package var addresses: [AddressDescription]
    /// One sentence for each of ``HeapSnapshot/modules`` on what could not be found and why, empty if nothing is
    /// missing. Missing entries count as empty.
    package var moduleNotes: [String]
    /// One entry for each of ``ObjectGraph/closures``: the function, `nil` for what is no closure. Missing entries count as `nil`.
    package var closures: [Report.Frame?]
    /// One entry for each of ``ObjectGraph/stackFunctions``. Missing entries count as unknown.
    package var stackFunctions: [AddressDescription] = []

    /// Creates the names of a snapshot.
    /// - Parameters:
    ///   - addresses: One description for each address of the snapshot.
    ///   - moduleNotes: One sentence for each module of the snapshot.
    ///   - closures: One function for each address of a closure.
    package init(addresses: [AddressDescription], moduleNotes: [String], closures: [Report.Frame?] = []) {
        self.addresses = addresses
        self.moduleNotes = moduleNotes
        self.closures = closures
    }

    /// No names at all: the report shows modules and offsets.
    package static let none = SnapshotNames(addresses: [], moduleNotes: [])
}
