import Benchmark
import MeasuredWork
import MemScope

// What a program pays that links the library and never starts it.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal], warmupIterations: 2, scalingFactor: .kilo, maxDuration: .milliseconds(300))

    Benchmark("trackScope, off") { benchmark in
        for index in benchmark.scaledIterations { blackHole(trackScope("scope") { index &+ 1 }) }
    }

    Benchmark("trackScope async, off") { benchmark in
        for index in benchmark.scaledIterations { blackHole(await trackScope("scope") { () async in index &+ 1 }) }
    }

    Benchmark("mark, off") { benchmark in
        for _ in benchmark.scaledIterations { MemoryTracker.mark("instant") }
    }

    Benchmark("malloc and free, depth 20, off") { benchmark in
        blackHole(allocationPairs(benchmark.scaledIterations.count, depth: 20))
    }
}
