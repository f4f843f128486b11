/// A visitor and the log of the visit, which hold each other: what is lost with each request.
final class Visit {
    /// What the visit writes down.
    final class Log {
        var visit: Visit?
        let bytes = InlineArray<256, UInt8>(repeating: 0x76)
    }

    /// Is told of the end, and never forgotten.
    var onEnd: (() -> Void)?
    let log = Log()

    /// Begins a visit that nothing can end.
    static func begin() {
        let visit = Visit()
        visit.log.visit = visit
        visit.onEnd = { [log = visit.log] in withExtendedLifetime(log) {} }
    }
}
