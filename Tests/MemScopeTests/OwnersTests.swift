internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("Whose memory it is")
    struct OwnersTests {
        private let report: DoorsReport
        private let block = DoorsReport.block

        init() throws {
            let program = try DoorsProgram()
            let outcome = try program.run(["owners", "out"])
            try #require(outcome.status == 0, "\(outcome.errors)")
            report = try program.report("out")
        }

        private func rows(_ section: String) -> [[String: Any]] { report.root[section] as? [[String: Any]] ?? [] }

        private func figure(_ row: [String: Any]?, _ key: String) -> Int { row?[key] as? Int ?? -1 }

        @Test("Tasks that wait are there by name, with what they hold, their state and their creator")
        func tasks() throws {
            let tasks = rows("tasks")
            for number in 0..<3 {
                let task = try #require(tasks.first { $0["name"] as? String == "waiting \(number)" })
                #expect(figure(task, "liveBytes") / block == number + 1)
                #expect(figure(task, "peakBytes") / block == number + 1)
                #expect(task["state"] as? String == "suspended")
                #expect(task["kind"] as? String == "unstructured")
                #expect(figure(task, "parent") > 0)
                #expect(figure(task, "slabBytes") > 0)
                #expect(figure(task, "lastSeen") >= figure(task, "firstSeen"))
                #expect(task["leakedBytes"] is NSNull)
            }
            let main = try #require(tasks.first { figure($0, "parent") == 0 && $0["state"] as? String == "running" })
            #expect(tasks.filter { figure($0, "parent") == figure(main, "id") }.count >= 3)
        }

        @Test("A task that outlives the scope it was created in says so")
        func outlived() throws {
            let task = try #require(rows("tasks").first { $0["name"] as? String == "outlived" })
            #expect(task["hasOutlivedScope"] as? Bool == true)
            let scope = rows("scopes")[figure(task, "scope")]
            #expect(scope["name"] as? String == "creator")
            #expect(figure(scope, "liveBytes") / block == 1)
        }

        @Test("Tasks are summed by the place that created them, those that are gone too")
        func sites() throws {
            let waiting = try #require(
                rows("taskSites").first {
                    ($0["function"] as? String)?.contains("Owners.tasks") == true
                        && $0["kind"] as? String == "unstructured"
                })
            #expect(figure(waiting, "created") == 3)
            #expect(figure(waiting, "suspended") == 3)
            #expect(figure(waiting, "liveBytes") / block == 6)
            let children = rows("taskSites").filter { $0["kind"] as? String == "groupChild" }
            #expect(children.contains { figure($0, "finished") == 20 && figure($0, "allocatedBytes") / block == 20 })
            #expect(children.allSatisfy { figure($0, "running") == 0 && figure($0, "unknown") == 0 })
        }

        @Test("Each run of a scope is counted by itself")
        func runs() throws {
            func distribution(_ path: String, _ key: String) throws -> [String: Any] {
                let runs = try #require(report.scopes[path]?.row["runs"] as? [String: Any])
                #expect(figure(runs, "ended") == (path.hasSuffix("inner run") ? 20 : 10))
                return try #require(runs[key] as? [String: Any])
            }
            let synchronous = try distribution("synchronous run", "allocations")
            #expect(figure(synchronous, "mean") == 6)
            #expect(figure(synchronous, "median") == 6)
            #expect(figure(synchronous, "largest") == 11)
            let left = try distribution("synchronous run", "retainedBytes")
            #expect(figure(left, "mean") == block && figure(left, "largest") == block)
            // Inner scopes and child tasks count, and the latter's blocks are gone at the end.
            let allocated = try distribution("asynchronous run", "allocatedBytes")
            #expect(figure(allocated, "largest") / block == 12)
            let retained = try distribution("asynchronous run", "retainedBytes")
            #expect(figure(retained, "mean") / block == 5)
            #expect(figure(retained, "largest") / block == 10)
            let inner = try distribution("asynchronous run/inner run", "allocatedBytes")
            #expect(figure(inner, "largest") == block)
        }

        @Test("Children that a scope in a group's body adds are in that scope")
        func group() {
            #expect(report.scopes["around children"]?.blocks == 3)
        }

        @Test("A detached task is in the scope that it is handed")
        func detached() {
            #expect(report.scopes["handed on"]?.blocks == 2)
        }

        @Test("Outside of tasks a worker's blocks belong to the queue that it serves")
        func queues() {
            for (label, count) in [("doors.first", 3), ("doors.second", 5)] {
                let row = rows("queues").first { $0["label"] as? String == label }
                #expect(figure(row, "liveBytes") / block == count, "\(label)")
            }
        }

        @Test("Threads have their peak, and the blocks they hand each other are paired")
        func threads() {
            let threads = rows("threads")
            #expect(threads.contains { figure($0, "peakBytes") >= 5 * block })
            let handed = rows("handovers").reduce(0) { $0 + figure($1, "frees") }
            #expect(threads.reduce(0) { $0 + figure($1, "freedByOthers") } == handed)
            #expect(threads.reduce(0) { $0 + figure($1, "freedForOthers") } == handed)
        }

        @Test("The headline names who keeps most alive")
        func headline() {
            let headline = report.section("summary")["headline"] as? String ?? ""
            #expect(headline.contains("keeps") && headline.contains("MiB alive"), "\(headline)")
            #expect(headline.contains("asynchronous run keeps"), "\(headline)")
        }
    }
}
