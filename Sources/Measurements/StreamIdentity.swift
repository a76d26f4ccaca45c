// SPDX-License-Identifier: Apache-2.0

/// What tells one stream from every other at one vantage.
///
/// Two streams that differ in any part are never merged: not two cameras that chose one SSRC,
/// nor one camera seen in two VLANs.
public struct StreamIdentity: Hashable, Sendable {
    /// The sender, `address:port`, an IPv6 address in brackets.
    public var source: String
    /// The receiver or multicast group, `address:port`, an IPv6 address in brackets.
    public var destination: String
    /// The synchronisation source of RTP (RFC 3550 section 3); nil where there is no RTP.
    public var ssrc: UInt32?
    /// How the medium travels.
    public var transport: Transport
    /// VLAN identifiers, outermost first; empty if untagged.
    public var vlan: [UInt16]
    /// The channel of RTSP's interleaved frames (RFC 2326 section 10.12); nil elsewhere.
    public var interleavedChannel: UInt8?

    /// Makes an identity.
    public init(
        source: String, destination: String, ssrc: UInt32?, transport: Transport,
        vlan: [UInt16] = [], interleavedChannel: UInt8? = nil
    ) {
        self.source = source
        self.destination = destination
        self.ssrc = ssrc
        self.transport = transport
        self.vlan = vlan
        self.interleavedChannel = interleavedChannel
    }
}

/// How a stream travels; the raw values are a contract of the JSON output.
public enum Transport: String, Hashable, Sendable, CaseIterable {
    /// RTP in UDP, to one receiver or to a group.
    case rtpUDP = "rtp-udp"
    /// RTP interleaved in an RTSP connection.
    case rtpRTSPTCP = "rtp-rtsp-tcp"
    /// RTP interleaved in RTSP, tunnelled through HTTP.
    case rtpRTSPHTTP = "rtp-rtsp-http"
    /// MPEG transport stream packets straight in UDP.
    case tsUDP = "ts-udp"
    /// MPEG transport stream in RTP (RFC 2250).
    case tsRTP = "ts-rtp"
    /// MPEG transport stream straight in the interleaved frames of an RTSP connection.
    case tsRTSPTCP = "ts-rtsp-tcp"
    /// Parts of an HTTP `multipart/x-mixed-replace` answer.
    case httpMultipart = "http-multipart"
    /// RTSP inside TLS: volume and times only.
    case rtspsTCP = "rtsps-tcp"
}

/// What a stream carries.
public enum MediaKind: String, Hashable, Sendable {
    case video, audio, other
}
