// swift-tools-version: 6.1
import PackageDescription

// What somebody writes who has just found the library.
let package = Package(
    name: "NewUser",
    dependencies: [
        .package(name: "memscope", path: "../../..")
    ],
    targets: [
        .executableTarget(name: "NewUser", dependencies: [.product(name: "MemScope", package: "memscope")])
    ]
)
