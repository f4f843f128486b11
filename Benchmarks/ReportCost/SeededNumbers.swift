/// Numbers that look random and are the same on every machine.
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 2 &+ 1 }

    /// A number from 0 up to a limit, which is left out.
    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ state >> 29) &* 0xbf58_476d_1ce4_e5b9
        return Int((mixed ^ mixed >> 32) % UInt64(limit))
    }
}
