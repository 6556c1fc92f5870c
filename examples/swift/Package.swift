// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "FieldSales",
    platforms: [.macOS(.v14)],
    dependencies: [.package(name: "Crm", path: "../../bindings/swift")],
    targets: [
        .executableTarget(name: "FieldSales", dependencies: [.product(name: "Crm", package: "Crm")])
    ],
    swiftLanguageModes: [.v6]
)
