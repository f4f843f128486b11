internal import Testing

extension MemScopeTests {
    @Suite("What the environment asks of a program that links the library")
    struct EnvironmentTests {
        private let program: DoorsProgram

        init() throws { program = try DoorsProgram() }

        @Test("MEMSCOPE=1 tracks from the beginning and reports at exit")
        func on() throws {
            let outcome = try program.run(["plain"], environment: ["MEMSCOPE": "1", "MEMSCOPE_OUTPUT": "a place"])
            #expect(outcome.lines == ["done"])
            #expect(outcome.errors == "")
            let report = try program.report("a place")
            #expect(report.scopes["synchronous"]?.figure("allocations") == 3)
            #expect(report.scopes["asynchronous"]?.blocks == 6)
            #expect(report.figure("summary", "allocatedBytes") / DoorsReport.block == 9)
        }

        @Test("Without MEMSCOPE=1 nothing happens; nonsense is named", arguments: [nil, "", "0", "yes"])
        func off(_ value: String?) throws {
            var environment = ["MEMSCOPE_OUTPUT": "out"]
            environment["MEMSCOPE"] = value
            let outcome = try program.run(["plain"], environment: environment)
            #expect(outcome.lines == ["done"])
            #expect(outcome.status == 0)
            #expect(outcome.errors == (value == "yes" ? "memscope: MEMSCOPE must be 0 or 1, not yes\n" : ""))
            #expect(program.files("") == [])
        }

        @Test("Each signal makes a report; the program's handler runs, and without one the program lives")
        func signals() throws {
            let environment = ["MEMSCOPE_EXPORT_SIGNAL": "USR2", "MEMSCOPE_OUTPUT": "out"]
            for (command, handled) in [("signals", 0), ("handled signals", 3)] {
                let outcome = try program.run([command, "out"], environment: environment, seconds: 120)
                #expect(outcome.lines == ["handled \(handled)", "alive"], "\(command): \(outcome.errors)")
                #expect(program.files("out") == ["export-1", "export-2", "export-3"])
                #expect(try program.report("out/export-3").figure("summary", "allocatedBytes") / DoorsReport.block == 2)
                _ = try DoorsProgram.execute(["rm", "-r", "out"], in: program.directory)
            }
        }

        @Test("Periodic reports: the last ones stay, and a killed program leaves the newest whole")
        func periodic() throws {
            let environment = [
                "MEMSCOPE_EXPORT_EVERY": "100ms", "MEMSCOPE_EXPORT_KEEP": "2", "MEMSCOPE_OUTPUT": "out",
            ]
            let outcome = try program.run(["idle"], environment: environment, seconds: 5)
            #expect(outcome.lines == ["ready"])
            #expect(outcome.errors == "")
            let numbers = program.files("out").compactMap { Int($0.dropFirst("export-".count)) }.sorted()
            // Two that are whole, and perhaps one that was being written or removed.
            #expect(2...3 ~= numbers.count, "\(numbers)")
            let whole = numbers.filter {
                Set(program.files("out/export-\($0)")).isSuperset(of: ["report.html", "report.json"])
            }
            #expect(whole.count >= 2)
            #expect(try #require(whole.last) > 2)
            for number in whole {
                #expect(try program.report("out/export-\(number)").figure("summary", "liveBytes") >= 0)
            }
        }

        @Test("A starved engine with small rings: with wait nothing is lost, with drop it is counted")
        func backPressure() throws {
            for mode in ["wait", "drop"] {
                let environment = ["MEMSCOPE_BACKPRESSURE": mode, "MEMSCOPE_RING_BYTES": "1048576"]
                let outcome = try program.run(
                    ["stress", "out"], environment: environment, under: ["taskset", "-c", "0"])
                #expect(outcome.lines == ["starved true", "written"], "\(outcome.errors)")
                let report = try program.report("out")
                let dropped = report.figure("capture", "droppedEvents")
                let stress = try #require(report.scopes["stress"])
                #expect(stress.figure("allocations") + dropped == 800_000)
                #expect(stress.figure("allocatedBytes") == stress.figure("allocations") * 333)
                #expect(report.negatives() == [])
                if mode == "wait" {
                    #expect(dropped == 0)
                    #expect(stress.figure("liveBlocks") == 8)
                    #expect(report.section("summary")["accuracy"] as? String == "exact")
                } else if dropped > 0 {
                    #expect(report.section("summary")["accuracy"] as? String == "estimated")
                    #expect(0...8 ~= stress.figure("liveBlocks"))
                }
            }
        }
    }
}
