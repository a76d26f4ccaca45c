// SPDX-License-Identifier: Apache-2.0
import Octets

/// Tells the format of an unsignalled dynamic payload type from the payloads themselves.
///
/// A wrong name is worse than none. A format is named only if (1) nearly no packet contradicts
/// its rules, (2) something was seen that chance and other formats do not make: a parameter set
/// that can be read, whole chains of fragments, a row of picture headers where pictures begin,
/// image fragments that join, sync octets each 188, and (3) no other format qualifies too.
/// Encrypted payloads, audio and other codecs contradict within a few packets and stay
/// unrecognised.
///
/// Feed the packets of one stream and one payload type in order of arrival. Late and repeated
/// packets are skipped; after a gap nothing is concluded from what the lost packets would have
/// said. The state has a fixed size.
public struct PayloadGuess: Hashable, Sendable {
    /// What is known.
    public enum Verdict: Hashable, Sendable {
        /// More packets are needed.
        case undecided
        /// It is this format; final.
        case recognised(PayloadFormat)
        /// It is none of the formats that Kuzet reads, or cannot be told; final.
        case unrecognised
    }

    /// Fewer packets name nothing (chosen).
    public static let minPackets = 12
    /// After so many packets without name there is none: 10 s of a 4 Mbit/s camera, which has
    /// shown a key frame by then as a rule (chosen).
    public static let maxPackets = 4000
    /// When every format is contradicted by a quarter of so many packets there is no name either.
    public static let enoughToRefuse = 64
    /// Points that name a format; see `Score`.
    static let pointsNeeded = 12

    /// What is known so far.
    public private(set) var verdict = Verdict.undecided
    /// Packets taken in.
    public private(set) var packets = 0

    private var last: LastPacket?
    private var h264 = NALGuess(.h264)
    private var h265 = NALGuess(.h265)
    private var mpeg4 = MPEG4Guess()
    private var jpeg = JPEGGuess()
    private var transportStream = TransportStreamGuess()

    /// Makes a guess that knows nothing.
    public init() {}

    /// Takes in a packet: its header and `header.payload` of its octets.
    ///
    /// Empty payloads, and those of which the capture holds fewer than two octets, are skipped.
    @discardableResult
    public mutating func hear(_ header: RTPHeader, payload: Span<UInt8>) -> Verdict {
        guard header.isComplete else { return verdict }
        return hear(
            sequenceNumber: header.sequenceNumber, timestamp: header.timestamp,
            marker: header.marker, payload: payload, statedLength: header.contentLength)
    }

    /// Takes in a packet by the fields of its header; `payload` had `statedLength` octets before
    /// the capture cut it.
    @discardableResult
    public mutating func hear(
        sequenceNumber: UInt16, timestamp: UInt32, marker: Bool, payload: Span<UInt8>,
        statedLength: Int
    ) -> Verdict {
        guard verdict == .undecided, payload.count >= 2 else { return verdict }
        var place = PacketPlace()
        if let last {
            let step = Int16(truncatingIfNeeded: sequenceNumber &- last.sequenceNumber)
            guard step > 0 else { return verdict }
            place.isContiguous = step == 1
            place.isNewFrame = timestamp != last.timestamp
            place.followsMarker = last.marker
        }
        last = LastPacket(
            sequenceNumber: sequenceNumber, timestamp: timestamp, marker: marker)
        packets += 1
        let length = max(statedLength, payload.count)
        h264.hear(payload, length, place)
        h265.hear(payload, length, place)
        mpeg4.hear(payload, length, place)
        jpeg.hear(payload, length, place)
        transportStream.hear(payload, length)
        verdict = decide()
        return verdict
    }

    private func decide() -> Verdict {
        if packets >= Self.minPackets {
            var named: PayloadFormat?
            var count = 0
            func consider(_ format: PayloadFormat, _ score: Score, isStrong: Bool) {
                guard score.isGood(of: packets), isStrong else { return }
                named = format
                count += 1
            }
            consider(.h264, h264.score, isStrong: h264.isStrong)
            consider(.h265, h265.score, isStrong: h265.isStrong)
            consider(.mpeg4, mpeg4.score, isStrong: mpeg4.isStrong)
            consider(.jpeg, jpeg.score, isStrong: jpeg.isStrong)
            consider(.transportStream, transportStream.score, isStrong: true)
            if let named, count == 1 { return .recognised(named) }
        }
        if packets >= Self.maxPackets { return .unrecognised }
        guard packets >= Self.enoughToRefuse else { return .undecided }
        let fewest = min(
            min(h264.score.contradictions, h265.score.contradictions),
            min(mpeg4.score.contradictions, jpeg.score.contradictions),
            transportStream.score.contradictions)
        return fewest * 4 >= packets ? .unrecognised : .undecided
    }
}

