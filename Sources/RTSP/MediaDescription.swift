// SPDX-License-Identifier: Apache-2.0

public import Octets
public import Timekeeping

/// One medium of a session description: a `m=` line and what follows it (RFC 8866 section 5.14).
public struct MediaDescription: Hashable, Sendable {
    /// What is sent.
    public enum Kind: String, Hashable, Sendable {
        case video, audio, application, text, message, image
        /// Any other word.
        case other
    }

    /// Which way media flows, seen from whoever described it.
    public enum Direction: String, Hashable, Sendable {
        case sendonly, recvonly, sendrecv, inactive
    }

    /// Width and height in pixels.
    public struct Dimensions: Hashable, Sendable {
        /// Pixels in a line.
        public let width: Int
        /// Lines.
        public let height: Int

        /// Makes dimensions, or nil outside 1…65,535.
        public init?(width: Int, height: Int) {
            guard (1...65_535).contains(width), (1...65_535).contains(height) else { return nil }
            self.width = width
            self.height = height
        }
    }

    /// What is sent.
    public var kind: Kind
    /// The port; 0 where SETUP agrees on it.
    public var port: UInt16
    /// How many ports there are, in steps of two; as a rule 1.
    public var portCount: Int = 1
    /// The protocol as written, in capitals: `RTP/AVP`, `RTP/SAVP`, `UDP`.
    public var transport: String
    /// The payload formats in order of preference.
    public var formats: [PayloadFormat] = []
    /// Where media goes; the session's if the medium has none.
    public var connection: ConnectionAddress?
    /// `a=control:` as written; may hold credentials, resolve it with `RTSPURL.control`.
    public var control: String?
    /// Which way media flows, if it is said.
    public var direction: Direction?
    /// Frames in a thousand seconds, as `a=framerate:` says: 25 000 for 25, 29 970 for 29.97.
    public var framesPer1000Seconds: Int?
    /// Width and height as `a=framesize:`, `a=x-dimensions:` or `a=cliprect:` say.
    public var dimensions: Dimensions?
    /// The bandwidth in kbit/s as `b=AS:` says.
    public var bandwidth: Int?
    /// The port of RTCP, if named (RFC 3605).
    public var controlPort: UInt16?
    /// Whether RTCP shares the port of RTP (RFC 5761).
    public var sharesControlPort = false
    /// Whether keys for encryption are announced (`a=crypto`, `a=fingerprint`, `a=key-mgmt`).
    public var announcesKeys = false
    /// The senders that a group is limited to (RFC 4570).
    public var sources: [String] = []
    /// The synchronisation sources that are announced (RFC 5576).
    public var ssrcs: [UInt32] = []

    /// Makes a medium.
    public init(kind: Kind, port: UInt16 = 0, transport: String = "RTP/AVP") {
        self.kind = kind
        self.port = port
        self.transport = transport
    }

    /// Whether the media is encrypted.
    public var isEncrypted: Bool { announcesKeys || transport.contains("SAVP") }

    /// Whether packets carry an RTP header.
    public var isRTP: Bool { transport.hasPrefix("RTP/") || transport.contains("/RTP/") }

    /// What a payload type means, or nil if the medium does not list it.
    public func format(of payloadType: UInt8) -> PayloadFormat? {
        formats.first { $0.payloadType == payloadType }
    }
}

/// What one payload type of a medium carries (`a=rtpmap:`, `a=fmtp:`).
public struct PayloadFormat: Hashable, Sendable {
    /// The payload type, 0…127.
    public let payloadType: UInt8
    /// The encoding's name as written; empty if nothing tells it.
    public var encodingName: String
    /// How fast the timestamps run; nil if it is not told or not to be believed, so that the
    /// stream can be measured only by its octets.
    public var clockRate: MediaClock.Rate?
    /// Channels of sound, if told.
    public var channels: Int?
    /// The parameters of `a=fmtp:` in order, names in lower case.
    public var parameters: [Parameter] = []
    /// The parameter sets that the parameters hold, without start codes, in order: SPS and PPS
    /// of H.264; VPS, SPS and PPS of H.265; the configuration of MPEG-4.
    public var parameterSets: [[UInt8]] = []

    /// One parameter of a format.
    public struct Parameter: Hashable, Sendable {
        /// The name in lower case.
        public var name: String
        /// The value as written.
        public var value: String

