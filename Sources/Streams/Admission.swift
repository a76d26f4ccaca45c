// SPDX-License-Identifier: Apache-2.0
import Octets
import Packets
import RTP
import Timekeeping

/// Which datagrams are a stream: the ones that signalling announced, and the ones that go on as
/// RTP does (RFC 3550 appendix A.1).
extension Tracker {
    /// Packets in unbroken order that prove a stream which signalling announced: MIN_SEQUENTIAL
    /// of RFC 3550 appendix A.1.
    static let sequentialIfSignalled: UInt16 = 2
    /// The same without signalling.
    ///
    /// One random datagram in 65,536 goes on in order by chance,
    /// three times running one in 10¹⁴.
    static let sequentialOtherwise: UInt16 = 4
    /// The greatest step of timestamps between packets in order that is still sane: 2²⁴ ticks,
    /// three minutes at 90 kHz.
    ///
    /// A camera sends more often.
    static let sanestTimestampStep: UInt32 = 1 << 24

    /// Begins the stream of a packet that belongs to none, on probation.
    ///
    /// `medium` is what signalling said of the channel it came in, if it came in one.
    mutating func admit(_ arrival: Arrival, _ packet: Span<UInt8>, medium: Int? = nil) {
        let medium =
            medium ?? media.find(for: arrival.key, payloadType: arrival.signature.payloadType)
        if medium == nil {
            guard flows.admit(flow: arrival.key.ofFlow.hash(seed: seed)) else {
                return faultCounts.ignore(.rtp, "not in sequence")
            }
        }
        guard let index = begin(arrival) else {
            return faultCounts.refuse(.rtp, "streams", limit: configuration.streamLimit)
        }
        bind(index, to: medium)
        let start = arrival.payloadStart
        let payload = packet.extracting(start..<(start + Int(arrival.payloadCaptured)))
        attendToCodec(index, arrival, payload)
    }

    /// Takes a packet of a stream that needs more than its meter; called after the meter.
    mutating func attend(_ index: Int, _ arrival: Arrival, _ payload: Span<UInt8>) {
        let isOnProbation = withStream(index) { stream, _ in stream.flags.contains(.probation) }
        if isOnProbation { prove(index, arrival) }
        attendToCodec(index, arrival, payload)
        withStream(index) { stream, _ in stream.renewInspections() }
    }

    /// Counts packets in order until there are enough.
    private mutating func prove(_ index: Int, _ arrival: Arrival) {
        let isProved = withStream(index) { stream, totals in
            // The same packet twice tells nothing new: a mirror port may show each twice.
            guard arrival.sequenceNumber != totals.lastSequenceNumber else { return false }
            let step = MediaClock.ticks(from: totals.lastOfRun, to: arrival.timestamp)
            let follows =
                arrival.sequenceNumber == totals.lastSequenceNumber &+ 1
                && step.magnitude < Tracker.sanestTimestampStep
            totals.run = follows ? totals.run &+ 1 : 1
            totals.lastSequenceNumber = arrival.sequenceNumber
            totals.lastOfRun = arrival.timestamp
            let needed =
                totals.medium >= 0 ? Tracker.sequentialIfSignalled : Tracker.sequentialOtherwise
            guard totals.run >= needed else { return false }
            stream.flags.remove(.probation)
            stream.waitToGuess()
            totals.run = 0
            return true
        }
        if isProved { associate(index, arrival.key) }
    }

    /// Makes a proved stream findable for RTCP.
    mutating func associate(_ index: Int, _ key: StreamKey) {
        associations.insert(index, ssrc: key.ssrc, address: key.source.address)
        if key.destination.address.isMulticast {
            associations.insert(index, ssrc: key.ssrc, address: key.destination.address)
        }
        receiveEarlyReport(of: index, key)
    }

    /// Takes a packet whose payload type is not the stream's: eight in a row are a new choice of
    /// the sender, fewer are damage.
    mutating func receiveStrangePayloadType(_ index: Int, _ payloadType: UInt8) {
        let hasChanged = withStream(index) { stream, totals in
            guard !stream.flags.contains(.probation) else { return false }
            let received = UInt32(truncatingIfNeeded: stream.received)
            totals.run = totals.lastOfRun == received &- 1 ? totals.run &+ 1 : 1
            totals.lastOfRun = received
            guard totals.run >= 8 else { return false }
            stream.signature.payloadType = payloadType
            stream.codec = .unknown
            return true
        }
        if hasChanged { bind(index, to: withStream(index) { Int(exactly: $1.medium) }) }
    }

    /// Forgets the streams on probation that were silent since `instant`.
    mutating func forgetUnproved(before instant: Int64) {
        let seed = seed
        for index in 0..<store.count {
            let hash: UInt64? = withStream(index) { stream, _ in
                guard stream.flags.contains(.probation), !stream.flags.contains(.vacant),
                    stream.lastArrival < instant
                else { return nil }
                return stream.key.hash(seed: seed)
            }
            guard let hash else { continue }
            let packets = withStream(index) { stream, _ in stream.received }
            faultCounts.ignore(.rtp, "not in sequence", packets: packets)
            vacate(index, hash: hash)
        }
    }

    /// Takes a stream out of the table and gives back what it held.
    mutating func vacate(_ index: Int, hash: UInt64) {
        let slot = withStream(index) { $1.details }
        if slot >= 0 {
            let meter = Int(details[Int(slot)].transportStream)
            if meter >= 0 { vacateTransportMeter(meter) }
            details[Int(slot)] = StreamDetails()
            vacantDetails.append(Int(slot))
        }
        endGuess(index)
        if index < snapshots.count { snapshots[index] = IntervalSnapshot() }
        store.remove(index, hash: hash)
    }
}
