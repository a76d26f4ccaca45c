// SPDX-License-Identifier: Apache-2.0
import Octets
public import RTSP
public import Timekeeping

/// The server's side of one RTSP connection to simulated cameras (RFC 2326).
///
/// Octets come in, actions go out. One session a connection and one stream a session, as cameras
/// are used by recorders.
public struct CameraServer: Sendable {
    /// What a server offers.
    public struct Settings: Sendable {
        /// One camera: its path and what it plays.
        public struct Offer: Sendable {
            /// First component of its URL's path.
            public var name: String
            /// What DESCRIBE tells.
            public var description: VideoDescription
            /// Where unicast packets come from.
            public var serverPorts: TransportHeader.Ports
            /// Group and ports of its multicast; nil if it has none.
            public var group: (address: String, ports: TransportHeader.Ports)?

            /// Makes an offer.
            public init(
                name: String, description: VideoDescription, serverPorts: TransportHeader.Ports,
                group: (address: String, ports: TransportHeader.Ports)? = nil
            ) {
                self.name = name
                self.description = description
                self.serverPorts = serverPorts
                self.group = group
            }
        }

        /// The cameras.
        public var cameras: [Offer]
        /// Ways of delivery that are not refused.
        public var deliveries: Set<Delivery> = Set(Delivery.allCases)
        /// Who may watch; nil for everybody.
        public var credentials: Digest.Credentials?
        /// How credentials may be proven, the best liked first; a challenge each (RFC 7616
        /// section 3.7).
        public var algorithms: [DigestAlgorithm] = [.md5]
        /// Hop limit of multicast.
        public var hopLimit: UInt8 = 1

        /// Makes settings with defaults for all but the cameras.
        public init(cameras: [Offer]) {
            self.cameras = cameras
        }
    }

    /// A way packets take.
    public enum Delivery: String, CaseIterable, Hashable, Sendable {
        case udp, tcp, multicast
    }

    /// Where a stream goes.
    public enum Destination: Hashable, Sendable {
        /// To the connection's peer, at these ports.
        case udp(TransportHeader.Ports)
        /// Into the connection, on these channels.
        case interleaved(TransportHeader.Channels)
        /// To the camera's group.
        case multicast
    }

    /// What the owner of the connection is to do, in order.
    public enum Action: Hashable, Sendable {
        /// Send octets on the connection.
        case send([UInt8])
        /// Begin the stream of camera number `camera`, or go on with it.
        case play(camera: Int, to: Destination, as: CameraMedia.Identity)
        /// Stop sending for the time being.
        case pause
        /// Stop sending for good.
        case stop
        /// Close the connection.
        case close
    }

    /// A session after SETUP.
    struct Session: Hashable, Sendable {
        var identifier: String
        var camera: Int
        var destination: Destination
        var identity: CameraMedia.Identity
        var isPlaying = false
    }

    /// Seconds without a sign of life after which a session ends: what most cameras say.
    public static let timeoutSeconds: Int64 = 60
    static let methods =
        "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN"

    /// Cameras without power: requests about them get no answer.
    public var silentCameras: Set<Int> = []

    let settings: Settings
    /// The server's address as the client reached it, for the session description.
    let address: String
    let isIPv6: Bool
    var session: Session?
    var generator: SplitMix64
    private var reader = RTSPStreamReader()
    private let nonce: String
    private var lastHeard: Instant

    /// Makes the server's side of a connection accepted at `now`.
    ///
    /// - Parameters:
    ///   - address: the server's own address on this connection, as text.
    ///   - seed: of session identifiers, nonces, SSRCs; another for each connection.
    public init(_ settings: Settings, address: String, seed: UInt64, now: Instant) {
        self.settings = settings
        self.address = address
        isIPv6 = address.utf8.contains(UInt8(ascii: ":"))
        generator = SplitMix64(seed: seed, party: 0x52_54_53_50)
        nonce =
            CameraServer.hexadecimal(generator.next()) + CameraServer.hexadecimal(generator.next())
        lastHeard = now
    }

    /// Which camera the session is about.
    public var camera: Int? { session?.camera }

    // MARK: Events

    /// Octets arrived on the connection.
    public mutating func received(
        _ octets: Span<UInt8>, at now: Instant, hash: Digest.Hash
    ) -> [Action] {
        lastHeard = now
        var actions: [Action] = []
        var position = 0
        while let element = reader.next(octets, at: &position) {
            switch element {
            case .message(let message):
                guard message.method != nil else { continue }
                actions += answer(message, hash: hash)
            case .interleaved, .httpBody:
                continue  // a receiver's reports
            case .unreadable:
                let refusal = RTSPMessage(.response(status: 400, reason: "Bad Request"))
                actions += [.send(refusal.serialised()), .stop, .close]
            }
            if actions.last == .close { break }
        }
        return actions
    }

    /// The client gave a sign of life elsewhere, such as a receiver report.
    public mutating func heard(at now: Instant) {
        lastHeard = now
    }

    /// Ends the session if the client has been silent for too long.
    public func expired(at now: Instant) -> [Action] {
        let silence = now.nanoseconds(since: lastHeard)
        return silence > (CameraServer.timeoutSeconds + 5) * 1_000_000_000 ? [.stop, .close] : []
    }

    // MARK: Answers

    private mutating func answer(_ request: RTSPMessage, hash: Digest.Hash) -> [Action] {
        guard request.wire == .rtsp, let method = request.method, let target = request.target else {
            return [.send(RTSPMessage.response(400, to: request).serialised()), .close]
        }
        let named = camera(named: target)
        if let named, silentCameras.contains(named) { return [] }
        if method == .options {
            return respond(200, request, ["Public": CameraServer.methods])
        }
        if let refusal = unauthorised(request, hash: hash) { return refusal }
        if method == .getParameter || method == .setParameter, target.text == "*" {
            return respond(200, request)
        }
        guard let camera = named else { return respond(404, request) }
        switch method {
        case .describe: return describe(camera, request)
        case .setup: return setUp(camera, request)
        case .play, .pause, .getParameter, .setParameter, .teardown:
            return control(method, camera, request)
        default: return respond(405, request, ["Allow": CameraServer.methods])
        }
    }

    /// The actions that refuse a request without proof; nil if it may go on.
    private func unauthorised(_ request: RTSPMessage, hash: Digest.Hash) -> [Action]? {
        guard let credentials = settings.credentials else { return nil }
        let challenges = settings.algorithms.map {
            Digest.Challenge(realm: "Kuzet simulation", nonce: nonce, algorithm: $0)
        }
        let isProven = challenges.contains {
            Digest.rejection(of: request, $0, credentials, hash: hash) == nil
        }
        if isProven { return nil }
        var headers = RTSPHeaders()
        for challenge in challenges { headers.append("WWW-Authenticate", challenge.text) }
        return respond(401, request, headers)
    }

    /// The camera that a target names in its path's first component.
    private func camera(named target: RTSPMessage.Target) -> Int? {
        guard let url = target.url else { return nil }
        let path = url.path.split(separator: "?", maxSplits: 1)[...].first ?? ""
        guard let name = path.split(separator: "/").first else { return nil }
        return settings.cameras.firstIndex { $0.name == name }
    }

    func respond(
        _ status: Int, _ request: RTSPMessage, _ headers: RTSPHeaders = RTSPHeaders(),
        body: String = ""
    ) -> [Action] {
        let response = RTSPMessage.response(
            status, to: request, headers: headers, body: Array(body.utf8))
        return [.send(response.serialised())]
    }

    static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
