// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// What is true of one simulated stream: the figures that a measurement of it must find.
///
/// By the definitions of `docs/measurements.md`: what was lost before the first or after the last
/// packet that arrived cannot be seen, and is left out of `expected`.
public struct StreamTruth: Hashable, Sendable {
    /// `address:port`, an IPv6 address in brackets.
    public var source: String
    /// `address:port`, an IPv6 address in brackets.
    public var destination: String
    /// Synchronisation source (RFC 3550 section 3).
    public var ssrc: UInt32
    /// Outermost first.
    public var vlan: [UInt16]
    /// What the encoder was set to.
    public var format: VideoFormat
    /// The camera's clock less the true one, ns.
    public var clockOffsetNanoseconds: Int64

    /// Sequence numbers that the camera used.
    public var sent: UInt64 = 0
    /// Packets that arrived, copies included.
    public var received: UInt64 = 0
    /// Packets that arrived again.
    public var duplicate: UInt64 = 0
    /// First arrivals behind a later sequence number.
    public var late: UInt64 = 0
    /// Frames of which a packet arrived.
    public var frames: UInt64 = 0
    /// IP octets of the packets that arrived.
    public var internetOctets: UInt64 = 0
    /// RTP payload octets of the packets that arrived.
    public var payloadOctets: UInt64 = 0
    /// RTCP sender reports that arrived.
    public var senderReports: UInt64 = 0
    /// Gaps that stayed open.
    public var lossRuns: UInt64 = 0
    /// The longest of them, in packets.
    public var longestLossRun: UInt64 = 0
    /// Arrival of the first packet; nil if none came.
    public var firstPacket: Instant?
    /// Arrival of the last packet; nil if none came.
    public var lastPacket: Instant?

    /// Least and greatest sequence number that arrived, counted from 0 at the first sent.
    var lowest: UInt64 = .max
    var highest: UInt64 = 0
    /// Numbers of the first and the last frame of which a packet arrived.
    var firstFrame: Int?
    var lastFrame: Int?
    /// The gap at whose end the camera is now.
    var openLossRun: UInt64 = 0

    /// Distinct packets that arrived.
    public var unique: UInt64 { received - duplicate }
    /// Sequence numbers between the least and the greatest that arrived, both included.
    public var expected: UInt64 { received == 0 ? 0 : highest - lowest + 1 }
    /// Expected less unique.
    public var lost: UInt64 { expected - unique }
    /// Frames a second by the RTP timestamps; nil with fewer than two frames.
    public var frameRate: Double? {
        guard let firstFrame, let lastFrame, lastFrame > firstFrame else { return nil }
        let ticks = format.ticks(toFrame: lastFrame) - format.ticks(toFrame: firstFrame)
        return Double(frames - 1) * 90_000 / Double(ticks)
    }

    // MARK: Events

    /// A packet was sent and will never arrive.
    mutating func lostPacket() {
        sent += 1
        openLossRun += 1
    }

    /// A packet of frame `frame` was sent and arrives, now or later.
    mutating func sentPacket(frame: Int) {
        if sent > openLossRun, openLossRun > 0 {
            lossRuns += 1
            longestLossRun = max(longestLossRun, openLossRun)
        }
        openLossRun = 0
        sent += 1
        if lastFrame != frame {
            frames += 1
            lastFrame = frame
            if firstFrame == nil { firstFrame = frame }
        }
    }

    /// A packet arrived, as the number `index` that the camera sent.
    mutating func arrived(
        index: UInt64, isCopy: Bool, at time: Instant, internet: Int, payload: Int
    ) {
        if isCopy {
            duplicate += 1
        } else if received > 0, index < highest {
            late += 1
        }
        received += 1
        highest = max(highest, index)
        lowest = min(lowest, index)
        internetOctets += UInt64(internet)
        payloadOctets += UInt64(payload)
        if firstPacket == nil { firstPacket = time }
        lastPacket = time
    }

    // MARK: Text

    /// The truth as one JSON object on one line.
    public var json: String {
        let tags = vlan.map { String($0) }.joined(separator: ", ")
        let rate = frameRate.map { "\($0)" } ?? "null"
        var text = "{\"source\": \"\(source)\", \"destination\": \"\(destination)\""
        text += ", \"ssrc\": \(ssrc), \"vlan\": [\(tags)], \"codec\": \"\(format.codec.rawValue)\""
        text += ", \"width\": \(format.width), \"height\": \(format.height)"
        text += ", \"sent\": \(sent), \"received\": \(received), \"unique\": \(unique)"
        text += ", \"expected\": \(expected), \"lost\": \(lost), \"duplicate\": \(duplicate)"
        text += ", \"late\": \(late), \"loss_runs\": \(lossRuns)"
        text += ", \"longest_loss_run\": \(longestLossRun), \"frames\": \(frames)"
        text += ", \"frame_rate_hz\": \(rate), \"bytes_ip\": \(internetOctets)"
        text += ", \"bytes_payload\": \(payloadOctets), \"sender_reports\": \(senderReports)"
        text += ", \"clock_offset_ms\": \(Double(clockOffsetNanoseconds) / 1e6)"
        text += ", \"first_packet\": \(firstPacket.map { "\"\($0)\"" } ?? "null")"
        text += ", \"last_packet\": \(lastPacket.map { "\"\($0)\"" } ?? "null")}"
        return text
    }
}
