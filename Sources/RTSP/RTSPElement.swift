// SPDX-License-Identifier: Apache-2.0

public import Octets

/// What one direction of an RTSP connection consists of.
public enum RTSPElement: Hashable, Sendable {
    /// A request or response; of HTTP only the head.
    case message(RTSPMessage)
    /// A packet between the messages (RFC 2326 section 10.12).
    case interleaved(InterleavedFrame)
    /// Octets of the body of the HTTP message before.
    case httpBody(ReceivedOctets)
    /// A message that breaks the rules so that nothing in it can be trusted.
    case unreadable(ParseFault)
}

/// Where octets lie that a reader speaks of: in the run just given, or gathered in the reader.
///
/// Valid until the reader is called again; `RTSPStreamReader.withOctets` leads to them.
public struct ReceivedOctets: Hashable, Sendable {
    /// Whether the octets were gathered from several runs, and lie in the reader.
    public let isGathered: Bool
    /// The place in the run, or in what the reader gathered.
    public let range: Range<Int>

    /// How many octets there are.
    public var count: Int { range.count }
}

/// A packet carried between the messages of an RTSP connection (RFC 2326 section 10.12).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------+---------------+-------------------------------+
///     |   "$" (0x24)  |    channel    |            length             |
///     +---------------+---------------+-------------------------------+
///     |                 payload, `length` octets ...                  |
///     +---------------------------------------------------------------+
public struct InterleavedFrame: Hashable, Sendable {
    /// The channel; SETUP agreed what it carries.
    public let channel: UInt8
    /// Octets of the payload as the frame states them.
    public let length: Int
    /// Octets of the payload that were captured, at whatever place in it.
    public let capturedCount: Int
    /// The octets captured from the payload's start up to the first that is missing.
    public let payload: ReceivedOctets

    /// Whether every octet of the payload was captured.
    public var isWhole: Bool { capturedCount == length }
}
