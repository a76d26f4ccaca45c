// SPDX-License-Identifier: Apache-2.0

public import Octets

/// How a medium is, or may be, carried: one alternative of a `Transport` header.
///
/// RFC 2326 section 12.39; what a parameter is called there, it is called here.
public struct TransportHeader: Hashable, Sendable {
    /// The profile that the first words name.
    public enum Profile: String, Hashable, Sendable {
        /// RTP with RTCP (RFC 3551).
        case avp = "RTP/AVP"
        /// The same with early feedback (RFC 4585).
        case avpf = "RTP/AVPF"
        /// Encrypted (RFC 3711).
        case savp = "RTP/SAVP"
        /// Encrypted, with early feedback (RFC 5124).
        case savpf = "RTP/SAVPF"
        /// Transport stream packets without RTP.
        case raw = "RAW/RAW"
        /// Transport stream packets without RTP, as another family of servers says it.
        case mp2t = "MP2T/H2221"
        /// Any other.
        case other = "other"
    }

    /// What carries the packets.
    public enum LowerTransport: String, Hashable, Sendable {
        case udp = "UDP"
        case tcp = "TCP"
    }

    /// One receiver or a group.
    public enum Delivery: String, Hashable, Sendable {
        case unicast
        case multicast
    }

    /// One port, or that of RTP and that of RTCP.
    public struct Ports: Hashable, Sendable {
        /// The port of RTP.
        public let first: UInt16
        /// The port of RTCP if it was named.
        public let second: UInt16?

        /// Makes a pair.
        public init(_ first: UInt16, _ second: UInt16? = nil) {
            self.first = first
            self.second = second
        }

        /// The port of RTCP: the one named, or the next (RFC 3550 section 11).
        public var control: UInt16 { second ?? (first == .max ? first : first + 1) }
    }

    /// The channels of interleaved frames.
    public struct Channels: Hashable, Sendable {
        /// The channel of RTP.
        public let first: UInt8
        /// The channel of RTCP if it was named.
        public let second: UInt8?

        /// Makes a pair.
        public init(_ first: UInt8, _ second: UInt8? = nil) {
            self.first = first
            self.second = second
        }
    }

    /// The profile.
    public var profile: Profile
    /// What carries the packets; UDP where nothing is said.
    public var lowerTransport: LowerTransport
    /// One receiver or a group; nil where nothing is said.
    public var delivery: Delivery?
    /// The client's ports.
    public var clientPorts: Ports?
    /// The server's ports.
    public var serverPorts: Ports?
    /// The group's ports.
    public var multicastPorts: Ports?
    /// The channels of interleaved frames.
    public var interleaved: Channels?
    /// The synchronisation sources that the sender announced; most send one.
    public var ssrcs: [UInt32] = []
    /// Where packets come from.
    public var source: String?
    /// Where packets go.
    public var destination: String?
    /// How far multicast goes.
    public var timeToLive: UInt8?
    /// What is meant: `PLAY` or `RECORD`, in capitals.
    public var mode: String?

    /// Makes a transport.
    public init(
        profile: Profile = .avp, lowerTransport: LowerTransport = .udp, delivery: Delivery? = nil
    ) {
        self.profile = profile
        self.lowerTransport = lowerTransport
        self.delivery = delivery
    }

    /// Whether the media is encrypted.
    public var isEncrypted: Bool { profile == .savp || profile == .savpf }

    /// Whether packets carry an RTP header.
    public var isRTP: Bool { profile != .raw && profile != .mp2t && profile != .other }
}

// MARK: - Reading

extension TransportHeader {
    /// The most alternatives that are read.
    ///
    /// Chosen: clients name two or three.
    public static let alternativeLimit = 16
    /// The most synchronisation sources that are read.
    ///
    /// Chosen: one a layer.
    public static let sourceLimit = 8

    /// Reads the value of a `Transport` header: alternatives, the best liked first.
    ///
    /// Parameters that are unknown or unreadable are passed over; a port or channel out of range
    /// makes the whole header unreadable, because packets would be sought at the wrong place.
    public static func alternatives(
        parsing value: String
    ) throws(ParseFault) -> [TransportHeader] {
        var scanner = FieldScanner(value)
        var alternatives: [TransportHeader] = []
        while !scanner.isAtEnd {
            guard alternatives.count < alternativeLimit else {
                throw ParseFault(
                    .overLimit, .rtsp, "Transport: alternatives", offset: scanner.position,
                    needed: alternativeLimit, had: alternativeLimit + 1)
            }
            let words = scanner.word(until: ASCII.semicolon, ASCII.comma)
            var transport = TransportHeader(specification: words)
            while scanner.skip(ASCII.semicolon) {
                let start = scanner.position
                let name = scanner.word(until: ASCII.equals, ASCII.semicolon, ASCII.comma)
                var text = ""
                if scanner.skip(ASCII.equals) {
                    text = scanner.word(until: ASCII.semicolon, ASCII.comma)
                }
                try transport.take(name.lowercased(), text, at: start)
            }
            if !words.isEmpty { alternatives.append(transport) }
            guard scanner.skip(ASCII.comma) else { break }
        }
        guard !alternatives.isEmpty else {
            throw ParseFault(.invalid, .rtsp, "Transport", offset: 0, needed: 1, had: 0)
        }
        return alternatives
    }

