// SPDX-License-Identifier: Apache-2.0

/// RTSP inside two HTTP connections, as QuickTime began it and cameras keep it.
///
/// The client opens one connection with GET, on which it only receives: RTSP responses and
/// interleaved frames follow the HTTP header as they are. It opens another with POST, on which
/// it only sends: requests in base64. A cookie joins the two.
public enum HTTPTunnel {
    /// The media type of a tunnel.
    public static let contentType = "application/x-rtsp-tunnelled"

    /// The part that a connection plays in a tunnel.
    public enum Half: Hashable, Sendable {
        /// GET: what the server answers and sends.
        case answers(cookie: String)
        /// POST: what the client asks.
        case requests(cookie: String)

        /// What joins the two connections.
        public var cookie: String {
            switch self {
            case .answers(let cookie), .requests(let cookie): cookie
            }
        }
    }

    /// The longest cookie that is taken, in octets.
    ///
    /// Chosen: clients send 16 to 32.
    public static let cookieLimit = 256

    /// The half of a tunnel that a request opens, or nil if it opens none.
    public static func half(openedBy request: RTSPMessage) -> Half? {
        guard request.wire == .http, let method = request.method,
            let cookie = request.headers["x-sessioncookie"], !cookie.isEmpty,
            cookie.utf8.count <= cookieLimit
        else { return nil }
        if method == .get {
            let accepts = request.headers.values("Accept").contains {
                $0.lowercased().contains(contentType)
            }
            return accepts ? .answers(cookie: cookie) : nil
        }
        return method == .post && request.contentType == contentType
            ? .requests(cookie: cookie) : nil
    }

    /// Whether a response opens the answering half of a tunnel.
    public static func isOpened(by response: RTSPMessage) -> Bool {
        response.wire == .http && response.status == 200 && response.contentType == contentType
    }
}

/// Takes base64 off the requests of a tunnel, in whatever pieces it comes.
///
/// Clients encode request by request, so that padding may stand anywhere between two; blanks
/// and line ends are passed over, other octets are counted.
public struct TunnelDecoder: Hashable, Sendable {
    /// Octets that were no base64, since last taken.
    public private(set) var strayCount = 0
    private var bits: UInt32 = 0
    private var digits = 0
    /// Digits of the group under way that are missing and make it unreadable.
    private var spoilt = false

    /// Makes a decoder at the start of a group.
    public init() {}

    /// Appends what `octets` encode to `decoded`; at most three octets for each four.
    public mutating func decode(_ octets: Span<UInt8>, into decoded: inout [UInt8]) {
        for index in octets.indices {
            let octet = octets[index]
            if let worth = Base64.worth(of: octet) {
                bits = bits << 6 | UInt32(worth)
                digits += 1
                if digits == 4 { endGroup(into: &decoded) }
            } else if octet == ASCII.equals {
                if digits > 0 { endGroup(into: &decoded) }
            } else if !octet.isBlank, octet != ASCII.carriageReturn, octet != ASCII.lineFeed {
                strayCount += 1
            }
        }
    }

    /// Lets octets pass that were not captured, keeping step with the groups of four.
    public mutating func skipped(octets count: Int) {
        guard count > 0 else { return }
        digits = (digits + count % 4) % 4
        spoilt = digits > 0
        bits = 0
    }

    /// The number of stray octets since last asked.
    mutating func takeStrayCount() -> Int {
        defer { strayCount = 0 }
        return strayCount
    }

    private mutating func endGroup(into decoded: inout [UInt8]) {
        if !spoilt, digits > 1 {
            let group = bits << UInt32(6 * (4 - digits))
            decoded.append(UInt8(truncatingIfNeeded: group >> 16))
            if digits > 2 { decoded.append(UInt8(truncatingIfNeeded: group >> 8)) }
            if digits > 3 { decoded.append(UInt8(truncatingIfNeeded: group)) }
        }
        digits = 0
        bits = 0
        spoilt = false
    }
}