/// What the packet before was.
private struct LastPacket: Hashable {
    var sequenceNumber: UInt16
    var timestamp: UInt32
    var marker: Bool
}

/// How a packet stands to the one before.
struct PacketPlace {
    /// Whether nothing is missing between.
    var isContiguous = false
    /// Whether its timestamp differs.
    var isNewFrame = false
    /// Whether the one before had the marker.
    var followsMarker = false

    /// Whether a frame surely begins here.
    var beginsFrame: Bool { isContiguous && isNewFrame }
}

/// For and against one format.
struct Score: Hashable {
    /// Things seen that fit and that chance makes once in ten times or less.
    var points = 0
    /// Packets that break the format's rules.
    var contradictions = 0

    /// Enough for, and against at most one packet in forty: broken packets happen.
    func isGood(of packets: Int) -> Bool {
        points >= PayloadGuess.pointsNeeded && contradictions * 40 <= packets
    }
}

/// For and against JPEG: fragments that join without gap, and pictures of one size.
private struct JPEGGuess: Hashable {
    var score = Score()
    private var joined = 0
    private var next: Int?
    private var kind: UInt32?

    var isStrong: Bool { joined >= 4 }

    mutating func hear(_ payload: Span<UInt8>, _ length: Int, _ place: PacketPlace) {
        guard payload.count >= 8, JPEGGuess.isSound(payload, length) else {
            next = nil
            score.contradictions += 1
            return
        }
        let offset = Int(payload.uint24(at: 1))
        // Type, Q, width and height stay the same within a frame, type and size always.
        let kind = payload.uint32(at: 4) & 0xff00_ffff
        let isKnownType = payload[4] & 0xbe == 0
        if !isKnownType || (self.kind ?? kind) != kind || (place.beginsFrame && offset != 0) {
            score.contradictions += 1
        } else if place.isContiguous, !place.isNewFrame, let next {
            if next == offset {
                joined += 1
                score.points += 2
            } else {
                score.contradictions += 1
            }
        } else if place.beginsFrame {
            score.points += 1
        }
        self.kind = kind
        next = JPEGGuess.end(of: payload, offset, length)
    }

    /// Whether nothing is wrong with the headers; at least eight octets are there.
    ///
    /// Only what follows the main header takes a reading in full.
    private static func isSound(_ payload: Span<UInt8>, _ length: Int) -> Bool {
        let hasTables = payload[5] >= 128 && payload.uint24(at: 1) == 0
        let hasRestart = (64...127).contains(payload[4])
        if payload[5] == 0 { return false }
        if !hasTables && !hasRestart { return true }
        return PayloadReading.jpeg(payload, statedLength: length).fault == nil
    }

    /// Where the fragment behind this one belongs; nil if that cannot be told.
    private static func end(of payload: Span<UInt8>, _ offset: Int, _ length: Int) -> Int? {
        var header = (64...127).contains(payload[4]) ? 12 : 8
        if payload[5] >= 128, offset == 0 {
            guard header + 4 <= payload.count else { return nil }
            header += 4 + Int(payload.uint16(at: header + 2))
        }
        return offset + length - header
    }
}

/// For and against MPEG-4 Visual: start codes exactly where pictures begin.
private struct MPEG4Guess: Hashable {
    var score = Score()
    private var pictures = 0
    private var hasLayer = false

    var isStrong: Bool { pictures >= 5 && (hasLayer || pictures >= 12) }

    mutating func hear(_ payload: Span<UInt8>, _ length: Int, _ place: PacketPlace) {
        guard place.beginsFrame else { return }
        guard payload.count >= 5, payload.uint24(at: 0) == 1 else {
            score.contradictions += 1
            return
        }
        switch payload[3] {
        case 0xb6:
            pictures += 1
            score.points += 2
        case 0xb0, 0xb3, 0xb5, 0x00...0x2f:
            let reading = PayloadReading.mpeg4(payload, statedLength: length)
            if reading.sequenceParameters != nil {
                guard (try? reading.format(in: payload)) != nil else {
                    if length == payload.count { score.contradictions += 1 }
                    return
                }
                hasLayer = true
            }
            pictures += 1
            score.points += 2
        default: score.contradictions += 1
        }
    }
}

/// For and against MPEG transport streams (RFC 2250 section 2): 188 octets, the first 0x47.
private struct TransportStreamGuess: Hashable {
    var score = Score()

    mutating func hear(_ payload: Span<UInt8>, _ length: Int) {
        guard length % 188 == 0 else {
            score.contradictions += 1
            return
        }
        for place in stride(from: 0, to: payload.count, by: 188) where payload[place] != 0x47 {
            score.contradictions += 1
            return
        }
        score.points += 2
    }
}
