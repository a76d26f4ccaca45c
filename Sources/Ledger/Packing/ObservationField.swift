// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// The numbers that an observation is kept as, each a column of an hour's block.
///
/// Many are what is left after a guess from others, so that the usual case is zero; sums wrap, so
/// that every value of every type comes back. Order is part of the layout.
enum ObservationField: Int, CaseIterable {
    /// Length of the range, ns.
    case length
    case received, duplicate
    /// Received less duplicate less unique.
    case ununique
    /// Expected less unique.
    case lost
    case late
    /// Less 1 if anything was lost.
    case lossRuns
    /// Less all that was lost.
    case longestLossRun
    case restarts, outliers
    case ipOctets
    /// IP octets less payload octets.
    case overhead
    case frames
    /// First frame after the start, steps.
    case firstArrival
    /// Last frame before the end, steps.
    case lastArrival
    /// Steps.
    case largestGap
    case freezes
    /// Steps.
    case frozen
    case keyFrames
    /// Steps.
    case keyFrameIntervalSum
    case keyFrameIntervals
    /// Media time less frames times the nominal step, ticks.
    case mediaSpan
    case nominalStep
    /// ns.
    case jitterSum
    /// Received less values summed.
    case jitterCount
    /// Steps.
    case jitterMax
    /// ns.
    case frameJitterSum
    /// Frames less values summed.
    case frameJitterCount
    /// Steps.
    case frameJitterMax
    case probeDrops, cutPackets, beyondWindow
    /// First frame after first packet, steps; without a frame: first packet after the start.
    case firstPacket
    /// Last packet after last frame, steps; without a frame: last packet before the end.
    case lastPacket
    case width, height
    /// The codec's place in the list that goes with the numbers, counted from 1; 0 for none.
    case codec
    /// The transport's place in `Transport.kept`.
    case transport
    /// Steps.
    case clockOffset
    /// Steps, rounded up.
    case clockUncertainty
    case dscp
    /// VLAN tags, twelve bits each behind how many there are.
    case vlan
    /// Which of the optional values are present, and encryption.
    case flags
    case evidence
    // Since layout 2.
    /// IP octets of duplicates.
    case duplicateOctets
    case joinedPackets

    /// How many numbers an observation is.
    static let count = allCases.count
    /// How many of them, from the first, blocks of layout 1 have; the others are 0 there.
    static let countOfFirstLayout = duplicateOctets.rawValue
}

/// Bits of `ObservationField.flags`.
enum ObservationFlag {
    static let firstPacket: Int64 = 1
    static let lastPacket: Int64 = 2
    static let firstArrival: Int64 = 4
    static let lastArrival: Int64 = 8
    static let probeDrops: Int64 = 16
    static let picture: Int64 = 32
    static let clock: Int64 = 64
    static let dscp: Int64 = 128
    static let encrypted: Int64 = 256
    static let released: Int64 = 512
}

extension Transport {
    /// The transports in the order in which the ledger numbers them; only ever appended to.
    static let kept: [Transport] = [
        .rtpUDP, .rtpRTSPTCP, .rtpRTSPHTTP, .tsUDP, .tsRTP, .tsRTSPTCP, .httpMultipart,
        .rtspsTCP,
    ]

    /// Its number in the ledger.
    var keptNumber: Int64 {
        switch self {
        case .rtpUDP: 0
        case .rtpRTSPTCP: 1
        case .rtpRTSPHTTP: 2
        case .tsUDP: 3
        case .tsRTP: 4
        case .tsRTSPTCP: 5
        case .httpMultipart: 6
        case .rtspsTCP: 7
        }
    }
}
