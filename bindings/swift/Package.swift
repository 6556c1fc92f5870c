// swift-tools-version:6.0
import PackageDescription

// `./generate` writes Sources/CrmFFI and Sources/Crm/Generated from the library before anything is built.
// On Apple's platforms the library comes as an xcframework, and CrmFFI is a binary target: see the README.
let package = Package(
    name: "Crm",
    platforms: [.iOS(.v17), .macOS(.v14), .tvOS(.v17), .visionOS(.v1), .watchOS(.v10)],
    products: [.library(name: "Crm", targets: ["Crm"])],
    targets: [
        .systemLibrary(name: "CrmFFI"),
        .target(name: "Crm", dependencies: ["CrmFFI"], linkerSettings: [.linkedLibrary("crm")]),
        .testTarget(name: "CrmTests", dependencies: ["Crm"]),
        .executableTarget(name: "Overhead", dependencies: ["Crm"], path: "Benchmarks"),
    ],
    swiftLanguageModes: [.v6]
)
