import Benchmark
import Foundation
import MeasuredWork
import MemScope

// What a program pays while it is tracked. Tracking is started before the first measurement and stays on.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal], warmupIterations: 2, scalingFactor: .kilo, maxDuration: .milliseconds(300))
    Benchmark.setup = { try MemoryTracker.start() }

    Benchmark("trackScope, on") { benchmark in
        for index in benchmark.scaledIterations { blackHole(trackScope("scope") { index &+ 1 }) }
    }

    Benchmark("trackScope async, on") { benchmark in
        for index in benchmark.scaledIterations { blackHole(await trackScope("scope") { () async in index &+ 1 }) }
    }

    Benchmark("mark, on", configuration: .init(scalingFactor: .one, maxIterations: 1000)) { benchmark in
        for _ in benchmark.scaledIterations { MemoryTracker.mark("instant") }
    }

    Benchmark("malloc and free, depth 20, on") { benchmark in
        blackHole(allocationPairs(benchmark.scaledIterations.count, depth: 20))
    }

    // The first export, which looks the names up, is the warm-up.
    Benchmark(
        "exportReport, 100 k live blocks",
        configuration: .init(warmupIterations: 1, scalingFactor: .one, maxDuration: .seconds(5), maxIterations: 5)
    ) { benchmark in
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("memscope-\(getpid())").path
        let blocks = LiveBlocks(count: 100_000)
        benchmark.startMeasurement()
        try exportReport(to: directory)
        benchmark.stopMeasurement()
        blackHole(blocks.count)
        try FileManager.default.removeItem(atPath: directory)
    }
}
