// SPDX-License-Identifier: Apache-2.0
import Packets
import RTSP

/// One TCP connection that may carry a camera's stream.
struct Connection {
    /// What a connection turned out to be.
    enum Kind {
        /// Not told yet; so many octets were looked at.
        case undecided(octets: Int)
        /// RTSP, or HTTP that may become a tunnel or a multipart answer.
        case messages
        /// TLS on a port of RTSP: its volume is all that can be seen.
        case encrypted
        /// Nothing of ours.
        case ignored
    }

    /// One direction: what one end sends.
    struct Direction {
        var sender: Endpoint
        var reassembler = TCPReassembler()
        var reader = RTSPStreamReader()
        var multipart: MultipartReader?
        /// Octets of IP and TCP headers since the last element, to be counted with the next.
        var overhead = 0
        var acknowledged: UInt32?
        var dscp: UInt8 = 0
        var hopLimit: UInt8 = 0
        var lastData: Int64?
        var stalls: UInt64 = 0
        var longestStall: Int64 = 0
        /// HTTP heads that led to no stream.
        var otherHeads = 0
    }

    let key: ConnectionKey
    var kind = Kind.undecided(octets: 0)
    /// The end whose segment was seen first, and the other.
    var directions: [Direction]
    /// Which direction is the client's, once known.
    var client: Int?
    var session = ObservedSession()
    /// What the client last asked for by HTTP.
    var requestTarget: String?
    var requestHost: String?
    /// Joins this connection to the other half of a tunnel through HTTP.
    var tunnelCookie: String?
    /// What SETUP said of each interleaved channel: the medium, and whether it is its RTCP.
    var channels: [UInt8: (medium: Int?, isControl: Bool)] = [:]
    /// Streams that it carries, by direction; at most one a channel.
    var streams: [(index: Int, key: StreamKey, direction: Int)] = []
    var lastSeen: Int64
    var vlan: VLANTags

    init(
        key: ConnectionKey, from first: Endpoint, to second: Endpoint, vlan: VLANTags,
        at instant: Int64
    ) {
        self.key = key
        self.vlan = vlan
        directions = [Direction(sender: first), Direction(sender: second)]
        lastSeen = instant
    }

    /// Whether its beginning was seen, from either side.
    var sawStart: Bool { directions.contains { $0.reassembler.sawStart } }

    /// The two ends as client and server; by port while messages have not told.
    var ends: SessionEnds {
        let guess = directions[0].sender.port >= directions[1].sender.port ? 0 : 1
        let client = client ?? guess
        return SessionEnds(
            client: directions[client].sender.address,
            server: directions[1 - client].sender.address)
    }

    /// The URL of what was asked for by HTTP, without credentials.
    var requestURL: String? {
        guard let requestTarget else { return nil }
        let text =
            requestTarget.hasPrefix("/")
            ? "http://" + (requestHost ?? directions[1 - (client ?? 0)].sender.description)
                + requestTarget : requestTarget
        return RTSPURL.withoutCredentials(text)
    }

    /// Streams noted of one connection: a server has few channels, a forger many SSRCs.
    static let streamLimit = 64

    /// Notes that a stream travels in a direction.
    mutating func carry(_ index: Int, _ key: StreamKey, direction: Int) {
        if streams.contains(where: { $0.index == index && $0.key == key }) { return }
        // A stream that was not proved has left its place to another.
        streams.removeAll { $0.index == index }
        guard streams.count < Connection.streamLimit else { return }
        streams.append((index, key, direction))
    }
}

/// A connection's two ends, the lower first, and its VLAN.
struct ConnectionKey: Hashable {
    var lower: Endpoint
    var upper: Endpoint
    var vlan: VLANTags

    init(_ first: Endpoint, _ second: Endpoint, _ vlan: VLANTags) {
        lower = min(first, second)
        upper = max(first, second)
        self.vlan = vlan.identifiersOnly
    }
}

/// The connections followed, within a limit.
struct ConnectionTable {
    private var places: [ConnectionKey: Int] = [:]
    private var connections: [Connection?] = []
    private var free: [Int] = []
    private let limit: Int
    private let seed: UInt64
    /// Connections found to be nothing of ours, by hash: one that is forgotten is looked at anew.
    private var ignored: [UInt64] = []
    private static let ignoredCells = 1 << 14
    /// Sessions of tunnels, which have two connections, by cookie.
    var tunnels: [String: ObservedSession] = [:]
    /// Connections made to leave for others.
    private(set) var evictions: UInt64 = 0

    init(limit: Int, seed: UInt64) {
        self.limit = max(1, limit)
        self.seed = seed
    }

    func place(of key: ConnectionKey) -> Int? { places[key] }

    func isIgnored(_ key: ConnectionKey) -> Bool {
        let (hash, cell) = ignoredCell(key)
        return !ignored.isEmpty && ignored[cell] == hash
    }

    /// The key's hash, which unlike `hashValue` is the same in every run, and its cell.
    private func ignoredCell(_ key: ConnectionKey) -> (hash: UInt64, cell: Int) {
        let hash = StreamKey(source: key.lower, destination: key.upper, ssrc: 0, vlan: key.vlan)
            .hash(seed: seed)
        return (hash, Int(truncatingIfNeeded: hash) & (ConnectionTable.ignoredCells - 1))
    }

    /// Takes a connection out to work on it; it is to be put back.
    mutating func take(_ place: Int) -> Connection? {
        let connection = connections[place]
        connections[place] = nil
        return connection
    }

    mutating func put(_ connection: Connection, at place: Int) { connections[place] = connection }

    /// Makes room for a connection; the place, and the one silent longest if it had to go.
    mutating func insert(_ connection: Connection) -> (place: Int, evicted: Connection?) {
        var evicted: Connection?
        if places.count >= limit {
            let silent = connections.indices.min {
                (connections[$0]?.lastSeen ?? .max) < (connections[$1]?.lastSeen ?? .max)
            }
            if let silent, let victim = connections[silent] {
                evicted = victim
                remove(silent, key: victim.key)
                evictions += 1
            }
        }
        let place: Int
        if let reused = free.popLast() {
            place = reused
        } else {
            place = connections.count
            connections.append(nil)
        }
        places[connection.key] = place
        connections[place] = connection
        return (place, evicted)
    }

    /// Forgets a connection that is nothing of ours.
    mutating func ignore(_ place: Int, key: ConnectionKey) {
        let (hash, cell) = ignoredCell(key)
        // Made when first needed: most captures hold no such connection.
        if ignored.isEmpty { ignored = Array(repeating: 0, count: ConnectionTable.ignoredCells) }
        ignored[cell] = hash
        remove(place, key: key)
    }

    /// Looks at an ignored connection anew: it began again.
    mutating func reconsider(_ key: ConnectionKey) {
        let (hash, cell) = ignoredCell(key)
        if !ignored.isEmpty, ignored[cell] == hash { ignored[cell] = 0 }
    }

    private mutating func remove(_ place: Int, key: ConnectionKey) {
        places[key] = nil
        connections[place] = nil
        free.append(place)
    }

    /// All places in use.
    var all: [Int] { connections.indices.filter { connections[$0] != nil } }
}
