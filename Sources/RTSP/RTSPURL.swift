// SPDX-License-Identifier: Apache-2.0

public import Octets

/// A URL of RTSP, or of another scheme that a camera named (RFC 2326 section 3.2).
///
/// Holds no credentials: user information is left out when the URL is read, so that no printed
/// form, log or report can show it.
public struct RTSPURL: Hashable, Sendable {
    /// The longest URL that is read, in octets: the same as a line.
    public static let limit = RTSPMessage.lineLimit

    /// The scheme in lower case: `rtsp`, `rtsps`, `rtspu`, or whatever was named.
    public let scheme: String
    /// The host in lower case, an IPv6 address without brackets; empty for `file:///`.
    public let host: String
    /// The port if it was named.
    public let port: UInt16?
    /// Path and query as written, beginning with `/`, or empty.
    public let path: String
    /// Whether user information was left out.
    public let hadCredentials: Bool

    /// Makes a URL of parts; `path` begins with `/` or is empty.
    public init(scheme: String = "rtsp", host: String, port: UInt16? = nil, path: String) {
        self.init(scheme: scheme, host: host, port: port, path: path, hadCredentials: false)
    }

    private init(scheme: String, host: String, port: UInt16?, path: String, hadCredentials: Bool) {
        self.scheme = scheme.lowercased()
        self.host = host.lowercased()
        self.port = port
        self.path = path
        self.hadCredentials = hadCredentials
    }

    /// Reads an absolute URL.
    public init(parsing text: String) throws(ParseFault) {
        let octets = Array(text.utf8)
        guard octets.count <= RTSPURL.limit else {
            throw ParseFault(
                .overLimit, .rtsp, "URL", offset: 0, needed: RTSPURL.limit, had: octets.count)
        }
        if let bad = octets.firstIndex(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw ParseFault(
                .invalid, .rtsp, "URL: control character", offset: bad, needed: 0x20,
                had: Int(octets[bad]))
        }
        guard let schemeEnd = RTSPURL.schemeEnd(in: octets) else {
            throw ParseFault(.invalid, .rtsp, "URL: scheme", offset: 0, needed: 1, had: 0)
        }
        let start = schemeEnd + 3
        let end = RTSPURL.authorityEnd(in: octets, from: start)
        let at = octets[start..<end].lastIndex(of: 0x40)
        let authority = octets[(at.map { $0 + 1 } ?? start)..<end]
        let (host, port) = try RTSPURL.hostAndPort(authority)
        let scheme = String(decoding: octets[..<schemeEnd], as: UTF8.self)
        guard !host.isEmpty || !sameWord(String(scheme.prefix(4)), "rtsp") else {
            throw ParseFault(.invalid, .rtsp, "URL: host", offset: start, needed: 1, had: 0)
        }
        let isRooted = end == octets.count || octets[end] == ASCII.slash
        self.init(
            scheme: scheme, host: host, port: port,
            path: (isRooted ? "" : "/") + String(decoding: octets[end...], as: UTF8.self),
            hadCredentials: at != nil)
    }

    /// Whether the scheme is one of RTSP.
    public var isRTSP: Bool { ["rtsp", "rtsps", "rtspu", "rtspt"].contains(scheme) }

    /// The port named, or the scheme's own: 554, 322 for `rtsps` (RFC 7826 section 18.1).
    public var effectivePort: UInt16? {
        if let port { return port }
        switch scheme {
        case "rtsp", "rtspu", "rtspt": return 554
        case "rtsps": return 322
        case "http": return 80
        case "https": return 443
        default: return nil
        }
    }

    /// Whether both URLs name the same host; names are compared as text.
    public func hasSameHost(as other: RTSPURL) -> Bool { host == other.host }

    /// Whether both URLs name the same thing: host, port and path, but for a slash at the end.
    public func isSame(as other: RTSPURL) -> Bool {
        host == other.host && effectivePort == other.effectivePort && hasSamePath(as: other)
    }

    /// Whether both URLs have the same path and query, but for a slash at the end.
    public func hasSamePath(as other: RTSPURL) -> Bool {
        RTSPURL.bare(path) == RTSPURL.bare(other.path)
    }

    static func bare(_ path: String) -> Substring {
        var path = path[...]
        while path.hasSuffix("/") { path.removeLast() }
        return path
    }
}

extension RTSPURL: CustomStringConvertible, CustomDebugStringConvertible {
    /// The URL without credentials.
    public var description: String {
        let shownHost = host.utf8.contains(ASCII.colon) ? "[\(host)]" : host
        return "\(scheme)://\(shownHost)\(port.map { ":\($0)" } ?? "")\(path)"
    }

    /// The same as `description`.
    public var debugDescription: String { description }
}

