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
    /// When something of the connection arrived last, ns.
    var lastSegment: Int64 = 0
    /// Resolutions seen after the first: a camera that was reconfigured.
    var resolutionChanges: UInt64 = 0
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

    /// The details of a stream, if it has any.
    mutating func knownDetails(_ index: Int) -> StreamDetails? {
        let place = withStream(index) { $1.details }
        return place >= 0 ? details[Int(place)] : nil
    }

    /// Moves the count of the present DSCP to the details and begins another's.
    ///
    /// With `Arrival.dscpCounted` set, nothing is counted.
    mutating func changeDSCP(_ index: Int, to dscp: UInt8) {
        guard dscp & Arrival.dscpCounted == 0 else { return }
        let count = withStream(index) { stream, _ in
            let count = DSCPCount(dscp: stream.dscp, packets: UInt64(stream.dscpPackets))
            stream.dscp = dscp
            stream.dscpPackets = 1
            return count
        }
        withDetails(index) { add(count, to: &$0.dscpPackets) }
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
