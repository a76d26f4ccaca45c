// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Packets
import RTP
import RTSP
import Timekeeping

/// The two ends of an RTSP session, by address.
struct SessionEnds {
    var client: IPAddress
    var server: IPAddress
}

/// Turns what RTSP, SDP and SAP say into media that streams are tied to.
extension Tracker {
    /// Takes a medium whose transport both sides agreed on; answers its index.
    mutating func receive(
        _ observed: ObservedMedium, of session: ObservedSession, between ends: SessionEnds
    ) -> Int? {
        let described = session.descriptions.last { $0.description.media.count > 0 }
        var medium = SignalledMedium(observed.description)
        // The presentation's URL names the camera; the medium's only its track.
        medium.url = (described?.url ?? observed.url)?.description
        medium.isEncrypted = medium.isEncrypted || observed.transport.isEncrypted
        guard let index = media.add(medium) else {
            faultCounts.refuse(.rtsp, "media", limit: SignalledMedia.limit)
            return nil
        }
        guard observed.transport.lowerTransport == .udp else { return index }
        let place = DeliveryPlace(observed, between: ends)
        if let place {
            media.announce(
                index, at: place.destination, source: place.source, sourcePort: place.sourcePort)
        }
        return index
    }

    /// Packets that were on their way when a session ended come within this time, ns (chosen).
    static let releaseTail: Int64 = 2_000_000_000

    /// Notes of the streams of `media` that their receiver wants no more of them.
    ///
    /// A camera that records into a server ends its own stream: that is no receiver's doing.
    mutating func release(
        _ media: [ObservedMedium], _ connection: Connection, at instant: Int64
    ) {
        let ends = connection.ends
        for medium in media where !medium.isRecorded {
            if medium.transport.lowerTransport == .udp {
                guard let place = DeliveryPlace(medium, between: ends) else { continue }
                release(at: instant) { key in
                    key.destination == place.destination
                        && (place.source == nil || place.source == key.source.address)
                }
            } else if let channel = medium.transport.interleaved?.first {
                let isTunnelled = connection.tunnelCookie != nil
                let client = connection.directions[connection.client ?? 0].sender
                release(at: instant) { key in
                    // The other half of a tunnel has another port; what goes on is not released.
                    key.channel == channel && key.source.address == ends.server
                        && (isTunnelled
                            ? key.carriage == .rtpTunnelled
                                && key.destination.address == ends.client
                            : key.destination == client)
                }
            }
        }
    }

    private mutating func release(at instant: Int64, _ isMeant: (StreamKey) -> Bool) {
        for index in 0..<store.count {
            let isHit = withStream(index) { stream, _ in
                !stream.flags.contains(.vacant) && isMeant(stream.key)
            }
            if isHit { withDetails(index) { $0.rare.releasedAt = instant } }
        }
    }

    /// Counts what was wrong with a message or a description, whether it could be read in spite of
    /// that or not.
    mutating func countFaults(of fact: SessionFact) {
        switch fact {
        case .described(let observed): countWarnings(of: observed.description)
        case .undescribed(_, let fault), .unusable(let fault): faultCounts.count(fault)
        default: break
        }
    }

    private mutating func countWarnings(of description: SessionDescription) {
        for warning in description.warnings { faultCounts.count(warning.fault) }
    }

    /// Takes a session announcement (RFC 2974).
    mutating func receiveAnnouncement(_ payload: Span<UInt8>, from sender: Endpoint) {
        do throws(ParseFault) {
            let announcement = try SessionAnnouncement(parsing: payload)
            guard !announcement.isDeletion, announcement.isDescription,
                !announcement.isEncrypted, !announcement.isCompressed
            else { return faultCounts.ignore(.sap, "announcement without description") }
            // Announced again every few minutes, the same each time.
            let session = UInt64(announcement.messageHash) ^ sender.address.low &<< 16
            switch announcements.insert(session, limit: SignalledMedia.limit) {
            case .new: break
            case .known: return
            case .refused:
                return faultCounts.refuse(.sap, "announcements", limit: SignalledMedia.limit)
            }
            let description = try SessionDescription(
                parsing: payload.extracting(announcement.payload))
            countWarnings(of: description)
            for described in description.media {
                let connection = described.connection ?? description.connection
                guard let connection, let address = IPAddress(connection.address) else {
                    continue
                }
                var medium = SignalledMedium(described)
                medium.isEncrypted = description.isEncrypted(described)
                guard let index = media.add(medium) else {
                    return faultCounts.refuse(.sap, "media", limit: SignalledMedia.limit)
                }
                media.announce(
                    index, at: Endpoint(address: address, port: described.port), source: nil,
                    sourcePort: nil)
            }
        } catch {
            faultCounts.count(error)
        }
    }
}

