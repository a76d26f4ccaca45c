// SPDX-License-Identifier: Apache-2.0

extension RTSPURL {
    /// Where `a=control:` of a session description leads (RFC 2326 appendix C.1.1).
    public enum Control: Hashable, Sendable {
        /// A URL of the same host.
        case here(RTSPURL)
        /// A URL of another host, or not of RTSP: to be shown, never to be followed.
        case elsewhere(RTSPURL)
        /// No URL can be made of it.
        case unreadable

        /// The URL, wherever it leads.
        public var url: RTSPURL? {
            switch self {
            case .here(let url), .elsewhere(let url): url
            case .unreadable: nil
            }
        }
    }

    /// The URL against which the controls of a description are resolved.
    ///
    /// `Content-Base` of the response, else its `Content-Location`, else the URL of the request
    /// (RFC 2326 appendix C.1.1); one that cannot be read is passed over. Some servers write
    /// `ContentBase`; the Darwin Streaming Server does (fixture `trex_dss_server.txt`).
    public static func base(
        of response: RTSPMessage, requested: RTSPURL
    ) -> RTSPURL {
        for name in ["Content-Base", "ContentBase", "Content-Location"] {
            guard let value = response.headers[name] else { continue }
            if let url = try? RTSPURL(parsing: value) { return url }
            if let url = requested.relative(value) { return url }
        }
        return requested
    }

    /// Where a control attribute leads, this URL being the base.
    ///
    /// Nil, empty and `*` mean the base itself. A relative control is put behind the base with
    /// a slash between, as clients and cameras do, even where the base does not end in a slash
    /// and RFC 3986 would replace its last part; see `controlByTheBook`.
    public func control(_ attribute: String?) -> Control {
        guard let attribute, !attribute.isEmpty, attribute != "*" else { return .here(self) }
        if RTSPURL.isAbsolute(attribute) {
            guard let url = try? RTSPURL(parsing: attribute) else { return .unreadable }
            return url.isRTSP && url.hasSameHost(as: self) ? .here(url) : .elsewhere(url)
        }
        guard attribute.utf8.count <= RTSPURL.limit else { return .unreadable }
        let isJoined = path.hasSuffix("/") || attribute.hasPrefix("/") || attribute.hasPrefix("?")
        let start = path.hasSuffix("/") && attribute.hasPrefix("/") ? String(path.dropLast()) : path
        return .here(with(path: start + (isJoined ? "" : "/") + attribute))
    }

    /// Where a relative control leads by RFC 3986 section 5.2, or nil if it is not relative.
    public func controlByTheBook(_ attribute: String?) -> RTSPURL? {
        guard let attribute, !attribute.isEmpty, attribute != "*", !RTSPURL.isAbsolute(attribute)
        else { return nil }
        return relative(attribute)
    }

    private func relative(_ reference: String) -> RTSPURL? {
        guard !RTSPURL.isAbsolute(reference), reference.utf8.count <= RTSPURL.limit else {
            return nil
        }
        if reference.hasPrefix("/") { return with(path: reference) }
        let query = path.utf8.firstIndex(of: 0x3F) ?? path.endIndex
        let bare = path[..<query]
        if reference.hasPrefix("?") { return with(path: bare + reference) }
        let slash = bare.utf8.lastIndex(of: ASCII.slash)
        let directory = slash.map { bare[...$0] } ?? "/"
        return with(path: directory + reference)
    }

    private static func isAbsolute(_ reference: String) -> Bool {
        guard let colon = reference.utf8.firstIndex(of: ASCII.colon) else { return false }
        let rest = reference[colon...]
        return rest.hasPrefix("://") && reference.utf8[..<colon].allSatisfy { $0 != ASCII.slash }
    }

    private func with(path: some StringProtocol) -> RTSPURL {
        RTSPURL(scheme: scheme, host: host, port: port, path: String(path))
    }
}
