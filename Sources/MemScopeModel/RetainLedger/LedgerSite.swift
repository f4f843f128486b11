/// Retains and releases from one stack.
public struct LedgerSite: Sendable, Equatable {
    /// Index into ``HeapSnapshot/sites``.
    public var site: Int
    /// Retains recorded.
    public var retains: UInt64
    /// Releases recorded.
    public var releases: UInt64
    /// The second since tracking began in which most of them were.
    public var busiestSecond: Int
    /// Those in that second.
    public var inBusiestSecond: UInt64

    /// Creates a site.
    public init(site: Int, retains: UInt64, releases: UInt64, busiestSecond: Int, inBusiestSecond: UInt64) {
        self.site = site
        self.retains = retains
        self.releases = releases
        self.busiestSecond = busiestSecond
        self.inBusiestSecond = inBusiestSecond
    }
}
