// SPDX-License-Identifier: Apache-2.0
import Measurements
import RTP
import TransportStream

/// What only some streams have: kept apart, so that the others do not pay for it.
struct StreamDetails {
    var senderClock: SenderClock?
    var canonicalName: String?
    /// Counts of DSCP values before the present one.
    var dscpPackets: [DSCPCount] = []
    var reception: [ReceptionReportedLoss] = []
    /// Times the sender said goodbye.
    var goodbyes: UInt64 = 0
    /// Index into the transport stream meters, or -1.
    var transportStream: Int32 = -1
    var delivery: DeliveryIndexMeter?
    /// Codec by signalling, where it is not one of those read.
    var codecName: String?
    /// Connection that carries the stream, by its place in the table, and what it counted.
    var tcp: TCPReport?
    /// Arrival of the first frame, where it is not that of the first packet, ns.
    var firstFrame: Int64?
    /// Counts that few streams have.
    var rare = RareCounts()
    /// Resolutions seen after the first: a camera that was reconfigured.
    var resolutionChanges: UInt64 = 0
}

/// Counts of what few streams meet.
struct RareCounts {
    /// Packets that were several on the wire.
    var joinedPackets: UInt64 = 0
    /// Octets of packets whose number had arrived before, IP header included.
    var duplicateOctets: UInt64 = 0
    /// When the receiver ended its session, ns; 0 while it did not.
    var releasedAt: Int64 = 0
}

extension Tracker {
    /// Receivers whose reports are kept for one stream; more hear a multicast, and the first
    /// ones stand for them.
    static let receptionLimit = 16
    /// DSCP values are 64; a stream that shows all of them is still bounded.
    static let dscpLimit = 64

    /// Changes the details of a stream, making them if need be.
    mutating func withDetails<Result>(
        _ index: Int, _ body: (inout StreamDetails) -> Result
    ) -> Result {
        let place = detailsPlace(index)
        return body(&details[place])
    }

    private mutating func detailsPlace(_ index: Int) -> Int {
        let known = withStream(index) { $1.details }
        if known >= 0 { return Int(known) }
        let place: Int
        if let vacated = vacantDetails.popLast() {
            place = vacated
        } else {
            place = details.count
            details.append(StreamDetails())
        }
        withStream(index) { $1.details = Int32(place) }
        return place
    }

    /// What the stream met of what few meet.
    mutating func rareCounts(_ index: Int) -> RareCounts {
        let place = withStream(index) { $1.details }
        return place >= 0 ? details[Int(place)].rare : RareCounts()
    }

    /// Notes the octets of duplicates; called when they are counted.
    mutating func noteDuplicate(_ index: Int, octets: UInt32) {
        withDetails(index) { $0.rare.duplicateOctets &+= UInt64(octets) }
    }

    /// The details of a stream, if it has any.
    mutating func knownDetails(_ index: Int) -> StreamDetails? {
        let place = withStream(index) { $1.details }
        return place >= 0 ? details[Int(place)] : nil
    }

    /// Takes a packet whose signature is not the stream's; called when the packet is counted.
    mutating func changeSignature(_ index: Int, _ arrival: Arrival) {
        let seen = arrival.signature
        let ended = withStream(index) { stream, totals -> DSCPCount? in
            totals.ttlLeast = min(totals.ttlLeast, seen.ttl)
            totals.ttlGreatest = max(totals.ttlGreatest, seen.ttl)
            stream.signature.ttl = seen.ttl
            guard stream.signature.dscp != seen.dscp else { return nil }
            var count = stream.dscpCount(totals)
            // The packet at hand is the first of the other code point.
            count.packets -= min(count.packets, 1)
            stream.signature.dscp = seen.dscp
            totals.dscpSince = stream.received - 1
            return count
        }
        if let ended { withDetails(index) { add(ended, to: &$0.dscpPackets) } }
        let isStrange = withStream(index) { stream, _ in
            stream.key.carriage.isRTP && stream.signature.payloadType != seen.payloadType
        }
        if isStrange { receiveStrangePayloadType(index, seen.payloadType) }
    }

    /// Takes back the count of a packet's code point: the TCP segment it came in was counted with
    /// another packet, and code points are counted by segments, as the network sees them.
    mutating func uncountDSCP(_ index: Int) {
        withStream(index) { stream, totals in
            totals.dscpSince = min(totals.dscpSince + 1, stream.received)
        }
    }
}

extension HotStream {
    /// Packets of the present code point since it last changed.
    func dscpCount(_ totals: StreamTotals) -> DSCPCount {
        DSCPCount(
            dscp: signature.dscp, packets: received - min(received, totals.dscpSince))
    }
}

/// Adds a count to those of the same DSCP.
func add(_ count: DSCPCount, to counts: inout [DSCPCount]) {
    guard count.packets > 0 else { return }
    if let place = counts.firstIndex(where: { $0.dscp == count.dscp }) {
        counts[place].packets += count.packets
    } else if counts.count < Tracker.dscpLimit {
        counts.append(count)
    }
}
