/// Ways to keep a value, and to lose it, that no optimiser sees through.

nonisolated(unsafe) private var sink: UInt8 = 0

/// Retains an object once too often: nothing refers to it any more, and it lives.
@inline(never) func lose(_ object: AnyObject) {
    sink ^= UInt8(truncatingIfNeeded: Int(bitPattern: Unmanaged.passRetained(object).toOpaque()))
}

/// Puts a value into a block that is never freed, and forgets where that is.
@inline(never) func loseCell<Value>(_ value: Value) {
    let cell = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    cell.initialize(to: value)
    sink ^= UInt8(truncatingIfNeeded: Int(bitPattern: cell))
}

/// Overwrites what calls left on the stack.
@inline(never) func scrub() {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { bytes in
        for i in bytes.indices { bytes[i] = 0 }
        sink ^= bytes[Int(sink)]
    }
}

/// A text too long to be kept inside of a `String`: 32 bytes of header, the text, and its end.
func longText(_ number: Int) -> String {
    "a text of sixty characters and a number behind them, which is \(1_000_000 + number)"
}
