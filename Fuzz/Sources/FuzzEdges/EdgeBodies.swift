// SPDX-License-Identifier: Apache-2.0

/// The bodies of rooms that the Simulation room may not import: `Streams` and `Capture`.
///
/// `FuzzBodies` says what a body is.
public enum EdgeBodies {
    /// Traffic through the whole tracker; see `TrackerBodies`.
    public static func tracker(_ input: Span<UInt8>) throws { try TrackerBodies.tracker(input) }

    /// A capture file through the whole tracker; see `TrackerBodies`.
    public static func replay(_ input: Span<UInt8>) throws { try TrackerBodies.replay(input) }

    /// A capture file by way of the file system; see `FileBody`.
    public static func file(_ input: Span<UInt8>) throws { try FileBody.file(input) }
}
