// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Server",
    dependencies: [
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1")
    ],
    targets: [
        .executableTarget(name: "Server", dependencies: [.product(name: "FlyingFox", package: "FlyingFox")])
    ]
)
