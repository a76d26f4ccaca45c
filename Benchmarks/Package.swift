// swift-tools-version: 6.2
import PackageDescription

/// Speed and memory of the analysis, as ratios against peers in the same run. A package of its
/// own, so that nobody who builds Kuzet builds it.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "kuzet", path: "..")],
    targets: [
        // The peer: libpcap's own loop, in its own language, with nothing in it.
        .target(name: "CEmptyLoop", linkerSettings: [.linkedLibrary("pcap")]),
        .executableTarget(
            name: "benchmark",
            dependencies: [
                "CEmptyLoop", .product(name: "Streams", package: "kuzet"),
                .product(name: "Capture", package: "kuzet"),
                .product(name: "Simulation", package: "kuzet"),
            ]),
        .executableTarget(
            name: "ledger", dependencies: [.product(name: "Ledger", package: "kuzet")]),
    ])
