/// Which module freed what another one had allocated; empty unless it was asked for.
///
/// A module acts where a function of its own called the allocator, be it through the runtimes, which serve whoever calls
/// them: Swift's with Foundation, the C and C++ libraries, libdispatch, allocators. What only runtimes allocated or freed
/// does not change hands.
public struct Custody: Sendable, Equatable {
    /// Blocks of one site that one module freed and another had allocated.
    public struct Crossing: Sendable, Equatable {
        /// Index into ``HeapSnapshot/sites``.
        public var site: Int
        /// Index into ``HeapSnapshot/modules`` of the module that freed them.
        public var freedIn: Int
        /// Number of blocks.
        public var frees: UInt64
        /// Their bytes.
        public var bytes: UInt64

        /// Creates a crossing.
        public init(site: Int, freedIn: Int, frees: UInt64, bytes: UInt64) {
            self.site = site
            self.freedIn = freedIn
            self.frees = frees
            self.bytes = bytes
        }
    }

    /// Whether it was asked for.
    public var isOn = false
    /// What changed hands.
    public var crossings: [Crossing] = []
    /// Frees of which the module could not be told; they are in no crossing.
    public var freedByUnknown: UInt64 = 0
    /// Frees that changed hands and found no room in the table.
    public var lost: UInt64 = 0

    /// Creates custody that nobody asked for.
    public init() {}
}
