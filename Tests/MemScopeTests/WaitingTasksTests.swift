internal import Foundation
internal import Testing

extension MemScopeTests {
    @Suite("Tasks that never finish")
    struct WaitingTasksTests {
        /// The figures of a run with so many tasks.
        private struct Run {
            let trackerBytes: Int
            let heapBytes: Int
            let site: [String: Any]

            init(tasks: Int) throws {
                let program = try DoorsProgram()
                let outcome = try program.run(["waiting", "out", "\(tasks)"])
                try #require(outcome.status == 0, "\(outcome.errors)")
                let report = try program.report("out")
                trackerBytes = report.figure("capture", "trackerBytes")
                // With what the allocator adds to each block.
                heapBytes = report.figure("summary", "liveBytes") + 12 * report.figure("summary", "liveBlocks")
                let sites = report.root["taskSites"] as? [[String: Any]] ?? []
                site = try #require(sites.max { ($0["created"] as? Int ?? 0) < ($1["created"] as? Int ?? 0) })
            }
        }

        @Test("A hundred thousand are one row of one place, and take 200 bytes each besides the shadow of their heap")
        func memory() throws {
            // By the smaller number the rings are as long as they get.
            let few = try Run(tasks: 100_000)
            let many = try Run(tasks: 200_000)
            for (run, tasks) in [(few, 100_000), (many, 200_000)] {
                #expect(run.site["created"] as? Int == tasks)
                #expect(run.site["suspended"] as? Int == tasks)
                #expect(run.site["finished"] as? Int == 0)
                #expect(run.site["liveBlocks"] as? Int == tasks)
                #expect((run.site["function"] as? String)?.contains("Waiting.begin") == true)
            }
            let added = Double(many.trackerBytes - few.trackerBytes) / 100_000
            let shadow = Double(many.heapBytes - few.heapBytes) / 4 / 100_000
            #expect(added - shadow <= 200, "\(added) bytes a task, \(shadow) of them the shadow")
            #expect(added > 100, "two records at least")
        }
    }
}
