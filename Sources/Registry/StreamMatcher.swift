// SPDX-License-Identifier: Apache-2.0

/// An address and a port of it, as a packet carries them.
public struct NetworkEndpoint: Hashable, Sendable {
    /// The address.
    public let address: NetworkAddress
    /// The port.
    public let port: UInt16

    /// Makes an end of a conversation.
    public init(address: NetworkAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// What is known of a stream seen on the network.
public struct StreamTrace: Hashable, Sendable {
    /// The URL that signalling named, with nothing of one track added; nil if none was seen.
    public var url: String?
    /// Where its packets come from.
    public var source: NetworkEndpoint
    /// Where they go to.
    public var destination: NetworkEndpoint

    /// Makes a trace.
    public init(url: String? = nil, source: NetworkEndpoint, destination: NetworkEndpoint) {
        self.url = url
        self.source = source
        self.destination = destination
    }
}

/// What made a stream a camera's, strongest first.
public enum StreamEvidence: String, CaseIterable, Hashable, Sendable {
    /// Signalling named the camera's URL.
    case url
    /// Its packets go to the camera's group, which the registry declares with this port.
    case groupAndPort = "group_and_port"
    /// Its packets go to the camera's group.
    case group
    /// Its packets come from the camera's address and port.
    case senderAndPort = "sender_and_port"
    /// Its packets come from the camera's address.
    case sender
    /// No signalling was seen, and its packets come from the host of the camera's URL.
    case urlHost = "url_host"
}

/// Which camera a stream belongs to, and why.
public enum StreamMatch: Hashable, Sendable {
    /// One camera.
    case camera(CameraID, by: StreamEvidence)
    /// None: the stream is kept as unregistered.
    case unregistered
    /// Several, by id, at most `StreamMatcher.mostNamed` of them; the evidence fits all.
    case ambiguous([CameraID], by: StreamEvidence)
}

/// Tells which camera of a registry a stream belongs to.
///
/// The camera's name is that of the registry: with a new address it is the same camera, and
/// whoever keeps the ledger notes that the address changed. A registry in which two cameras claim
/// the same URL, group or sender is refused when it is made; ambiguous can only be a host that
/// serves several cameras and whose signalling was not seen.
public struct StreamMatcher: Sendable {
    /// Cameras that an ambiguous match names, at most: what fits a message (chosen).
    public static let mostNamed = 16

    private let ids: [CameraID]
    private var claims: [StreamClaim: Int32] = [:]
    /// The first camera of each host of a URL.
    private var hosts: [NetworkAddress: Int32] = [:]
    /// For each camera the next one on the same host, or -1.
    private var nextOnHost: [Int32]

    /// Makes a matcher for `registry`.
    public init(_ registry: Registry) {
        ids = registry.cameras.map(\.id)
        nextOnHost = [Int32](repeating: -1, count: ids.count)
        claims.reserveCapacity(ids.count)
        // From the last to the first, so that those on one host come in the order of ids.
        for place in registry.cameras.indices.reversed() {
            let camera = registry.cameras[place]
            if let claim = StreamClaim(camera) { claims[claim] = Int32(place) }
            guard case .url(let url) = camera.stream, let host = url.host.address else { continue }
            nextOnHost[place] = hosts[host] ?? -1
            hosts[host] = Int32(place)
        }
    }

    /// The camera that a stream belongs to.
    ///
    /// A URL that signalling named and no camera has does not match by its host: it is another
    /// stream of that host, such as a camera's second, smaller picture.
    public func match(_ trace: StreamTrace) -> StreamMatch {
        let url = trace.url.flatMap { StreamURL(seen: $0) }
        if let url, let place = claims[.url(url.text)] {
            return .camera(ids[Int(place)], by: .url)
        }
        let (source, destination) = (trace.source, trace.destination)
        let asked: [(StreamClaim, StreamEvidence)] = [
            (.group(destination.address, port: destination.port), .groupAndPort),
            (.group(destination.address, port: nil), .group),
            (.sender(source.address, port: source.port), .senderAndPort),
            (.sender(source.address, port: nil), .sender),
        ]
        for (claim, evidence) in asked {
            if let place = claims[claim] { return .camera(ids[Int(place)], by: evidence) }
        }
        guard url == nil, let first = hosts[source.address] else { return .unregistered }
        var found: [CameraID] = []
        var place = first
        while place >= 0, found.count < StreamMatcher.mostNamed {
            found.append(ids[Int(place)])
            place = nextOnHost[Int(place)]
        }
        return found.count == 1
            ? .camera(found[0], by: .urlHost) : .ambiguous(found, by: .urlHost)
    }
}

/// What one camera alone may say of its stream.
enum StreamClaim: Hashable {
    case url(String)
    case group(NetworkAddress, port: UInt16?)
    case sender(NetworkAddress, port: UInt16?)

    /// The claim of a camera: its stream, or without one its address, whatever the port, as that
    /// port is the one of its management.
    init?(_ camera: Camera) {
        switch camera.stream {
        case .url(let url): self = .url(url.text)
        case .group(let address, let port): self = .group(address, port: port)
        case .sender(let address, let port): self = .sender(address, port: port)
        case nil:
            guard let address = camera.address?.host.address else { return nil }
            self = .sender(address, port: nil)
        }
    }
}
