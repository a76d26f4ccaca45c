// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product's package has no unsafe flag and nobody who builds
// the product builds fuzzers. `run` builds it with the flags that instrument every room.

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(_ name: String) -> Target.Dependency { .product(name: name, package: "kuzet") }

let edges: [Target.Dependency] = [room("Simulation"), room("Streams"), room("Capture")]

/// A program for each body, since libFuzzer has one body a process.
let fuzzers: [Target] = [
    "frames", "rtp", "rtsp", "signalling", "transport", "capture", "file", "tracker", "replay",
].map { name in
    .executableTarget(
        name: "fuzz-" + name, dependencies: ["FuzzDriver", "FuzzEdges"] + edges,
        swiftSettings: settings,
        // gold, the default, stops with an internal error on libFuzzer's objects.
        linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
}

let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "kuzet", path: "..")],
    targets: [
        .target(name: "CLibFuzzer"),
        .target(name: "FuzzDriver", dependencies: ["CLibFuzzer"], swiftSettings: settings),
        .target(name: "FuzzEdges", dependencies: edges, swiftSettings: settings),
    ] + fuzzers
)
