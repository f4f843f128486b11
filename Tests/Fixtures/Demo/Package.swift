// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Demo",
    dependencies: [
        .package(name: "memscope", path: "../../..")
    ],
    targets: [
        .executableTarget(name: "Demo", dependencies: [.product(name: "MemScope", package: "memscope")])
    ]
)
