import Glibc
import MemScope
import Truth

/// usage: programs SEED FIRST COUNT DIRECTORY
///
/// Runs the random programs with the numbers FIRST and on, one after the other, each in a scope of its own, and leaves what
/// MemScope and what the oracle say of them in DIRECTORY.
@main
struct Main {
    static func main() async throws {
        let numbers = CommandLine.arguments.compactMap { Int($0) }
        let directory = CommandLine.arguments[4]
        try MemoryTracker.start()
        Porter.begin()
        await warmUp()
        truth_begin(Unmanaged.passUnretained(Label.$run).toOpaque())
        let residents = Leftovers()
        let afterReport = Gate()
        for number in numbers[1]..<(numbers[1] + numbers[2]) {
            var generator = Generator(seed: UInt64(numbers[0]), number: number)
            let steps = generator.program()
            let program = Program(afterReport: afterReport, residents: residents)
            await Label.scope("program \(number)") { await program.perform(steps) }
            program.end.open()
            await program.leftovers.finish()
        }
        try await export(to: directory)
        afterReport.open()
        await residents.finish()
    }

    /// The first use of a generic type allocates for it, wherever that is.
    private static func warmUp() async {
        Label.scope("warm-up") {}
        try? Label.scope("warm-up") { throw Refusal() }
        await Label.scope("warm-up") { await Task.yield() }
        try? await Label.scope("warm-up") {
            await Task.yield()
            throw Refusal()
        }
    }

    /// The threads that ran the last tasks may still be freeing what is theirs. Whatever they do must be in both accounts or
    /// in none: an export during which something happened in a scope is made anew.
    private static func export(to directory: String) async throws {
        var before: UInt64
        repeat {
            try await Task.sleep(nanoseconds: 50_000_000)
            before = truth_events()
            try exportReport(to: directory)
        } while truth_events() != before
        _ = truth_write("\(directory)/truth.json")
    }
}
