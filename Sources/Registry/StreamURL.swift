// SPDX-License-Identifier: Apache-2.0

/// The URL of a camera's stream in the one form in which two are compared.
///
/// Scheme and host are in small letters, a default port is left out, an empty path is `/`; path
/// and query are exact, as a camera may tell `/Main` from `/main` (RFC 3986 section 6.2). It never
/// holds a user's name or password.
public struct StreamURL: Hashable, Sendable {
    /// The URL, normalised.
    public let text: String
    /// The host.
    public let host: Host

    /// Octets of a URL, at most: twice what cameras are known to use (chosen).
    public static let longest = 1024
    /// The default port of a scheme that carries video (RFC 7826 section 4.2, RFC 9110 section
    /// 4.2), or nil for any other scheme.
    public static func defaultPort(of scheme: String) -> UInt16? {
        switch scheme {
        case "rtsp": 554
        case "rtsps": 322
        case "http": 80
        case "https": 443
        default: nil
        }
    }

    static let rule = "a URL such as rtsp://192.0.2.10/stream1 (rtsp, rtsps, http or https)"

    /// Reads a URL as the registry declares it.
    ///
    /// A name and password in it are refused: the registry is shown, exported and sent to parents.
    public init(parsing text: String) throws(ValueFault) {
        let parts = try URLParts(text)
        if parts.hasUserInfo {
            throw ValueFault(
                .secretInClear, "a user's name or password in the URL",
                expected: "the URL without them, and `credentials` naming an entry of the settings")
        }
        if parts.hasFragment {
            throw ValueFault(.invalidValue, "a fragment (#) in the URL", expected: StreamURL.rule)
        }
        self.text = parts.normalised
        host = parts.host
    }

    /// Reads a URL seen in signalling, or gives nil if it is none: credentials and fragment are
    /// left out, all else as in the registry.
    public init?(seen text: String) {
        guard let parts = try? URLParts(text) else { return nil }
        self.text = parts.normalised
        host = parts.host
    }

    /// Whether the transport is encrypted from its first byte: `rtsps` or `https` (A2.6.5).
    public var isEncrypted: Bool { text.hasPrefix("rtsps:") || text.hasPrefix("https:") }
}

extension StreamURL: CustomStringConvertible {
    /// The URL, normalised.
    public var description: String { text }
}

/// The parts of a URL that count.
private struct URLParts {
    let scheme: String
    let host: Host
    let port: UInt16?
    /// Path and query, beginning with `/` or `?`.
    let path: Substring
    let hasUserInfo: Bool
    let hasFragment: Bool
    private let isNormal: Bool
    private let text: String

    init(_ text: String) throws(ValueFault) {
        let octets = text.utf8
        guard octets.count <= StreamURL.longest else {
            throw ValueFault(
                .tooLarge, "a URL of \(octets.count) octets",
                expected: "at most \(StreamURL.longest)")
        }
        guard octets.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw ValueFault(
                .invalidValue, "a space or a letter outside ASCII in the URL",
                expected: "such letters written as %20")
        }
        guard let colon = octets.firstIndex(of: UInt8(ascii: ":")),
            octets[colon...].starts(with: "://".utf8),
            octets.distance(from: octets.startIndex, to: colon) <= 5
        else { throw ValueFault(.invalidValue, "not a stream's URL", expected: StreamURL.rule) }
        scheme = text[..<colon].lowercased()
        guard let defaultPort = StreamURL.defaultPort(of: scheme) else {
            throw ValueFault(.invalidValue, "not a stream's URL", expected: StreamURL.rule)
        }
        let start = octets.index(colon, offsetBy: 3)
        let end =
            octets[start...].firstIndex { $0 == 0x2f || $0 == 0x3f || $0 == 0x23 }
            ?? text.endIndex
        var authority = text[start..<end]
        let at = authority.utf8.lastIndex(of: UInt8(ascii: "@"))
        hasUserInfo = at != nil
        if let at { authority = authority[octets.index(after: at)...] }
        if authority.utf8.last == UInt8(ascii: ":") { authority = authority.dropLast() }
        let place = try HostPort(parsing: String(authority))
        host = place.host
        port = place.port == defaultPort ? nil : place.port
        let fragment = octets[end...].firstIndex(of: UInt8(ascii: "#"))
        hasFragment = fragment != nil
        path = text[end..<(fragment ?? text.endIndex)]
        // Most URLs are written in the one form already. An IPv4 address has but one.
        isNormal =
            text.utf8.starts(with: scheme.utf8) && at == nil && place.port == nil
            && fragment == nil && text[start..<end].utf8.last != UInt8(ascii: ":")
            && host.address?.isV4 == true && path.utf8.first == UInt8(ascii: "/")
        self.text = text
    }

    var normalised: String {
        if isNormal { return text }
        var text = scheme + "://"
        if let address = host.address, !address.isV4 {
            text += "[\(address)]"
        } else {
            text += host.description
        }
        if let port { text += ":\(port)" }
        if path.utf8.first != UInt8(ascii: "/") { text += "/" }
        return text + path
    }
}
