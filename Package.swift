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
        .library(name: "MemScopeHummingbird", targets: ["MemScopeHummingbird"]),
        .library(name: "MemScopeTracing", targets: ["MemScopeTracing"]),
        .library(name: "MemScopeMetrics", targets: ["MemScopeMetrics"]),
        .library(name: "MemScopeLogging", targets: ["MemScopeLogging"]),
        .library(name: "MemScopeServiceLifecycle", targets: ["MemScopeServiceLifecycle"]),
    ],
    traits: [
        .trait(name: "Hummingbird", description: "MemScopeHummingbird: a scope for each route of a Hummingbird 2 server."),
        .trait(name: "Tracing", description: "MemScopeTracing: a scope for each span of swift-distributed-tracing."),
        .trait(name: "Metrics", description: "MemScopeMetrics: the heap as gauges of swift-metrics."),
        .trait(name: "Logging", description: "MemScopeLogging: scope and task in the metadata of swift-log."),
        .trait(name: "ServiceLifecycle", description: "MemScopeServiceLifecycle: tracking as a service of a ServiceGroup."),
        .default(enabledTraits: []),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        // Each for its trait alone; who enables none fetches none of them.
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
        // What a server has anyway, with MemScope in it; nothing without the trait.
        .target(
            name: "MemScopeHummingbird",
            dependencies: [
                "MemScope", .product(name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Hummingbird"])),
            ],
            path: "Sources/Integrations/Hummingbird",
            swiftSettings: swiftSettings
        ),
        .target(
            name: "MemScopeTracing",
            dependencies: [
                "MemScope",
                .product(name: "Tracing", package: "swift-distributed-tracing", condition: .when(traits: ["Tracing"])),
            ],
            path: "Sources/Integrations/Tracing",
            swiftSettings: swiftSettings
        ),
        .target(
            name: "MemScopeMetrics",
            dependencies: [
                "MemScope", .product(name: "Metrics", package: "swift-metrics", condition: .when(traits: ["Metrics"])),
            ],
            path: "Sources/Integrations/Metrics",
            swiftSettings: swiftSettings
        ),
        .target(
            name: "MemScopeLogging",
            dependencies: [
                "MemScope", .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Logging"])),
            ],
            path: "Sources/Integrations/Logging",
            swiftSettings: swiftSettings
        ),
        .target(
            name: "MemScopeServiceLifecycle",
            dependencies: [
                "MemScope", "MemScopeMetrics",
                .product(
                    name: "ServiceLifecycle", package: "swift-service-lifecycle",
                    condition: .when(traits: ["ServiceLifecycle"])),
                .product(name: "Logging", package: "swift-log", condition: .when(traits: ["ServiceLifecycle"])),
            ],
            path: "Sources/Integrations/ServiceLifecycle",
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
        .testTarget(name: "MemScopeTests", dependencies: ["doors"], swiftSettings: swiftSettings),
        .testTarget(name: "RunTests", dependencies: ["memscope"], swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x
)