// MARK: - Parts

extension RTSPURL {
    /// Where `://` begins after a scheme at the start of `octets`, or nil.
    private static func schemeEnd(in octets: [UInt8]) -> Int? {
        var end = 0
        while end < octets.count, end < 16,
            octets[end].isLetter || octets[end].isDigit || [0x2B, 0x2D, 0x2E].contains(octets[end])
        {
            end += 1
        }
        guard end > 0, octets[0].isLetter, octets.count - end >= 3, octets[end] == ASCII.colon,
            octets[end + 1] == ASCII.slash, octets[end + 2] == ASCII.slash
        else { return nil }
        return end
    }

    /// Where the authority that begins at `start` ends.
    ///
    /// At the first `/`, `?` or `#`; but a password may hold these, unescaped as people type
    /// them: where a colon is followed by what is no port and an `@` comes later, the authority
    /// goes on behind the `@`.
    private static func authorityEnd(in octets: [UInt8], from start: Int) -> Int {
        let isEnd: (UInt8) -> Bool = { [ASCII.slash, 0x3F, 0x23].contains($0) }
        let end = octets[start...].firstIndex(where: isEnd) ?? octets.count
        guard !octets[start..<end].contains(0x40),
            let colon = octets[start..<end].firstIndex(of: ASCII.colon),
            octets[start] != 0x5B,
            octets[(colon + 1)..<end].contains(where: { !$0.isDigit }) || colon + 1 == end,
            let at = octets[end...].lastIndex(of: 0x40)
        else { return end }
        return octets[at...].firstIndex(where: isEnd) ?? octets.count
    }

    private static func hostAndPort(
        _ authority: ArraySlice<UInt8>
    ) throws(ParseFault) -> (String, UInt16?) {
        var host = authority
        var rest = authority[authority.endIndex...]
        if authority.first == 0x5B {
            guard let close = authority.firstIndex(of: 0x5D) else {
                throw ParseFault(
                    .invalid, .rtsp, "URL: bracket", offset: authority.startIndex, needed: 1, had: 0
                )
            }
            host = authority[(authority.startIndex + 1)..<close]
            rest = authority[(close + 1)...]
        } else if let colon = authority.firstIndex(of: ASCII.colon) {
            host = authority[..<colon]
            rest = authority[colon...]
        }
        let name = String(decoding: host, as: UTF8.self)
        // A colon with nothing behind it means the usual port (RFC 3986 section 3.2.3).
        guard rest.count > 1 else { return (name, nil) }
        let digits = rest.dropFirst()
        guard rest.first == ASCII.colon, let port = decimal(digits, atMost: 65_535) else {
            throw ParseFault(
                .invalid, .rtsp, "URL: port", offset: rest.startIndex, needed: 65_535, had: -1)
        }
        return (name, UInt16(port))
    }

    /// `text` with the user information of every URL in it left out.
    ///
    /// A URL at the start is taken as `init(parsing:)` takes it, to the end of the text. One
    /// behind other text ends where a header or a sentence would end it, unless what comes
    /// before that is no host: then it is a password that holds such a character.
    public static func withoutCredentials(_ text: String) -> String {
        let octets = Array(text.utf8)
        let firstAuthority = schemeEnd(in: octets).map { $0 + 3 }
        var kept: [UInt8] = []
        var index = 0
        while index < octets.count {
            kept.append(octets[index])
            index += 1
            guard kept.count >= 3, kept.suffix(3) == [ASCII.colon, ASCII.slash, ASCII.slash]
            else { continue }
            let isFirst = index == firstAuthority
            let url = Array(octets[index..<(isFirst ? octets.count : urlEnd(octets, from: index))])
            index += url.count - afterCredentials(url).count
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// Where the URL ends whose authority begins at `start`, inside other text.
    private static func urlEnd(_ octets: [UInt8], from start: Int) -> Int {
        let ends: [UInt8] = [ASCII.space, ASCII.quote, ASCII.tab, 0x3C, 0x3E]
        guard let end = octets[start...].firstIndex(where: { ends.contains($0) }) else {
            return octets.count
        }
        let url = Array(octets[start..<end])
        let authority = url[..<authorityEnd(in: url, from: 0)]
        let isHost = (try? hostAndPort(authority)) != nil
        return authority.count < url.count || isHost || authority.contains(0x40)
            ? end : octets.count
    }

    /// What is behind the user information of an authority, and behind what would be taken for
    /// it once that is gone.
    private static func afterCredentials(_ url: [UInt8]) -> [UInt8] {
        var rest = url
        while let at = rest[..<authorityEnd(in: rest, from: 0)].lastIndex(of: 0x40) {
            rest.removeFirst(at + 1)
        }
        return rest
    }
}
