// SPDX-License-Identifier: Apache-2.0

public import Octets

/// The value of a `Session` header (RFC 2326 section 12.37): who, and for how long.
public struct SessionHeader: Hashable, Sendable {
    /// The longest identifier that is taken, in octets.
    ///
    /// Chosen: servers send 8 to 40.
    public static let identifierLimit = 256
    /// The shortest timeout that is believed, in seconds.
    ///
    /// Chosen: a server that says 0 or 1 would be flooded with keep-alives.
    public static let timeoutFloor = 5
    /// The timeout where none is named, in seconds (RFC 2326 section 12.37).
    public static let usualTimeout = 60

    /// What names the session.
    public let identifier: String
    /// The timeout as named, in seconds, or nil.
    public let statedTimeout: Int?

    /// Makes a header.
    public init(identifier: String, statedTimeout: Int? = nil) {
        self.identifier = identifier
        self.statedTimeout = statedTimeout
    }

    /// Reads a header's value.
    public init(parsing value: String) throws(ParseFault) {
        var scanner = FieldScanner(value)
        let identifier = scanner.word(until: ASCII.semicolon)
        let count = identifier.utf8.count
        guard count <= SessionHeader.identifierLimit else {
            throw ParseFault(
                .overLimit, .rtsp, "Session: identifier", offset: 0,
                needed: SessionHeader.identifierLimit, had: count)
        }
        guard count > 0, identifier.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ParseFault(
                .invalid, .rtsp, "Session: identifier", offset: 0, needed: 1, had: count)
        }
        var timeout: Int?
        while scanner.skip(ASCII.semicolon) {
            let name = scanner.word(until: ASCII.equals, ASCII.semicolon)
            guard scanner.skip(ASCII.equals) else { continue }
            let text = scanner.word(until: ASCII.semicolon)
            if sameWord(name, "timeout") { timeout = decimal(text.utf8, atMost: 86_400) }
        }
        self.init(identifier: identifier, statedTimeout: timeout)
    }

    /// After how many seconds without a request the server may end the session.
    public var timeout: Int {
        max(statedTimeout ?? SessionHeader.usualTimeout, SessionHeader.timeoutFloor)
    }

    /// The text as a header's value; in quotation marks what would not come back as it is.
    public var text: String {
        FieldScanner.shielded(identifier) + (statedTimeout.map { ";timeout=\($0)" } ?? "")
    }
}

/// Where a stream begins: one entry of an `RTP-Info` header (RFC 2326 section 12.33).
public struct RTPInfo: Hashable, Sendable {
    /// The most entries that are read: as many as a description may have media.
    public static let entryLimit = SessionDescription.mediaLimit

    /// The stream's URL as written, without credentials; absolute or relative.
    public var url: String
    /// The sequence number of the first packet.
    public var sequenceNumber: UInt16?
    /// The RTP timestamp of the moment that `Range` names.
    public var timestamp: UInt32?
    /// The source, which some servers add.
    public var ssrc: UInt32?

    /// Makes an entry.
    public init(
        url: String, sequenceNumber: UInt16? = nil, timestamp: UInt32? = nil, ssrc: UInt32? = nil
    ) {
        self.url = url
        self.sequenceNumber = sequenceNumber
        self.timestamp = timestamp
        self.ssrc = ssrc
    }

    /// Reads the value of a header; what cannot be read in it is passed over.
    public static func entries(parsing value: String) -> [RTPInfo] {
        var scanner = FieldScanner(value)
        var entries: [RTPInfo] = []
        while !scanner.isAtEnd, entries.count < entryLimit {
            var entry = RTPInfo(url: "")
            repeat {
                let name = scanner.word(until: ASCII.equals, ASCII.semicolon, ASCII.comma)
                guard scanner.skip(ASCII.equals) else { continue }
                let text = scanner.word(until: ASCII.semicolon, ASCII.comma)
                switch name.lowercased() {
                case "url": entry.url = RTSPURL.withoutCredentials(text)
                case "seq":
                    entry.sequenceNumber = decimal(text.utf8, atMost: 65_535).map { UInt16($0) }
                case "rtptime":
                    entry.timestamp = decimal(text.utf8, atMost: Int(UInt32.max)).map {
                        UInt32($0)
                    }
                case "ssrc":
                    entry.ssrc = decimal(text.utf8, atMost: Int(UInt32.max)).map { UInt32($0) }
                default: break
                }
            } while scanner.skip(ASCII.semicolon)
            if !entry.url.isEmpty { entries.append(entry) }
            guard scanner.skip(ASCII.comma) else { break }
        }
        return entries
    }

    /// The text as one entry of a header's value.
    public var text: String {
        "url=\(url)" + (sequenceNumber.map { ";seq=\($0)" } ?? "")
            + (timestamp.map { ";rtptime=\($0)" } ?? "")
    }
}

/// The value of a `Range` header (RFC 2326 section 12.29), as far as it tells live from stored.
public struct PlayRange: Hashable, Sendable {
    /// How the ends are written.
    public enum Unit: String, Hashable, Sendable {
        /// Seconds from the beginning, or `now`.
        case npt
        /// A date and time of day.
        case clock
        /// Frames from the beginning.
        case smpte
    }

    /// How the ends are written.
    public let unit: Unit
    /// The first moment, as written; empty if open.
    public let start: String
    /// The last moment, as written; empty if open.
    public let end: String

    /// Makes a range.
    public init(unit: Unit = .npt, start: String, end: String = "") {
        self.unit = unit
        self.start = start
        self.end = end
    }

    /// Reads a header's value, or nil if it cannot be read.
    public init?(parsing value: String) {
        var scanner = FieldScanner(value)
        let name = scanner.word(until: ASCII.equals).lowercased()
        guard scanner.skip(ASCII.equals) else { return nil }
        let text = scanner.word(until: ASCII.semicolon)
        // smpte has kinds: smpte-30-drop, smpte-25.
        guard let unit = Unit(rawValue: String(name.prefix { $0 != "-" })),
            let dash = text.utf8.firstIndex(of: ASCII.dash)
        else { return nil }
        self.init(
            unit: unit, start: FieldScanner.trimmed(String(text[..<dash])),
            end: FieldScanner.trimmed(String(text[text.utf8.index(after: dash)...])))
    }

    /// Whether what is played is live: from now on, without an end.
    public var isLive: Bool { unit == .npt && start == "now" && end.isEmpty }

    /// The text as a header's value; in quotation marks what would not come back as it is.
    public var text: String { "\(unit.rawValue)=" + FieldScanner.shielded("\(start)-\(end)") }
}