        /// Makes a parameter.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Makes a format of what RFC 3551 assigned to the payload type, if anything.
    public init(payloadType: UInt8) {
        self.payloadType = payloadType
        let assigned = PayloadFormat.assigned[payloadType]
        encodingName = assigned?.name ?? ""
        clockRate = assigned.flatMap { MediaClock.Rate(hertz: $0.rate) }
    }

    /// The value of the first parameter called `name`, which is in lower case.
    public subscript(name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// The codec by Kuzet's name.
    ///
    /// One of `h264`, `h265`, `mjpeg`, `mpeg4`, `mp2t`, `mxpeg`, `pcmu` and the like; the
    /// encoding's name in lower case for others; empty if nothing tells it.
    public var codec: String {
        let name = encodingName.lowercased()
        return PayloadFormat.codecs[name] ?? name
    }

    /// How H.264 is put into packets: 0 single units, 1 not interleaved, 2 interleaved.
    public var packetizationMode: Int? {
        self["packetization-mode"].flatMap { decimal($0.utf8, atMost: 2) }
    }

    /// The three octets of profile, constraints and level of H.264, or nil.
    public var profileLevel: UInt32? {
        self["profile-level-id"].flatMap { $0.utf8.count == 6 ? hexadecimal($0.utf8) : nil }
    }

    private static let codecs: [String: String] = [
        "h265": "h265", "hevc": "h265", "jpeg": "mjpeg", "mp4v-es": "mpeg4", "mp2t": "mp2t",
        "mpv": "mpeg2", "x-mxpeg": "mxpeg", "mpeg4-generic": "aac", "mp4a-latm": "aac",
        "h263-1998": "h263", "h263-2000": "h263",
    ]

    /// The payload types that need no `a=rtpmap:` (RFC 3551 section 6).
    private static let assigned: [UInt8: (name: String, rate: Int)] = [
        0: ("PCMU", 8000), 3: ("GSM", 8000), 4: ("G723", 8000), 5: ("DVI4", 8000),
        6: ("DVI4", 16_000), 7: ("LPC", 8000), 8: ("PCMA", 8000), 9: ("G722", 8000),
        10: ("L16", 44_100), 11: ("L16", 44_100), 12: ("QCELP", 8000), 13: ("CN", 8000),
        14: ("MPA", 90_000), 15: ("G728", 8000), 16: ("DVI4", 11_025), 17: ("DVI4", 22_050),
        18: ("G729", 8000), 25: ("CelB", 90_000), 26: ("JPEG", 90_000), 28: ("nv", 90_000),
        31: ("H261", 90_000), 32: ("MPV", 90_000), 33: ("MP2T", 90_000), 34: ("H263", 90_000),
    ]
}

/// Where media goes, as a `c=` line says (RFC 8866 section 5.7).
public struct ConnectionAddress: Hashable, Sendable {
    /// Whether the address is one of IPv6.
    public var isIPv6: Bool
    /// The address or name as text.
    public var address: String
    /// How far IPv4 multicast goes.
    public var timeToLive: UInt8?
    /// How many addresses in a row there are; as a rule 1.
    public var count: Int

    /// Makes an address.
    public init(isIPv6: Bool = false, address: String, timeToLive: UInt8? = nil, count: Int = 1) {
        self.isIPv6 = isIPv6
        self.address = address
        self.timeToLive = timeToLive
        self.count = count
    }

    /// Whether the address leaves it to SETUP where media goes: `0.0.0.0` or `::`.
    public var isUnspecified: Bool { address == "0.0.0.0" || address == "::" }

    /// Whether the address is that of a group: 224.0.0.0/4 or ff00::/8.
    public var isMulticast: Bool {
        if isIPv6 { return address.utf8.count > 4 && address.lowercased().hasPrefix("ff") }
        let first = address.prefix { $0 != "." }
        return decimal(first.utf8, atMost: 255).map { (224...239).contains($0) } ?? false
    }
}

/// What a parser of session descriptions put up with, and where.
public struct SessionDescriptionWarning: Hashable, Sendable {
    /// The line's number; the first is 1.
    public let line: Int
    /// What was wrong; its offset counts from the start of the description.
    public let fault: ParseFault

    /// Makes a warning.
    public init(line: Int, fault: ParseFault) {
        self.line = line
        self.fault = fault
    }
}
