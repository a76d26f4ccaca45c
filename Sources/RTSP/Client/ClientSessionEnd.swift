// SPDX-License-Identifier: Apache-2.0

public import Octets

/// Why a client's session is over.
public enum ClientSessionEnd: Hashable, Sendable {
    /// The client ended it.
    case stopped
    /// The server wants to know who asks, and there are no credentials.
    case credentialsMissing
    /// The server did not accept who asks, or offered no way to prove it.
    case notAuthenticated(AuthenticationDialogue.Reason)
    /// The server has no room for one more session: 453, or 503 (RFC 2326 section 11).
    case busy(status: Int)
    /// The server has no such stream: 404 or 410.
    case notFound(RTSPMethod, status: Int)
    /// The server refused a request with another status.
    case refused(RTSPMethod, status: Int)
    /// The server sends the client elsewhere; nil if it named no URL that can be read.
    ///
    /// Never followed here: the one that owns the addresses decides.
    case redirected(RTSPURL?)
    /// The description offers nothing of the kinds wanted.
    case nothingWanted
    /// The server refused every way of delivery that was allowed.
    case noTransport
    /// The server would send from or to somebody else, or at a port of services.
    case foreignTransport(TransportHeader.Refusal)
    /// The server forgot the session: 454.
    case sessionLost
    /// The server ended the session by a request of its own.
    case endedByServer
    /// The connection ended while the client waited for this answer, or for media if nil.
    case closed(during: RTSPMethod?)
    /// The whole answer to this request did not come in time.
    case tooSlow(RTSPMethod)
    /// All was agreed, and no packet came for so many nanoseconds.
    case silent(nanoseconds: Int64)
    /// What the server said cannot be read.
    case unreadable(ParseFault)
    /// What the server said can be read and makes no sense.
    case nonsense(Nonsense)
    /// The client could open no port for this way of delivery.
    case noPorts

    /// What makes no sense in an answer.
    public enum Nonsense: String, Hashable, Sendable {
        case notDescription = "the answer to DESCRIBE is no session description"
        case notPictures = "the answer is no series of pictures"
        case noTunnel = "the answer to GET opens no tunnel"
        case noSession = "the answer to SETUP names no session"
        case noTransport = "the answer to SETUP names no transport"
        case otherTransport = "the answer to SETUP names a transport that was not asked for"
        case otherControl = "the description's control URL is not of RTSP"
        case tooMuch = "more octets than any answer takes"
        case tooManyRequests = "the server asks without end"
    }

    /// The word for it in records and machine-readable output.
    public var word: String {
        switch self {
        case .stopped: "stopped"
        case .credentialsMissing: "credentials-missing"
        case .notAuthenticated(let reason): reason.rawValue
        case .busy: "busy"
        case .notFound: "not-found"
        case .refused: "refused"
        case .redirected: "redirected"
        case .nothingWanted: "no-media"
        case .noTransport: "no-transport"
        case .foreignTransport: "foreign-transport"
        case .sessionLost: "session-lost"
        case .endedByServer: "ended-by-server"
        case .closed: "closed"
        case .tooSlow: "too-slow"
        case .silent: "silent"
        case .unreadable: "unreadable"
        case .nonsense: "nonsense"
        case .noPorts: "no-ports"
        }
    }
}

extension ClientSessionEnd: CustomStringConvertible {
    /// What happened, in words.
    public var description: String {
        switch self {
        case .stopped: "ended by the client"
        case .credentialsMissing: "asks who is asking, and no credentials were given"
        case .notAuthenticated(let reason): ClientSessionEnd.sentence(reason)
        case .busy(let status): "has no room for another session (\(Self.text(status)))"
        case .notFound(let method, let status):
            "has no such stream (\(method): \(Self.text(status)))"
        case .refused(let method, let status): "refuses \(method) (\(Self.text(status)))"
        case .redirected(let url): "sends elsewhere" + (url.map { ", to \($0)" } ?? "")
        case .nothingWanted: "describes no video"
        case .noTransport: "refuses every way of delivery that was tried"
        case .foreignTransport(let refusal): refusal.sentence
        case .sessionLost: "forgot the session"
        case .endedByServer: "ended the session"
        case .closed(let method?): "closed the connection instead of answering \(method)"
        case .closed(nil): "closed the connection while playing"
        case .tooSlow(let method): "did not answer \(method) in time"
        case .silent(let nanoseconds):
            "agreed to play, and no packet came for \(nanoseconds / 1_000_000_000) s"
        case .unreadable(let fault): "answers what cannot be read: \(fault)"
        case .nonsense(let what): what.rawValue
        case .noPorts: "no local ports are free"
        }
    }

    private static func text(_ status: Int) -> String {
        "\(status) \(RTSPMessage.reason(of: status))"
    }

    private static func sentence(_ reason: AuthenticationDialogue.Reason) -> String {
        switch reason {
        case .tooManyTries: "does not accept the credentials"
        case .noUsableChallenge: "asks for a login in no way that is known"
        case .basicInClear: "asks for the password in clear, which is not allowed"
        case .downgrade: "asks for a weaker login than before"
        }
    }
}

extension TransportHeader.Refusal {
    /// What is wrong, in words.
    var sentence: String {
        switch self {
        case .sourceElsewhere(let host): "would send from another host, \(host)"
        case .destinationElsewhere(let host): "would send to another host, \(host)"
        case .port(let port): "would use port \(port), which is no port of media"
        }
    }
}