/// Where a medium's packets come from and go to.
private struct DeliveryPlace {
    var destination: Endpoint
    var source: IPAddress?
    var sourcePort: UInt16?

    init?(_ medium: ObservedMedium, between ends: SessionEnds) {
        let transport = medium.transport
        if transport.delivery == .multicast || medium.description?.connection?.isMulticast == true {
            let text = transport.destination ?? medium.description?.connection?.address
            let port = (transport.multicastPorts ?? transport.clientPorts)?.first
            guard let address = text.flatMap({ IPAddress($0) }), let port else { return nil }
            destination = Endpoint(address: address, port: port)
            source = nil
            sourcePort = nil
        } else if medium.isRecorded {
            guard let port = transport.serverPorts?.first else { return nil }
            destination = Endpoint(address: ends.server, port: port)
            source = ends.client
            sourcePort = transport.clientPorts?.first
        } else {
            guard let port = transport.clientPorts?.first else { return nil }
            let address = transport.destination.flatMap { IPAddress($0) } ?? ends.client
            destination = Endpoint(address: address, port: port)
            source = transport.source.flatMap { IPAddress($0) } ?? ends.server
            sourcePort = transport.serverPorts?.first
        }
    }
}

extension SignalledMedium {
    /// What a description says of one medium.
    init(_ described: MediaDescription?) {
        self.init()
        guard let described else { return }
        switch described.kind {
        case .video: kind = .video
        case .audio: kind = .audio
        default: kind = .other
        }
        isEncrypted = described.isEncrypted
        bitsPerSecond = Double(described.bandwidth ?? 0) * 1000
        formats = described.formats.filter { !$0.codec.isEmpty }.map {
            Format(
                payloadType: $0.payloadType, name: $0.codec, codec: Codec(named: $0.codec),
                clockRate: $0.clockRate)
        }
        for format in described.formats {
            let codec = Codec(named: format.codec)
            for set in format.parameterSets where width == 0 {
                guard let picture = PictureFormat(parameterSet: set.span, of: codec) else {
                    continue
                }
                width = picture.width
                height = picture.height
            }
        }
        if width == 0, let dimensions = described.dimensions {
            width = dimensions.width
            height = dimensions.height
        }
    }
}

extension PictureFormat {
    /// What one parameter set of signalling says, or nil if it is another kind or damaged.
    init?(parameterSet set: Span<UInt8>, of codec: Codec) {
        let known: PictureFormat? =
            switch codec {
            case .h264: try? H264SequenceParameters(set).format
            case .h265: try? H265SequenceParameters(set).format
            case .mpeg4: try? MPEG4VideoObjectLayer(set).format
            default: nil
            }
        guard let known else { return nil }
        self = known
    }

    /// What the first octets of a frame in a transport stream say: NAL units between start codes
    /// (ITU-T H.264 annex B), or MPEG-4's headers.
    init?(transportStreamHead head: Span<UInt8>, codec: String?) {
        guard let codec else { return nil }
        let kind = Codec(named: codec)
        if kind == .mpeg4 {
            self.init(parameterSet: head, of: kind)
            return
        }
        var start: Int?
        var place = 0
        while place + 3 <= head.count {
            guard head[place] == 0, head[place + 1] == 0, head[place + 2] == 1 else {
                place += 1
                continue
            }
            if let start, start < place,
                let found = PictureFormat(parameterSet: head.extracting(start..<place), of: kind)
            {
                self = found
                return
            }
            start = place + 3
            place += 3
        }
        guard let start, start < head.count else { return nil }
        self.init(parameterSet: head.extracting(start..<head.count), of: kind)
    }
}

/// Announcements heard, so that repetitions cost nothing.
struct AnnouncementsHeard {
    private var heard: Set<UInt64> = []

    /// What became of one.
    enum Outcome {
        /// Heard for the first time.
        case new
        /// Heard before.
        case known
        /// New, and as many as are kept had been heard.
        case refused
    }

    /// Notes one, unless that would be more than `limit`.
    mutating func insert(_ session: UInt64, limit: Int) -> Outcome {
        if heard.contains(session) { return .known }
        guard heard.count < limit else { return .refused }
        heard.insert(session)
        return .new
    }
}
