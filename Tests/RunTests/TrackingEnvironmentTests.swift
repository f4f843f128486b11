internal import Glibc
internal import Testing

@testable import memscope

@Suite("The environment that the library is told by")
struct TrackingEnvironmentTests {
    private func environment(_ entries: String...) -> TrackingEnvironment {
        TrackingEnvironment(entries.map { Array($0.utf8CString) })
    }

    @Test("The library is put first, before those that were there, and only once")
    func preload() {
        var plain = environment("A=1")
        plain.preload("/lib/ours.so")
        #expect(plain["LD_PRELOAD"] == "/lib/ours.so")
        var others = environment("LD_PRELOAD=/x.so /y.so:/lib/ours.so")
        others.preload("/lib/ours.so")
        #expect(others["LD_PRELOAD"] == "/lib/ours.so:/x.so:/y.so")
    }

    @Test("All variables are set, and those of an outer run replaced")
    func configure() {
        var variables = environment("MEMSCOPE=1", "MEMSCOPE_FOLLOW=1", "MEMSCOPE_RUN_PID=3", "MEMSCOPELESS=kept")
        variables.configure(
            output: "/out", follow: false, backPressure: .drop, leaks: false, custody: false,
            executable: "/bin/memscope")
        #expect(variables["MEMSCOPE"] == "run")
        #expect(variables["MEMSCOPE_RUN_PID"] == String(getpid()))
        #expect(variables["MEMSCOPE_OUTPUT"] == "/out")
        #expect(variables["MEMSCOPE_FOLLOW"] == nil)
        #expect(variables["MEMSCOPE_BACKPRESSURE"] == "drop")
        #expect(variables["MEMSCOPE_CLI"] == "/bin/memscope")
        #expect(variables["MEMSCOPELESS"] == "kept")
        #expect(variables.entries.count == 6)
        variables.configure(
            output: "/out", follow: true, backPressure: .wait, leaks: false, custody: false,
            executable: "/bin/memscope")
        #expect(variables["MEMSCOPE_FOLLOW"] == "1")
        #expect(variables["MEMSCOPE_BACKPRESSURE"] == "wait")
        #expect(variables.entries.count == 7)
        #expect(variables["MEMSCOPE_LEAKS"] == nil && variables["MEMSCOPE_CUSTODY"] == nil)
        variables.configure(
            output: "/out", follow: true, backPressure: .wait, leaks: true, custody: true, executable: "/bin/memscope")
        #expect(variables["MEMSCOPE_LEAKS"] == "1" && variables["MEMSCOPE_CUSTODY"] == "1")
        variables["MEMSCOPE_LEAKS"] = "graph"
        variables.configure(
            output: "/out", follow: true, backPressure: .wait, leaks: true, custody: true, executable: "/bin/memscope")
        #expect(variables["MEMSCOPE_LEAKS"] == "graph")
        // What was switched off outside is on if it is asked for here.
        for value in ["0", "yes", ""] {
            variables["MEMSCOPE_LEAKS"] = value
            variables.configure(
                output: "/out", follow: true, backPressure: .wait, leaks: true, executable: "/bin/memscope")
            #expect(variables["MEMSCOPE_LEAKS"] == "1")
        }
    }

    @Test("A selection of objects is passed on; one that the library would not understand is refused")
    func ownership() {
        var variables = environment("MEMSCOPE_OWNERSHIP=all")
        variables.configure(
            output: "/out", follow: false, backPressure: .wait, leaks: false, executable: "/bin/memscope")
        #expect(variables["MEMSCOPE_OWNERSHIP"] == "all")
        variables.configure(
            output: "/out", follow: false, backPressure: .wait, leaks: false, ownership: "types:A,B",
            executable: "/bin/memscope")
        #expect(variables["MEMSCOPE_OWNERSHIP"] == "types:A,B")
        for selection in ["all", "types:Session", "types:A,B", "scopes:GET /users", "sampled:1", "sampled:1000000"] {
            #expect(TrackingEnvironment.isSelection(selection), "\(selection)")
        }
        #expect(TrackingEnvironment.isSelection("types:" + String(repeating: "x", count: 4089)))
        #expect(!TrackingEnvironment.isSelection("types:" + String(repeating: "x", count: 4090)))
        for selection in ["", "All", "types", "types:", "types:,", "sampled:0", "sampled:x", "sampled:1000001", "x:y"] {
            #expect(!TrackingEnvironment.isSelection(selection), "\(selection)")
        }
    }

    @Test("Entries that are not UTF-8 stay as they are")
    func bytes() {
        let odd: [CChar] = [65, 61, -1, -2, 0]
        var variables = TrackingEnvironment([odd])
        variables.preload("/lib/ours.so")
        #expect(variables.entries.first == odd)
    }
}
