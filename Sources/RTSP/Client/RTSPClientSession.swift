// SPDX-License-Identifier: Apache-2.0

import Octets
public import Timekeeping

/// A client's side of one RTSP connection: what to ask, and where media will come.
///
/// A value that opens no socket and reads no clock. The one that owns the connection tells it
/// what came and how late it is, and obeys the actions that it answers:
///
///     connected ─► OPTIONS ─► DESCRIBE ─► SETUP … ─► PLAY ─► playing, keep-alives ─► TEARDOWN
///
/// Each request has one deadline for its whole answer, so that a server which sends an octet a
/// second holds nobody up. After a refused login it stops by itself, because cameras lock
/// accounts. It never follows a redirect, and media is accepted only from the camera and only
/// to the client or to a group.
public struct RTSPClientSession: Sendable {
    /// How media is delivered.
    public enum Delivery: String, Hashable, Sendable, CaseIterable {
        /// Datagrams to a pair of ports of the client.
        case udp
        /// Frames on the connection itself (RFC 2326 section 10.12).
        case interleaved
        /// Datagrams to a group, which the client joins.
        case multicast
    }

    /// Where the packets of one medium come.
    public enum Path: Hashable, Sendable {
        /// To the client's ports, from these ports of the server if it named them.
        case udp(from: TransportHeader.Ports?)
        /// On these channels of the connection.
        case interleaved(TransportHeader.Channels)
        /// To a group.
        ///
        /// Only packets of the senders count, if any are named.
        case multicast(group: String, TransportHeader.Ports, senders: [String])
    }

    /// What the owner of the connection is to do, in order.
    public enum Action: Hashable, Sendable {
        /// Send these octets.
        case send([UInt8])
        /// Open a pair of ports for the medium, then say `opened` or `couldNotOpenPorts`.
        case openPorts(medium: Int)
        /// The medium will not use its ports.
        case closePorts(medium: Int)
        /// Packets of the medium come here.
        case expect(medium: Int, Path)
        /// Connect anew, then say `connected`; HTTP alone asks for it.
        case reconnect
        /// The server plays.
        case playing
        /// All is over: close everything.
        case end(ClientSessionEnd)
    }

    /// What a session is to do.
    public struct Configuration: Sendable {
        /// The stream's URL; holds no credentials.
        public var url: RTSPURL
        /// Who asks, if the camera wants to know.
        public var credentials: Digest.Credentials?
        /// Whether the password may be sent as it is, which only `rtsps` makes harmless.
        public var allowsBasic = false
        /// Ways of delivery, the best liked first; a refused one is followed by the next.
        public var deliveries: [Delivery] = [.udp, .interleaved]
        /// The kinds of media to set up; a monitor of video leaves sound alone.
        public var kinds: Set<MediaDescription.Kind> = [.video]
        /// Whether a server may name other addresses than the connection's: needed behind
        /// address translation, where a camera knows only its inner address.
        ///
        /// They are ignored then, not used.
        public var ignoresForeignAddresses = false
        /// A random text for Digest.
        public var clientNonce = ""
        /// The hash functions of Digest, lent by the edge.
        public var hash: @Sendable (DigestAlgorithm, [UInt8]) -> [UInt8]
        /// What the client calls itself.
        public var userAgent = "kuzet"
        /// For one whole answer, ns; 10 s, as a camera under load takes 1 to 3.
        public var answerLimit: Int64 = 10_000_000_000
        /// From the connection to playing, ns; 30 s.
        public var startLimit: Int64 = 30_000_000_000
        /// Without a packet while playing, ns; 10 s, twice the longest wait for a key frame.
        public var silenceLimit: Int64 = 10_000_000_000

        /// Makes the configuration of a pull without login.
        public init(
            url: RTSPURL, credentials: Digest.Credentials? = nil,
            hash: @escaping @Sendable (DigestAlgorithm, [UInt8]) -> [UInt8]
        ) {
            self.url = url
            self.credentials = credentials
            self.hash = hash
        }
    }

