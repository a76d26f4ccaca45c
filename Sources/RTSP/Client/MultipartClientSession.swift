// SPDX-License-Identifier: Apache-2.0

import Octets
public import Timekeeping

/// A client's side of pulling pictures by HTTP: `multipart/x-mixed-replace`, as MJPEG and MxPEG
/// come.
///
/// A value without sockets, as `RTSPClientSession`, whose words it shares. The parts themselves
/// are not read here: whoever measures gets all octets of the connection anyway.
public struct MultipartClientSession: Sendable {
    /// What the session does.
    public private(set) var phase = RTSPClientSession.Phase.new
    /// The first and the latest lines of the dialogue.
    public private(set) var lines: [RTSPClientSession.Line] = []
    /// How often a proof of who asks was refused.
    public var loginFailures: Int { login.failures }
    /// What the server says that it is.
    public private(set) var serverSoftware: String?
    /// The media type of the answer.
    public private(set) var contentType: String?

    private let configuration: RTSPClientSession.Configuration
    private var reader = RTSPStreamReader()
    private var login: ClientLogin
    private var hadProof = false
    private var startDeadline: Instant?
    private var answerDeadline: Instant?
    private var lastMedia: Instant?

    /// Makes a session that is not connected yet; `configuration.url` is one of HTTP.
    public init(_ configuration: RTSPClientSession.Configuration) {
        self.configuration = configuration
        login = ClientLogin(configuration)
    }

    /// Whether the session is over.
    public var isOver: Bool { if case .over = phase { true } else { false } }

    /// When `timePassed` must be called at the latest; nil when nothing is waited for.
    public var nextDeadline: Instant? {
        switch phase {
        case .starting: [startDeadline, answerDeadline].compactMap { $0 }.min()
        case .playing: lastMedia?.advanced(byNanoseconds: configuration.silenceLimit)
        case .new, .ending, .over: nil
        }
    }

    /// The connection stands: the first, or another that `reconnect` asked for.
    public mutating func connected(at now: Instant) -> [RTSPClientSession.Action] {
        guard phase == .new || phase == .starting else { return [] }
        phase = .starting
        if startDeadline == nil {
            startDeadline = now.advanced(byNanoseconds: configuration.startLimit)
        }
        answerDeadline = now.advanced(byNanoseconds: configuration.answerLimit)
        reader = RTSPStreamReader()
        let target = configuration.url.path.isEmpty ? "/" : configuration.url.path
        var host = configuration.url.host
        if host.utf8.contains(ASCII.colon) { host = "[\(host)]" }
        if let port = configuration.url.port { host += ":\(port)" }
        var headers: RTSPHeaders = [
            "Host": host, "User-Agent": configuration.userAgent,
            "Accept": "multipart/x-mixed-replace, image/jpeg", "Connection": "close",
        ]
        let proof = login.proof(.get, target)
        hadProof = proof != nil
        if let proof { headers.append("Authorization", proof) }
        let request = RTSPMessage(
            .request(.get, target: RTSPMessage.Target(target)), wire: .http, version: 11,
            headers: headers)
        note(request, isOwn: true, at: now)
        return [.send(request.serialised())]
    }

    /// Octets came on the connection.
    public mutating func received(
        _ octets: Span<UInt8>, at now: Instant
    ) -> [RTSPClientSession.Action] {
        if phase == .playing {
            lastMedia = now
            return []
        }
        var position = 0
        while phase == .starting, let element = reader.next(octets, at: &position) {
            switch element {
            case .message(let message) where message.wire == .http && message.status != nil:
                let actions = received(message, at: now)
                if !actions.isEmpty { return actions }
            case .message, .interleaved:
                return end(.nonsense(.notDescription))
            case .httpBody: break
            case .unreadable(let fault): return end(.unreadable(fault))
            }
        }
        if phase == .starting, reader.counters.junkOctets > RTSPClientSession.junkLimit {
            return end(.nonsense(.tooMuch))
        }
        return []
    }

    /// Time passed.
    public mutating func timePassed(at now: Instant) -> [RTSPClientSession.Action] {
        guard let nextDeadline, now >= nextDeadline else { return [] }
        return phase == .playing
            ? end(.silent(nanoseconds: configuration.silenceLimit)) : end(.tooSlow(.get))
    }

    /// The server, or the network, ended the connection.
    public mutating func closed(at now: Instant) -> [RTSPClientSession.Action] {
        end(.closed(during: phase == .playing ? nil : .get))
    }

    /// The client has enough.
    public mutating func stop(at now: Instant) -> [RTSPClientSession.Action] { end(.stopped) }

    private mutating func received(
        _ message: RTSPMessage, at now: Instant
    ) -> [RTSPClientSession.Action] {
        note(message, isOwn: false, at: now)
        if let software = message.headers["Server"] {
            serverSoftware = String(software.prefix(128))
        }
        switch message.status ?? 0 {
        case 100..<200: return []
        case 200:
            contentType = message.contentType
            guard contentType?.hasPrefix("multipart/") == true else {
                return end(.nonsense(.notPictures))
            }
            phase = .playing
            lastMedia = now
            return [.playing]
        case 300..<400:
            let url = message.headers["Location"].flatMap { try? RTSPURL(parsing: $0) }
            return end(.redirected(url))
        case 401:
            if let reason = login.challenged(by: message, hadProof: hadProof) { return end(reason) }
            // What follows the head of a 401 is a page of unknown length: a new connection is
            // simpler.
            answerDeadline = nil
            return [.reconnect]
        case 404, 410: return end(.notFound(.get, status: message.status ?? 0))
        case 429, 453, 503: return end(.busy(status: message.status ?? 0))
        case let status: return end(.refused(.get, status: status))
        }
    }

    private mutating func note(_ message: RTSPMessage, isOwn: Bool, at now: Instant) {
        // A 401 and what it leads to: few lines.
        guard lines.count < RTSPClientSession.lineLimit else { return }
        let text = String(message.description.prefix(160))
        lines.append(RTSPClientSession.Line(instant: now, isOwn: isOwn, text: text))
    }

    private mutating func end(_ reason: ClientSessionEnd) -> [RTSPClientSession.Action] {
        guard !isOver else { return [] }
        phase = .over(reason)
        return [.end(reason)]
    }
}

extension Digest.Credentials {
    /// The value of `Authorization` that sends them as they are (RFC 7617 section 2).
    var basic: String { "Basic " + Base64.encode(Array("\(user):\(password)".utf8)) }
}

extension Digest.Credentials {
    /// Lends both to `body`: for libraries that do the proving themselves.
    public func lend<Result>(_ body: (_ user: String, _ password: String) -> Result) -> Result {
        body(user, password)
    }
}
