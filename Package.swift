// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target of ours; each line says what it buys.
let settings: [SwiftSetting] = [
    // A warning that stays is a warning nobody reads.
    .treatAllWarnings(as: .error),
    // Every unsafe use is marked where it stands, so that a reviewer can list them.
    .strictMemorySafety(),
    // Dynamic dispatch is visible as `any`.
    .enableUpcomingFeature("ExistentialAny"),
    // What a room imports does not leak to those who import the room.
    .enableUpcomingFeature("InternalImportsByDefault"),
    // A member is usable only where its module is imported: the import table stays true.
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room: one target, its allowed imports, and its tests.
func room(
    _ name: String, imports: [Target.Dependency] = [], tests: [Target.Dependency] = [],
    fixtures: [String] = []
) -> [Target] {
    [
        .target(name: name, dependencies: imports, swiftSettings: settings),
        .testTarget(
            name: name + "Tests", dependencies: [.target(name: name)] + imports + tests,
            exclude: fixtures, swiftSettings: settings),
    ]
}

let package = Package(
    name: "kuzet",
    products: [
        .executable(name: "kuzet", targets: ["kuzet"]),
        .library(name: "Simulation", targets: ["Simulation"]),
        .library(name: "Streams", targets: ["Streams"]),
        .library(name: "Capture", targets: ["Capture"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: room("Timekeeping")
        + room("Octets")
        + room("Packets", imports: ["Octets", "Timekeeping"])
        + room("RTP", imports: ["Octets", "Timekeeping"])
        + room("RTSP", imports: ["Octets", "Timekeeping"], fixtures: ["Fixtures"])
        + room("TransportStream", imports: ["Octets", "Timekeeping"])
        + room("Measurements", imports: ["Timekeeping"])
        + room(
            "Streams",
            imports: [
                "Octets", "Packets", "RTP", "RTSP", "TransportStream", "Measurements",
                "Timekeeping", "CPrefetch",
            ], tests: ["Simulation"])
        + room(
            "Capture", imports: ["Octets", "Packets", "Timekeeping", "CMapping", "CPcap", "CZlib"],
            tests: ["Simulation"])
        + room(
            "Simulation",
            imports: ["Octets", "Packets", "RTP", "RTSP", "TransportStream", "Timekeeping"])
        + [
            .target(name: "CPrefetch"),
            .target(name: "CMapping"),
            .systemLibrary(
                name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
            .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
            .systemLibrary(name: "CDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
            .executableTarget(
                name: "kuzet",
                dependencies: [
                    "Octets", "Packets", "RTP", "RTSP", "TransportStream", "Measurements",
                    "Streams", "Timekeeping", "Capture", "Simulation", "CMapping", "CDigest",
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                ], swiftSettings: settings),
            .testTarget(
                name: "kuzetTests",
                dependencies: [
                    "kuzet", "Measurements", "Octets", "Packets", "Simulation", "Streams",
                    "Timekeeping",
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                ], exclude: ["Golden"], swiftSettings: settings),
            .testTarget(name: "TidyTests", swiftSettings: settings),
        ]
)
