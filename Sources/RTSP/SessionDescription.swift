// SPDX-License-Identifier: Apache-2.0

import Timekeeping

/// What a camera says that it sends: a session description (RFC 8866).
///
/// Tolerant where cameras err: what cannot be read is passed over and listed in `warnings`, so
/// that the rest can be measured. Only what breaks a limit, or begins like no description at
/// all, is refused.
public struct SessionDescription: Hashable, Sendable {
    /// The longest description that is read, in octets.
    ///
    /// Chosen: descriptions of cameras take 300 to 3000 octets.
    public static let limit = 65_536
    /// The longest line that is read, in octets.
    ///
    /// Chosen: the longest are parameter sets, of a few hundred octets.
    public static let lineLimit = 4096
    /// The most media that are read.
    ///
    /// Chosen: cameras describe one to six.
    public static let mediaLimit = 64
    /// The most payload types of a medium that are read: as many as there are.
    public static let formatLimit = 128
    /// The most octets of parameter sets that are kept of a format.
    ///
    /// Chosen: a line holds no more.
    public static let parameterSetLimit = 4096
    /// The most warnings that are kept; further ones are only counted.
    ///
    /// Chosen: enough to see what is wrong.
    public static let warningLimit = 64

    /// Who made the description: user, number, version, address, as the `o=` line has them.
    public struct Origin: Hashable, Sendable {
        /// The number of the session; as text, for some are too large for 64 bits.
        public var session: String
        /// The version of the description, as text.
        public var version: String
        /// The address or name of the maker.
        public var address: String

        /// Makes an origin.
        public init(session: String, version: String, address: String) {
            self.session = session
            self.version = version
            self.address = address
        }
    }

    /// Who made the description.
    public var origin: Origin?
    /// The session's name.
    public var name = ""
    /// Where media goes, unless a medium says otherwise.
    public var connection: ConnectionAddress?
    /// The session's `a=control:` as written; may hold credentials.
    public var control: String?
    /// Which way media flows, unless a medium says otherwise.
    public var direction: MediaDescription.Direction?
    /// The session's `a=range:` as written.
    public var range: String?
    /// The software that made the description, as `a=tool:` says.
    public var tool: String?
    /// The senders that groups are limited to, unless a medium says otherwise (RFC 4570).
    public var sources: [String] = []
    /// Whether keys for all media are announced.
    public var announcesKeys = false
    /// The media, in order.
    public var media: [MediaDescription] = []
    /// What the parser put up with, in order.
    public internal(set) var warnings: [SessionDescriptionWarning] = []
    /// How often the parser put up with something.
    public internal(set) var warningCount = 0

    /// Makes an empty description, to be filled and written.
    public init() {}

    /// The media that are video.
    ///
    /// Empty is worth saying: "no video media".
    public var video: [MediaDescription] { media.filter { $0.kind == .video } }

    /// Whether keys are announced for the session or the medium, or its profile is encrypted.
    public func isEncrypted(_ medium: MediaDescription) -> Bool {
        announcesKeys || medium.isEncrypted
    }
}

// MARK: - Writing

extension SessionDescription {
    /// The octets of the description, as a server sends them.
    public func serialised() -> [UInt8] {
        var lines = ["v=0"]
        let origin = origin ?? Origin(session: "0", version: "0", address: "0.0.0.0")
        let family = origin.address.utf8.contains(ASCII.colon) ? "IP6" : "IP4"
        lines.append("o=- \(origin.session) \(origin.version) IN \(family) \(origin.address)")
        lines.append("s=\(name.isEmpty ? "-" : name)")
        if let connection { lines.append("c=\(connection.text)") }
        lines.append("t=0 0")
        if let tool { lines.append("a=tool:\(tool)") }
        if let range { lines.append("a=range:\(range)") }
        if let control { lines.append("a=control:\(control)") }
        if let direction { lines.append("a=\(direction.rawValue)") }
        for medium in media { lines += medium.lines }
        var octets: [UInt8] = []
        for line in lines {
            octets += line.utf8.filter {
                $0 != ASCII.carriageReturn && $0 != ASCII.lineFeed && $0 != ASCII.nul
            }
            octets += [ASCII.carriageReturn, ASCII.lineFeed]
        }
        return octets
    }
}

extension ConnectionAddress {
    /// The text behind `c=`.
    var text: String {
        var text = "IN \(isIPv6 ? "IP6" : "IP4") \(address)"
        if let timeToLive, !isIPv6 { text += "/\(timeToLive)" }
        if count > 1 { text += "/\(count)" }
        return text
    }
}

extension MediaDescription {
    /// The lines of the medium.
    var lines: [String] {
        let types = formats.map { String($0.payloadType) }.joined(separator: " ")
        let ports = portCount > 1 ? "\(port)/\(portCount)" : "\(port)"
        var lines = ["m=\(kind.rawValue) \(ports) \(transport) \(types)"]
        if let connection { lines.append("c=\(connection.text)") }
        if let bandwidth { lines.append("b=AS:\(bandwidth)") }
        for format in formats {
            if let rate = format.clockRate, !format.encodingName.isEmpty {
                let channels = format.channels.map { "/\($0)" } ?? ""
                lines.append(
                    "a=rtpmap:\(format.payloadType) \(format.encodingName)/\(rate.hertz)\(channels)"
                )
            }
            if !format.parameters.isEmpty {
                let text = format.parameters.map { "\($0.name)=\($0.value)" }
                lines.append("a=fmtp:\(format.payloadType) \(text.joined(separator: ";"))")
            }
        }
        if let framesPer1000Seconds {
            let (whole, rest) = framesPer1000Seconds.quotientAndRemainder(dividingBy: 1000)
            let decimals = String(1000 + rest).dropFirst()
            lines.append("a=framerate:\(whole)" + (rest == 0 ? "" : ".\(decimals)"))
        }
        if let direction { lines.append("a=\(direction.rawValue)") }
        if sharesControlPort { lines.append("a=rtcp-mux") }
        if let control { lines.append("a=control:\(control)") }
        return lines
    }
}
