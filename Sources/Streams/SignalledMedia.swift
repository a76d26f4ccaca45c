// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import RTP
import Timekeeping

/// One medium that signalling announced: what will come, and how to read it.
struct SignalledMedium {
    /// What one payload type means.
    struct Format {
        var payloadType: UInt8
        /// As Kuzet names codecs: the encoding's name in lower case where it reads none.
        var name: String
        var codec: Codec
        var clockRate: MediaClock.Rate?
    }

    var url: String?
    var kind: MediaKind?
    var formats: [Format] = []
    var width = 0
    var height = 0
    var isEncrypted = false
    /// Declared bits a second (`b=AS`, `b=TIAS`); 0 if none.
    var bitsPerSecond = 0.0

    func format(payloadType: UInt8) -> Format? {
        formats.first { $0.payloadType == payloadType }
    }
}

/// The media that signalling announced, found by where their packets go.
struct SignalledMedia {
    /// Where session announcements are sent (RFC 2974 section 3).
    static let sapPort: UInt16 = 9875
    /// Media kept: more than streams that one vantage is meant for, about 250 bytes each.
    static let limit = 262_144

    private struct Place {
        var medium: Int32
        /// Who sends, where signalling told; any sender otherwise.
        var source: IPAddress?
        var sourcePort: UInt16?
    }

    private var media: [SignalledMedium] = []
    /// Places in `media` that may be given again.
    private var vacant: [Int] = []
    /// Whether each was announced since `keep` was last called.
    private(set) var isNew: [Bool] = []
    private var places: [Endpoint: [Place]] = [:]
    /// Media by the two hosts between which they were agreed.
    private var betweenHosts: [Hosts: [Int32]] = [:]

    /// What a payload type of one sender means, whoever receives: the medium made for it, or -1
    /// if its sessions disagree.
    ///
    /// Told of streams whose own signalling was not seen.
    private var meanings: [Meaning: Int32] = [:]

    private struct Meaning: Hashable {
        var source: IPAddress
        var payloadType: UInt8
    }

    private struct Hosts: Hashable {
        var source: IPAddress
        var destination: IPAddress
    }
    /// Media kept for one pair of hosts: a recorder that pulls more from one server can be told
    /// apart by ports alone.
    private static let hostsLimit = 64

    /// Media announced beyond the limit.
    private(set) var refusals: UInt64 = 0

    /// How often something was announced; changes whenever a lookup might answer otherwise.
    private(set) var count = 0

    subscript(index: Int) -> SignalledMedium { media[index] }

    /// Keeps a medium; its index, or nil at the limit.
    mutating func add(_ medium: SignalledMedium) -> Int? {
        if let place = vacant.popLast() {
            media[place] = medium
            isNew[place] = true
            return place
        }
        guard media.count < SignalledMedia.limit else {
            refusals += 1
            return nil
        }
        media.append(medium)
        isNew.append(true)
        return media.count - 1
    }

    /// Forgets the media that `isNeeded` is false for, and what leads to them.
    ///
    /// What remains keeps its index.
    mutating func keep(_ isNeeded: (Int) -> Bool) {
        var isKept = [Bool](repeating: false, count: media.count)
        for index in media.indices { isKept[index] = isNeeded(index) }
        places = places.compactMapValues { places in
            let rest = places.filter { isKept[Int($0.medium)] }
            return rest.isEmpty ? nil : rest
        }
        betweenHosts = betweenHosts.compactMapValues { agreed in
            let rest = agreed.filter { isKept[Int($0)] }
            return rest.isEmpty ? nil : rest
        }
        // Disagreement is forgotten too: it may have ended.
        meanings = meanings.filter { $0.value >= 0 && isKept[Int($0.value)] }
        vacant = isKept.indices.filter { !isKept[$0] }
        for place in vacant { media[place] = SignalledMedium() }
        for place in isNew.indices { isNew[place] = false }
    }

    /// Announces where a medium's packets will go.
    ///
    /// The same place announced again means the newer medium.
    mutating func announce(
        _ medium: Int, at destination: Endpoint, source: IPAddress?, sourcePort: UInt16?
    ) {
        var known = places[destination] ?? []
        known.removeAll { $0.source == source && $0.sourcePort == sourcePort }
        // A place can be announced by as many senders as share a group; eight are kept.
        if known.count >= 8 { known.removeFirst() }
        known.append(Place(medium: Int32(medium), source: source, sourcePort: sourcePort))
        places[destination] = known
        count += 1
        guard let source else { return }
        let hosts = Hosts(source: source, destination: destination.address)
        var agreed = betweenHosts[hosts] ?? []
        if agreed.count >= SignalledMedia.hostsLimit { agreed.removeFirst() }
        agreed.append(Int32(medium))
        betweenHosts[hosts] = agreed
        for format in media[medium].formats { learn(format, from: source) }
    }

