// swift-tools-version: 6.1
import PackageDescription

/// Settings that every Swift target shares.
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The preload library carries its own Swift standard library and exports nothing but the hooks.
/// Nobody links this product, so its unsafe flags bar no one from depending on the package.
let preloadLinkerSettings: [LinkerSetting] = [
    .unsafeFlags([
        "-static-stdlib",
        "-Xlinker", "--gc-sections",
        "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/MemScopePreload/exports.map",
    ])
]

/// A package that servers have anyway, with MemScope in it. It stands behind a trait, without which the target is empty
/// and the package is neither fetched nor resolved.
func integration(_ trait: String, uses products: [String: String], after targets: [Target.Dependency] = []) -> Target {
    .target(
        name: "MemScope\(trait)",
        dependencies: ["MemScope"] + targets
            + products.sorted { $0.key < $1.key }.map { product, package in
                .product(name: product, package: package, condition: .when(traits: [trait]))
            },
        path: "Sources/Integrations/\(trait)",
        swiftSettings: swiftSettings
    )
}

// Targets stand in the order in which an allocation passes through them.
let package = Package(
    name: "memscope",
    products: [
        .library(name: "MemScope", targets: ["MemScope"]),
        .library(name: "MemScopePreload", type: .dynamic, targets: ["MemScopePreload"]),
        .executable(name: "memscope", targets: ["memscope"]),
        .library(name: "MemScopeHummingbird", targets: ["MemScopeHummingbird"]),
        .library(name: "MemScopeTracing", targets: ["MemScopeTracing"]),
        .library(name: "MemScopeMetrics", targets: ["MemScopeMetrics"]),
        .library(name: "MemScopeLogging", targets: ["MemScopeLogging"]),
        .library(name: "MemScopeServiceLifecycle", targets: ["MemScopeServiceLifecycle"]),
    ],
    traits: [
        .trait(name: "Hummingbird", description: "A scope for each route of a Hummingbird 2 server."),
        .trait(name: "Tracing", description: "A scope for each span of swift-distributed-tracing."),
        .trait(name: "Metrics", description: "The heap as gauges of swift-metrics."),
        .trait(name: "Logging", description: "Scope and task in the metadata of swift-log."),
        .trait(name: "ServiceLifecycle", description: "Tracking as a service of swift-service-lifecycle."),
        .default(enabledTraits: []),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        // Each for its trait alone.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Capture: the malloc hooks, the stacks, the shadow and the rings.
        .target(name: "MemScopeShim"),
        // The values that one stage hands to the next.
        .target(name: "MemScopeModel", swiftSettings: swiftSettings),
        // Drains the rings into totals.
        .target(name: "MemScopeEngine", dependencies: ["MemScopeShim", "MemScopeModel"], swiftSettings: swiftSettings),
        // Addresses to functions, files and lines.
        .target(name: "MemScopeSymbols", dependencies: ["MemScopeModel"], swiftSettings: swiftSettings),
        // Snapshot in, findings out.
        .target(name: "MemScopeAnalysis", dependencies: ["MemScopeModel"], swiftSettings: swiftSettings),
        // The page, as real files, and what compresses its data.
        .target(name: "MemScopeDashboard", exclude: ["Page"]),
        // Findings to files.
        .target(
            name: "MemScopeReport",
            dependencies: ["MemScopeSymbols", "MemScopeAnalysis", "MemScopeModel", "MemScopeDashboard"],
            swiftSettings: swiftSettings
        ),
        // What a program links.
        .target(
            name: "MemScope",
            dependencies: [
                "MemScopeShim", "MemScopeModel", "MemScopeEngine", "MemScopeSymbols", "MemScopeAnalysis",
                "MemScopeReport",
            ],
            swiftSettings: swiftSettings
        ),
        // What LD_PRELOAD brings into a program that nobody rebuilt.
        .target(
            name: "MemScopePreload",
            dependencies: ["MemScopeEngine"],
            exclude: ["exports.map"],
            swiftSettings: swiftSettings,
            linkerSettings: preloadLinkerSettings
        ),
        // The command. Its folder has another name, because some file systems cannot tell `memscope` from `MemScope`.
        .executableTarget(
            name: "memscope",
            dependencies: [
                "MemScopeSymbols", "MemScopeAnalysis", "MemScopeReport", "MemScopeModel",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/CommandLineTool",
            swiftSettings: swiftSettings
        ),
        integration("Hummingbird", uses: ["Hummingbird": "hummingbird"]),
        integration("Tracing", uses: ["Tracing": "swift-distributed-tracing"]),
        integration("Metrics", uses: ["Metrics": "swift-metrics"]),
        integration("Logging", uses: ["Logging": "swift-log"]),
        integration(
            "ServiceLifecycle", uses: ["ServiceLifecycle": "swift-service-lifecycle", "Logging": "swift-log"],
            after: ["MemScopeMetrics"]),
        .testTarget(
            name: "MemScopeEngineTests",
            dependencies: ["MemScopeEngine", "MemScopeShim"],
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "MemScopeModelTests", dependencies: ["MemScopeModel"], swiftSettings: swiftSettings),
        .testTarget(
            name: "MemScopeSymbolsTests",
            dependencies: ["MemScopeSymbols", "MemScopeModel"],
            exclude: ["Fixtures"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "MemScopeAnalysisTests",
            dependencies: ["MemScopeAnalysis", "MemScopeModel"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "MemScopeReportTests",
            dependencies: ["MemScopeReport", "MemScopeModel"],
            swiftSettings: swiftSettings
        ),
        // A program that links the library, for the tests to run: what is hooked is a whole process.
        .executableTarget(
            name: "doors",
            dependencies: ["MemScope"],
            path: "Tests/Fixtures/Doors",
            swiftSettings: swiftSettings
        ),
        // What analysis and reports cost; `Benchmarks/budgets.py` runs it.
        .executableTarget(
            name: "report-cost",
            dependencies: ["MemScopeSymbols", "MemScopeAnalysis", "MemScopeReport", "MemScopeModel"],
            path: "Benchmarks/ReportCost",
            swiftSettings: swiftSettings
        ),
        // What tasks and scopes cost; as above.
        .executableTarget(
            name: "attribution-cost",
            dependencies: ["MemScope"],
            path: "Benchmarks/AttributionCost",
            swiftSettings: swiftSettings
        ),
        // Random programs that know whose their memory is. What they count with is preloaded.
        .systemLibrary(name: "Truth", path: "Tests/AttributionTests/Truth"),
        .executableTarget(
            name: "random-programs",
            dependencies: ["MemScope", "Truth"],
            path: "Tests/AttributionTests/Programs",
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "MemScopeTests", dependencies: ["doors"], swiftSettings: swiftSettings),
        .testTarget(name: "RunTests", dependencies: ["memscope"], swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x
)