    /// One line of the dialogue, kept as evidence; never holds credentials.
    public struct Line: Hashable, Sendable {
        /// When it was sent, or wholly there.
        public let instant: Instant
        /// Whether the client said it.
        public let isOwn: Bool
        /// The first line of the message.
        public let text: String
    }

    /// The most media of one session that are set up.
    ///
    /// Chosen: cameras send one video, some two.
    public static let mediumLimit = 4
    /// Lines of the dialogue that are kept: the first half, and the last.
    public static let lineLimit = 24
    /// Octets of no use after which a server is given up before it plays.
    ///
    /// Chosen: four heads of the longest kind.
    public static let junkLimit = 4 * RTSPMessage.headLimit
    /// Requests of the server that are answered.
    ///
    /// Chosen: servers that ask at all ask once a minute.
    public static let serverRequestLimit = 4096

    /// What the session does.
    public internal(set) var phase = Phase.new
    /// The description that the server gave.
    public internal(set) var description: SessionDescription?
    /// The media that were chosen, in the order of their numbers.
    public internal(set) var media: [Medium] = []
    /// The first and the latest lines of the dialogue.
    public internal(set) var lines: [Line] = []
    /// Lines between them that were not kept.
    public internal(set) var omittedLines = 0
    /// What happened besides answers.
    public internal(set) var oddities = Oddities()
    /// How often a proof of who asks was refused.
    public var loginFailures: Int { login.failures }
    /// The session as the server named it.
    public internal(set) var session: SessionHeader?
    /// What the server says that it is.
    public internal(set) var serverSoftware: String?

    /// What a session does.
    public enum Phase: Hashable, Sendable {
        /// Not connected yet.
        case new
        /// On the way to playing.
        case starting
        /// Media comes.
        case playing
        /// Asked the server to end the session.
        case ending
        /// Over, and why.
        case over(ClientSessionEnd)
    }

    /// A medium of the session.
    public struct Medium: Hashable, Sendable {
        /// What the server described.
        public var description: MediaDescription
        /// Its URL for SETUP.
        public var url: String
        /// What else the URL may be, by the letter of RFC 3986.
        var otherURL: String?
        /// Where its packets come, once agreed.
        public var path: Path?
        /// What is tried now.
        var delivery: Delivery
        /// The client's ports, while it has any.
        var ports: TransportHeader.Ports?
    }

    /// What a server did that was put up with.
    public struct Oddities: Hashable, Sendable {
        /// Makes counts of zero.
        public init() {}

        /// Answers to no request of ours.
        public var strayAnswers = 0
        /// Messages that cannot be read.
        public var unreadableMessages = 0
        /// Requests of the server.
        public var serverRequests = 0
        /// Keep-alives that were refused or not answered.
        public var failedKeepAlives = 0
        /// URLs and addresses of other hosts, which were not used.
        public var foreignAddresses = 0
    }

    var configuration: Configuration
    var server = ""
    var client = ""
    var reader = RTSPStreamReader()
    var nextSequence: UInt32 = 1
    var asked: Asked?
    var startDeadline: Instant?
    var login: ClientLogin
    var knowsGetParameter = false
    var base: RTSPURL
    var aggregate: String
    var keepAliveDue: Instant?
    var lastMedia: Instant?

    /// The request that waits for its answer.
    struct Asked: Sendable {
        var method: RTSPMethod
        var url: String
        var headers: RTSPHeaders
        var sequence: UInt32
        var deadline: Instant
        var hasProof: Bool
        var medium: Int?
        var isKeepAlive = false
    }

    /// Makes a session that is not connected yet.
    public init(_ configuration: Configuration) {
        self.configuration = configuration
        login = ClientLogin(configuration)
        base = configuration.url
        aggregate = configuration.url.description
    }

