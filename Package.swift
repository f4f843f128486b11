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

// Targets stand in the order in which an allocation passes through them.
let package = Package(
    name: "memscope",
    products: [
        .library(name: "MemScope", targets: ["MemScope"]),
        .library(name: "MemScopePreload", type: .dynamic, targets: ["MemScopePreload"]),
        .executable(name: "memscope", targets: ["memscope"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
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
        // The page, as real files.
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
        .testTarget(name: "MemScopeTests", dependencies: ["doors"], swiftSettings: swiftSettings),
        .testTarget(name: "RunTests", dependencies: ["memscope"], swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x
)
