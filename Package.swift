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
        .library(name: "Ledger", targets: ["Ledger"]),
        .library(name: "Registry", targets: ["Registry"]),
        .library(name: "Settings", targets: ["Settings"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        // The ledger alone builds against it: SQLite with one writer and many readers.
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        // The roof alone builds against it: Ed25519 for reports.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // The roof alone builds against it: what a node that runs says.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: room("Timekeeping", fixtures: ["Fixtures"])
        + room("Octets")
        + room("Packets", imports: ["Octets", "Timekeeping"])
        + room("RTP", imports: ["Octets", "Timekeeping"])
        + room("RTSP", imports: ["Octets", "Timekeeping"], fixtures: ["Fixtures"])
        + room("TransportStream", imports: ["Octets", "Timekeeping"])
        + room("Measurements", imports: ["Timekeeping"])
        + room("Registry", imports: ["Timekeeping"])
        + room("Agreements", imports: ["Measurements", "Registry", "Timekeeping"])
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
            "Checks",
            imports: [
                "Octets", "Packets", "RTSP", "Streams", "Measurements", "Registry", "Timekeeping",
                "CCurl", "CSockets",
            ], tests: ["Simulation"])
        + room(
            "Settings",
            imports: ["Registry", "Timekeeping", .product(name: "Yams", package: "Yams")])
        + room(
            "Ledger",
            imports: [
                "Agreements", "Measurements", "Registry", "Timekeeping", "CZstd", "CDigest",
                .product(name: "GRDB", package: "GRDB.swift"),
            ], tests: ["LedgerKillTarget"], fixtures: ["Golden"])
        + room(
            "Simulation",
            imports: [
                "Octets", "Packets", "RTP", "RTSP", "TransportStream", "Measurements", "Registry",
                "Timekeeping",
            ])
        + room(
            "Reports", imports: ["Agreements", "Measurements", "Registry", "Timekeeping"],
            fixtures: ["Golden"])
        + [
            .target(name: "CPrefetch"),
            .target(name: "CMapping"),
            .target(name: "CProcess"),
            .systemLibrary(
                name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
            .systemLibrary(name: "CSockets"),
            .systemLibrary(
                name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
            .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
            .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
            .systemLibrary(name: "CDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
            // Killed again and again by a test of the ledger.
            .executableTarget(
                name: "LedgerKillTarget",
                dependencies: ["Ledger", "Measurements", "Registry", "Timekeeping", "Agreements"],
                path: "Tests/Tools/LedgerKillTarget", swiftSettings: settings),
            .executableTarget(
                name: "kuzet",
                dependencies: [
                    "Octets", "Packets", "RTP", "RTSP", "TransportStream", "Measurements",
                    "Agreements", "Ledger", "Registry", "Reports", "Settings", "Streams",
                    "Timekeeping", "Capture", "Checks", "Simulation", "CMapping", "CDigest",
                    "CProcess",
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                    .product(name: "Crypto", package: "swift-crypto"),
                    .product(name: "Logging", package: "swift-log"),
                ], swiftSettings: settings),
            .testTarget(
                name: "kuzetTests",
                dependencies: [
                    "kuzet", "Agreements", "Capture", "Checks", "Ledger", "Measurements", "Octets",
                    "Packets", "RTSP",
                    "Registry", "Reports", "Settings", "Simulation", "Streams", "Timekeeping",
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                    .product(name: "Logging", package: "swift-log"),
                ], exclude: ["Golden"], swiftSettings: settings),
            .testTarget(name: "TidyTests", swiftSettings: settings),
        ]
)