    /// Reads `RTP/AVP`, `RTP/AVP/TCP` and the like.
    private init(specification: String) {
        let parts = specification.uppercased().split(separator: "/")
        let profile = Profile(rawValue: parts.prefix(2).joined(separator: "/"))
        self.init(profile: profile ?? .other)
        if parts.count > 2, parts[2] == "TCP" { lowerTransport = .tcp }
    }

    private mutating func take(
        _ name: String, _ text: String, at offset: Int
    ) throws(ParseFault) {
        switch name {
        case "unicast": delivery = .unicast
        case "multicast": delivery = .multicast
        case "client_port": clientPorts = try TransportHeader.ports(text, offset)
        case "server_port": serverPorts = try TransportHeader.ports(text, offset)
        case "port": multicastPorts = try TransportHeader.ports(text, offset)
        case "interleaved":
            let (first, second) = try TransportHeader.pair(text, "channel", 255, offset)
            interleaved = Channels(UInt8(first), second.map { UInt8($0) })
        case "ssrc":
            let room = TransportHeader.sourceLimit - ssrcs.count
            ssrcs += text.split(separator: "/").compactMap { hexadecimal($0.utf8) }.prefix(room)
        case "source": source = text.isEmpty ? nil : text
        case "destination": destination = text.isEmpty ? nil : text
        case "ttl": timeToLive = decimal(text.utf8, atMost: 255).map { UInt8($0) }
        case "mode": mode = text.uppercased()
        default: break
        }
    }

    private static func ports(_ text: String, _ offset: Int) throws(ParseFault) -> Ports {
        let (first, second) = try pair(text, "port", 65_535, offset)
        return Ports(UInt16(first), second.map { UInt16($0) })
    }

    /// Reads `first` or `first-second`, neither above `limit`.
    private static func pair(
        _ text: String, _ field: String, _ limit: Int, _ offset: Int
    ) throws(ParseFault) -> (Int, Int?) {
        let parts = text.split(separator: "-", maxSplits: 1)
        let numbers = parts.compactMap { part in
            decimal(part.utf8.filter { !$0.isBlank }, atMost: limit)
        }
        guard let first = numbers.first, numbers.count == parts.count else {
            throw ParseFault(
                .invalid, .rtsp, field == "port" ? "Transport: port" : "Transport: channel",
                offset: offset, needed: limit, had: -1)
        }
        return (first, numbers.count > 1 ? numbers[1] : nil)
    }
}

// MARK: - Refusing, writing

extension TransportHeader {
    /// Why a client does not accept where a server says that packets come from and go to.
    public enum Refusal: Hashable, Sendable {
        /// Packets would come from a host that is not the camera.
        case sourceElsewhere(String)
        /// Packets would go to a host that is not the client, nor to a group.
        case destinationElsewhere(String)
        /// The server's port is 0, or below 1024 where services live that are no media.
        case port(UInt16)
    }

    /// The first reason not to accept the transport that `server` answered to `client`, or nil.
    ///
    /// A forged answer could otherwise turn a probe into a sender of packets at a third party:
    /// only the camera's own address is accepted, and ports from 1024.
    ///
    /// - Parameters:
    ///   - server: the camera's address as text, as the connection has it.
    ///   - client: the own address as text.
    public func refusal(server: String, client: String) -> Refusal? {
        if let source, !sameWord(source, server) { return .sourceElsewhere(source) }
        if delivery != .multicast, let destination, !sameWord(destination, client) {
            return .destinationElsewhere(destination)
        }
        guard lowerTransport == .udp else { return nil }
        for port in [serverPorts, multicastPorts].compactMap({ $0 }) {
            if port.first < 1024 { return .port(port.first) }
            if let second = port.second, second < 1024 { return .port(second) }
        }
        return nil
    }

    /// The text of this alternative as a header's value.
    public var text: String {
        var text = profile.rawValue
        if lowerTransport == .tcp || !isRTP { text += "/\(lowerTransport.rawValue)" }
        if let delivery { text += ";\(delivery.rawValue)" }
        if let destination { text += ";destination=" + FieldScanner.shielded(destination) }
        if let source { text += ";source=" + FieldScanner.shielded(source) }
        for (name, ports) in [
            ("port", multicastPorts), ("client_port", clientPorts), ("server_port", serverPorts),
        ] {
            guard let ports else { continue }
            text += ";\(name)=\(ports.first)\(ports.second.map { "-\($0)" } ?? "")"
        }
        if let interleaved {
            text += ";interleaved=\(interleaved.first)"
            text += interleaved.second.map { "-\($0)" } ?? ""
        }
        if let timeToLive { text += ";ttl=\(timeToLive)" }
        if !ssrcs.isEmpty { text += ";ssrc=" + ssrcs.map(Self.eightDigits).joined(separator: "/") }
        if let mode { text += ";mode=" + FieldScanner.quoted(mode) }
        return text
    }

    private static func eightDigits(_ ssrc: UInt32) -> String {
        let digits = String(ssrc, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
