// SPDX-License-Identifier: Apache-2.0

/// What the fuzzers run: functions from arbitrary octets to nothing.
///
/// A body feeds its input to one part of the product and holds the part to its promises. No input
/// may trap, hang or take memory without bound; beyond that a body throws `BrokenProperty` where
/// what came out contradicts what the part promises: above all that the answer does not depend on
/// how a stream of octets was cut into runs.
///
/// They stand here and not with the fuzzers (package `Fuzz`), so that the ordinary tests run each
/// of them on its corpus. Bodies of rooms that this one may not import stand in
/// `Fuzz/Sources/FuzzEdges`.
public enum FuzzBodies {
    /// A body with the name of its fuzzer and of its corpus.
    public struct Body: Sendable {
        /// The name, such as `frames`.
        public let name: String
        /// The function.
        public let run: @Sendable (Span<UInt8>) throws -> Void
    }

    /// All bodies of this room.
    public static let all: [Body] = [
        Body(name: "frames", run: frames), Body(name: "rtp", run: rtp),
        Body(name: "rtsp", run: rtsp), Body(name: "signalling", run: signalling),
        Body(name: "transport", run: transportStream), Body(name: "capture", run: capture),
    ]
}

/// A promise of the product that some input broke.
public struct BrokenProperty: Error, Hashable, Sendable, CustomStringConvertible {
    /// What should have held, and what was found instead.
    public let description: String

    /// Makes the finding.
    public init(_ description: String) {
        self.description = description
    }

    /// Throws the finding unless `holds`.
    public static func unless(
        _ holds: Bool, _ description: @autoclosure () -> String
    ) throws(BrokenProperty) {
        if !holds { throw BrokenProperty(description()) }
    }
}
