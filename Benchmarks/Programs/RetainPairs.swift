// Retain and release in turn, of one object, from a stack of known depth: what one of them costs.
//
// usage: RetainPairs DEPTH [PAIRS]        pairs of a retain and a release (4 000 000)
import Glibc

final class Kept { var word = 1 }

// By their addresses: calls that the compiler sees it takes out in pairs.
typealias Function = @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer?
nonisolated(unsafe) let retain = unsafeBitCast(dlsym(nil, "swift_retain"), to: Function.self)
nonisolated(unsafe) let release = unsafeBitCast(dlsym(nil, "swift_release"), to: Function.self)

@inline(never)
func descend(_ left: Int, _ object: UnsafeMutableRawPointer, _ pairs: Int) -> Int {
    // The additions after the calls keep them from becoming jumps.
    if left > 0 { return descend(left - 1, object, pairs) + 1 }
    let retain = retain
    let release = release
    for _ in 0..<pairs {
        _ = retain(object)
        _ = release(object)
    }
    return 1
}

@main struct RetainPairs {
    static func main() {
        let depth = Int(CommandLine.arguments[1]) ?? 20
        let pairs = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 0 : 4_000_000
        let object = Unmanaged.passRetained(Kept())
        // What calls main, and main, are frames too.
        print("RetainPairs", descend(max(depth - 4, 0), object.toOpaque(), pairs))
        object.release()
    }
}
