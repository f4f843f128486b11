// swift-tools-version: 6.1
import PackageDescription

/// A target in `Benchmarks/NAME/`, which the plugin of the benchmark package finds and runs.
func benchmarks(_ name: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: [
            "MeasuredWork",
            .product(name: "MemScope", package: "memscope"),
            .product(name: "Benchmark", package: "benchmark"),
        ],
        path: "Benchmarks/\(name)",
        plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
}

// A package of its own, so that whoever depends on MemScope does not fetch what only its benchmarks need.
let package = Package(
    name: "memscope-benchmarks",
    platforms: [.macOS(.v13)],
    dependencies: [
        .package(name: "memscope", path: ".."),
        // Without its default traits, or it would bring an allocator of its own into what is measured.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "MeasuredWork"),
        // Tracking starts once in a process and cannot be undone, so what is off and what is on are two programs.
        benchmarks("TrackingOff"),
        benchmarks("TrackingOn"),
    ],
    swiftLanguageModes: [.v6]
)
