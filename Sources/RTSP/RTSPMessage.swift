// SPDX-License-Identifier: Apache-2.0

/// What a request asks for (RFC 2326 section 10); any token is a method.
public struct RTSPMethod: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The method as written.
    public let rawValue: String

    /// Makes a method of any name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// What the server can do; also a keep-alive.
    public static let options = RTSPMethod(rawValue: "OPTIONS")
    /// Ask for the description of a presentation.
    public static let describe = RTSPMethod(rawValue: "DESCRIBE")
    /// Give a description: a client before RECORD, a server when it changed.
    public static let announce = RTSPMethod(rawValue: "ANNOUNCE")
    /// Agree on the transport of one medium.
    public static let setup = RTSPMethod(rawValue: "SETUP")
    /// Start delivery.
    public static let play = RTSPMethod(rawValue: "PLAY")
    /// Halt delivery.
    public static let pause = RTSPMethod(rawValue: "PAUSE")
    /// Start delivery from client to server.
    public static let record = RTSPMethod(rawValue: "RECORD")
    /// End a session.
    public static let teardown = RTSPMethod(rawValue: "TEARDOWN")
    /// Read a parameter; without a body a keep-alive.
    public static let getParameter = RTSPMethod(rawValue: "GET_PARAMETER")
    /// Set a parameter.
    public static let setParameter = RTSPMethod(rawValue: "SET_PARAMETER")
    /// The server sends the client elsewhere.
    public static let redirect = RTSPMethod(rawValue: "REDIRECT")
    /// HTTP: opens the answering half of a tunnel.
    public static let get = RTSPMethod(rawValue: "GET")
    /// HTTP: opens the asking half of a tunnel.
    public static let post = RTSPMethod(rawValue: "POST")

    /// The method as written.
    public var description: String { rawValue }
}

/// One RTSP request or response, or the head of one of HTTP.
///
/// RTSP/1.0 is RFC 2326; messages of RTSP/2.0 (RFC 7826) and HTTP/1.x have the same form. The
/// body of an HTTP message is not kept here; `RTSPStreamReader` hands it over as it comes.
///
/// Printed forms hold neither credentials of the `Authorization` header nor of a URL.
public struct RTSPMessage: Hashable, Sendable {
    /// The family that the version names.
    public enum Wire: String, Hashable, Sendable {
        case rtsp = "RTSP"
        case http = "HTTP"
    }

    /// The first line.
    public enum Start: Hashable, Sendable {
        /// Method and target; the target is a URL or `*`.
        case request(RTSPMethod, target: Target)
        /// Status code, 100…999, and reason, which may be empty.
        case response(status: Int, reason: String)
    }

    /// What a request is about: a URL or `*`, exactly as written.
    public struct Target: Hashable, Sendable {
        /// The target as written, with credentials if it had any.
        public let text: String

        /// Makes a target.
        public init(_ text: String) {
            self.text = text
        }

        /// The target as a URL, or nil if it is `*` or none.
        public var url: RTSPURL? { try? RTSPURL(parsing: text) }
    }

    /// What a parser put up with to read the message.
    public struct Tolerances: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: UInt8
        /// Makes a set of bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// A line ended in LF alone.
        public static let bareLineFeed = Tolerances(rawValue: 1)
        /// A value went on in the next line.
        public static let foldedLine = Tolerances(rawValue: 2)
        /// A line without colon was left out.
        public static let lineWithoutColon = Tolerances(rawValue: 4)
        /// The status line had no reason.
        public static let noReason = Tolerances(rawValue: 8)
        /// `Content-Length` stood twice with the same value.
        public static let repeatedContentLength = Tolerances(rawValue: 16)
        /// A target held blanks.
        public static let blankInTarget = Tolerances(rawValue: 32)
    }

    /// The first line.
    public var start: Start
    /// RTSP or HTTP.
    public var wire: Wire
    /// The version's two digits, as 10 for 1.0 and 11 for 1.1.
    public var version: Int
    /// The header fields.
    public var headers: RTSPHeaders
    /// The octets of the body that were captured; empty for HTTP.
    public var body: [UInt8]
    /// Octets that the header promised for the body; nil without `Content-Length`.
    public var contentLength: Int?
    /// What the parser put up with.
    public var tolerances: Tolerances = []

    /// Makes a message to send.
    public init(
        _ start: Start, wire: Wire = .rtsp, version: Int = 10, headers: RTSPHeaders = RTSPHeaders(),
        body: [UInt8] = []
    ) {
        self.start = start
        self.wire = wire
        self.version = version
        self.headers = headers
        self.body = body
        contentLength = body.isEmpty ? nil : body.count
    }

    /// The method, or nil for a response.
    public var method: RTSPMethod? {
        if case .request(let method, _) = start { method } else { nil }
    }

    /// The status code, or nil for a request.
    public var status: Int? {
        if case .response(let status, _) = start { status } else { nil }
    }

    /// The target, or nil for a response.
    public var target: Target? {
        if case .request(_, let target) = start { target } else { nil }
    }

    /// The sequence number (RFC 2326 section 12.17), or nil if absent or not a number below 2³².
    public var sequenceNumber: UInt32? {
        headers["CSeq"].flatMap { decimal($0.utf8, atMost: Int(UInt32.max)) }.map(UInt32.init)
    }

    /// The media type of the body in lower case and without parameters, or nil.
    public var contentType: String? {
        headers["Content-Type"].map {
            var scanner = FieldScanner($0)
            return scanner.word(until: ASCII.semicolon, ASCII.comma).lowercased()
        }
    }

    /// Whether octets of the body are missing.
    public var isBodyCut: Bool { wire == .rtsp && body.count < contentLength ?? 0 }
}

extension RTSPMessage.Target: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The target without credentials.
    public var description: String { RTSPURL.withoutCredentials(text) }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// Shows only `description`, so that a dump holds no credentials either.
    public var customMirror: Mirror { Mirror(self, children: ["target": description]) }
}

extension RTSPMessage: CustomStringConvertible, CustomDebugStringConvertible {
    /// The first line, without credentials.
    public var description: String {
        switch start {
        case .request(let method, let target):
            "\(method) \(target) \(wire.rawValue)/\(version / 10).\(version % 10)"
        case .response(let status, let reason):
            "\(wire.rawValue)/\(version / 10).\(version % 10) \(status) \(reason)"
        }
    }

    /// The same as `description`.
    public var debugDescription: String { description }
}