    /// Notes what a payload type means to a sender.
    private mutating func learn(_ format: SignalledMedium.Format, from source: IPAddress) {
        let meaning = Meaning(source: source, payloadType: format.payloadType)
        if let known = meanings[meaning] {
            guard known >= 0, let other = media[Int(known)].formats.first else { return }
            if other.name != format.name || other.clockRate != format.clockRate {
                meanings[meaning] = -1
            }
            return
        }
        // The format alone: which of the sender's presentations it is, nobody said.
        var medium = SignalledMedium()
        medium.formats = [format]
        if let index = add(medium) { meanings[meaning] = Int32(index) }
    }

    /// Media that are held, vacated places included.
    var placeCount: Int { media.count }

    /// Whether anything was announced to arrive there.
    func isAwaited(at destination: Endpoint) -> Bool { places[destination] != nil }

    /// The medium that a stream of RTP or MPEG-TS in UDP carries, if it was announced: by where it
    /// goes, or else, as address translators and relays change ports, by its payload type, if
    /// only one medium between the two hosts has that; or else by what that payload type
    /// means in all other sessions of the sender.
    func find(for key: StreamKey, payloadType: UInt8) -> Int? {
        guard !places.isEmpty, key.carriage == .rtpUDP || key.carriage == .tsUDP else {
            return nil
        }
        guard let known = places[key.destination] else {
            let hosts = Hosts(
                source: key.source.address, destination: key.destination.address)
            let fitting = (betweenHosts[hosts] ?? []).filter {
                media[Int($0)].format(payloadType: payloadType) != nil
            }
            if fitting.count == 1 { return Int(fitting[0]) }
            let meaning = Meaning(source: key.source.address, payloadType: payloadType)
            return meanings[meaning].flatMap { $0 >= 0 ? Int($0) : nil }
        }
        let fitting = known.last {
            ($0.source == nil || $0.source == key.source.address)
                && ($0.sourcePort == nil || $0.sourcePort == key.source.port)
        }
        // Behind an address translator the port is another than the one announced.
        let sameHost = known.last { $0.source == key.source.address }
        return (fitting ?? sameHost).map { Int($0.medium) }
    }
}

/// Ties streams to the media that signalling announced.
extension Tracker {
    /// Applies a medium, or what is assumed without one, to a stream.
    mutating func bind(_ index: Int, to medium: Int?) {
        let signalled = medium.flatMap { $0 >= 0 ? media[$0] : nil }
        let needsGuess = withStream(index) { stream, totals -> Bool in
            totals.medium = Int32(medium ?? -1)
            guard stream.key.carriage.isRTP else { return false }
            let format = signalled?.format(payloadType: stream.signature.payloadType)
            let known = StaticPayloadType(stream.signature.payloadType)
            let rate = format?.clockRate ?? known?.clockRate
            stream.setClock(rate ?? .video, isAssumed: rate == nil, &totals)
            if let format {
                stream.codec = format.codec
            } else if let known {
                stream.codec = Codec(named: known.codecName)
            } else {
                stream.codec = .unknown
            }
            if let signalled {
                if signalled.isEncrypted { stream.flags.insert(.encrypted) }
                if totals.width == 0, let width = UInt16(exactly: signalled.width),
                    let height = UInt16(exactly: signalled.height)
                {
                    totals.width = width
                    totals.height = height
                }
            }
            return stream.codec == .unknown && !stream.flags.contains(.encrypted)
        }
        let isTransportStream = withStream(index) { stream, _ in stream.codec == .mp2t }
        if isTransportStream { meterTransportStream(index) }
        withStream(index) { stream, _ in
            if needsGuess {
                stream.flags.insert(.guessing)
            } else {
                stream.flags.remove(.guessing)
            }
        }
        if let rate = signalled?.bitsPerSecond, rate > 0 {
            withDetails(index) {
                $0.delivery = $0.delivery ?? DeliveryIndexMeter(bitsPerSecond: rate)
            }
            withStream(index) { stream, _ in _ = stream.flags.insert(.delivery) }
        }
        withStream(index) { stream, _ in
            stream.renewInspections()
            stream.lookAgain()
        }
    }

    /// Looks again for the media of streams that have none.
    mutating func bindAll() {
        bindingsKnown = media.count
        for index in 0..<store.count {
            let unbound: (StreamKey, UInt8)? = withStream(index) { stream, totals in
                stream.flags.contains(.vacant) || totals.medium >= 0
                    ? nil : (stream.key, stream.signature.payloadType)
            }
            if let (key, payloadType) = unbound,
                let medium = media.find(for: key, payloadType: payloadType)
            {
                bind(index, to: medium)
            }
        }
    }
}

extension Codec {
    /// The codec that Kuzet reads under this name, or `other`.
    init(named name: String) {
        self =
            switch name {
            case "h264": .h264
            case "h265": .h265
            case "mjpeg": .mjpeg
            case "mpeg4": .mpeg4
            case "mxpeg": .mxpeg
            case "mp2t": .mp2t
            default: .other
            }
    }
}

extension StaticPayloadType {
    /// The codec as Kuzet names it.
    var codecName: String { format?.rawValue ?? name.lowercased() }
}

extension MediaKind {
    init(_ kind: StaticPayloadType.Kind) {
        switch kind {
        case .audio: self = .audio
        case .video, .audioAndVideo: self = .video
        }
    }
}
