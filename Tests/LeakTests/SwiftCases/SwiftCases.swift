/// Runs the case that the arguments name: NAME N. It makes `N` of something, and check.py knows what of that nothing leads to in the
/// end.
@main
struct SwiftCases {
    static func main() async {
        let name = CommandLine.arguments[1]
        let n = Int(CommandLine.arguments[2])!
        let sync = [ObjectCases.all, EnumCases.all, CollectionCases.all, ClosureCases.all, LibraryCases.all].compactMap
        { $0[name] }
        if let make = sync.first {
            run(make, n)
        } else {
            await TaskCases.all[name]!(n)
            if name.hasPrefix("lost") { await TaskCases.scrubThreads() }
        }
        scrub()
    }

    @inline(never) private static func run(_ make: (Int) -> Void, _ n: Int) {
        make(n)
        scrub()
    }
}