    /// When `timePassed` must be called at the latest; nil when nothing is waited for.
    public var nextDeadline: Instant? {
        var deadlines = [asked?.deadline].compactMap { $0 }
        switch phase {
        case .starting: deadlines += [startDeadline].compactMap { $0 }
        case .playing:
            deadlines += [keepAliveDue].compactMap { $0 }
            if let lastMedia {
                deadlines.append(lastMedia.advanced(byNanoseconds: configuration.silenceLimit))
            }
        case .new, .ending, .over: break
        }
        return deadlines.min()
    }

    /// Whether the session is over.
    public var isOver: Bool { if case .over = phase { true } else { false } }
}

// MARK: - Events

extension RTSPClientSession {
    /// The connection stands.
    ///
    /// - Parameters:
    ///   - server: the camera's address as text.
    ///   - client: the own address as text.
    public mutating func connected(
        server: String, client: String, at now: Instant
    ) -> [Action] {
        guard phase == .new else { return [] }
        self.server = server
        self.client = client
        phase = .starting
        startDeadline = now.advanced(byNanoseconds: configuration.startLimit)
        return ask(.options, configuration.url.description, at: now)
    }

    /// Octets came on the connection.
    public mutating func received(_ octets: Span<UInt8>, at now: Instant) -> [Action] {
        var actions: [Action] = []
        var position = 0
        // The loop ends with the octets: each turn uses up some, or is the last.
        while !isOver, let element = reader.next(octets, at: &position) {
            switch element {
            case .interleaved(let frame):
                if carriesMedia(frame.channel) { receivedMedia(at: now) }
            case .message(let message): actions += received(message, at: now)
            case .httpBody: break
            case .unreadable(let fault):
                oddities.unreadableMessages += 1
                if phase != .playing { actions += end(.unreadable(fault)) }
            }
        }
        if phase == .starting, reader.counters.junkOctets > Self.junkLimit {
            actions += end(.nonsense(.tooMuch))
        }
        return actions
    }

    /// Whether RTP comes on that channel; reports alone are no media.
    private func carriesMedia(_ channel: UInt8) -> Bool {
        media.contains {
            if case .interleaved(let channels) = $0.path {
                channels.first == channel
            } else {
                false
            }
        }
    }

    /// A packet of the session came, on whatever way.
    public mutating func receivedMedia(at now: Instant) {
        if phase == .playing { lastMedia = now }
    }

    /// Time passed.
    public mutating func timePassed(at now: Instant) -> [Action] {
        if let asked, now >= asked.deadline {
            self.asked = nil
            guard asked.isKeepAlive else {
                return end(phase == .ending ? .stopped : .tooSlow(asked.method))
            }
            // Media that still comes is what counts.
            oddities.failedKeepAlives += 1
        }
        switch phase {
        case .starting:
            guard let startDeadline, now >= startDeadline else { return [] }
            return end(.tooSlow(asked?.method ?? .play))
        case .playing:
            if let lastMedia, now.nanoseconds(since: lastMedia) >= configuration.silenceLimit {
                return end(.silent(nanoseconds: configuration.silenceLimit))
            }
            guard let keepAliveDue, now >= keepAliveDue, asked == nil else { return [] }
            return keepAlive(at: now)
        case .new, .ending, .over: return []
        }
    }

    /// The server, or the network, ended the connection.
    public mutating func closed(at now: Instant) -> [Action] {
        if phase == .ending { return end(.stopped) }
        return end(.closed(during: phase == .playing ? nil : asked?.method))
    }

    /// The client has enough: ends the session as the server should see it.
    public mutating func stop(at now: Instant) -> [Action] {
        guard phase == .playing || phase == .starting, session != nil else {
            return end(.stopped)
        }
        phase = .ending
        keepAliveDue = nil
        var actions = ask(.teardown, aggregate, at: now)
        // A camera that does not answer is not waited for.
        asked?.deadline = now.advanced(byNanoseconds: min(1_000_000_000, configuration.answerLimit))
        if actions.isEmpty { actions = end(.stopped) }
        return actions
    }

    /// Ends the session at once.
    mutating func end(_ reason: ClientSessionEnd) -> [Action] {
        guard !isOver else { return [] }
        phase = .over(reason)
        asked = nil
        return [.end(reason)]
    }
}
