// SPDX-License-Identifier: Apache-2.0
public import Measurements
import Packets
import RTP
public import Timekeeping
import TransportStream

/// Turns captured packets into streams and what was measured of each.
///
/// Feed it batches of records in order of capture, then `finish`, then ask for a report of every
/// stream. The same input gives the same answer, however it is cut into batches, live or from a
/// file. Memory is bounded by the configuration: about 500 bytes a stream, and fixed sums for
/// everything that is in flight (fragments, TCP segments, unproven streams).
public struct Tracker: ~Copyable {
    /// The limits and habits of a tracker.
    public struct Configuration: Sendable {
        /// Length of an interval, ns; 10 s, the unit of every later account.
        public var intervalNanoseconds: Int64 = 10_000_000_000
        /// Streams held at once; above it new ones are refused and counted.
        ///
        /// 262,144 take about 130 MB; a vantage that sees more cameras should be split.
        public var streamLimit = 262_144
        /// TCP connections followed at once; the one silent longest makes room.
        public var connectionLimit = 16_384
        /// Whether measurements of intervals are wanted.
        ///
        /// Costs about 180 bytes a stream.
        public var observesIntervals = false
        /// The longest IP packet that the network at the vantage carries; see `longestPacket`.
        public var longestPacket = NetworkPacket.longestOnWire
        /// Sets the hash apart from what a sender could guess.
        ///
        /// Results do not depend on it.
        public var seed: UInt64 = 0x6b75_7a65_7400_0001

        /// The defaults, sized for one vantage of a region: 50,000 cameras.
        public init() {}
    }

    var configuration: Configuration
    let seed: UInt64
    let batch = PassingBatch()
    var store: StreamStore
    /// Streams that stay in the second-level cache by themselves, which they share with what is
    /// read and with other programs: a quarter of 512 KiB.
    ///
    /// With more, what a new frame needs is asked for ahead.
    var fewStreams = 512
    /// Streams above which all memory of streams is asked for ahead.
    ///
    /// Up to here the two lines of a plain packet are mostly in the second-level cache, and one pass
    /// costs less than the wait.
    var manyStreams = 4096
    var windows = SequenceWindows()
    var details: [StreamDetails] = []
    var vacantDetails: [Int] = []
    var transportMeters: [TransportStreamMeter] = []
    var vacantTransportMeters: [Int] = []
    /// Guesses at the codecs of some streams; the others wait for their turn.
    var guesses = GuessShelf()
    var media = SignalledMedia()
    var announcements = AnnouncementsHeard()
    var earlyReports = EarlyReports()
    var flows = FlowSketch()
    var associations = AssociationTable()
    var connections: ConnectionTable
    var fragments = FragmentReassembler()
    var faultCounts = FaultCounter()

    var snapshots: [IntervalSnapshot] = []
    /// What is told of a stream when an interval closes: index and measurement.
    var intervalClosed: ((Int, StreamReport) -> Void)?
    var intervalStart = Int64.min
    /// Packets at or after this close the interval.
    var intervalEnd = Int64.min
    /// Packets before this, an interval and more back, begin another: the clock was set back.
    var intervalFloor = Int64.min
    /// Packets that the probe lost in the interval in progress; nil where nobody can say.
    var probeDrops: UInt64?
    var totalProbeDrops: UInt64?
    /// Streams known when signalled media were last looked up for all.
    var bindingsKnown = 0

    /// Makes a tracker that knows no stream.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        seed = configuration.seed
        store = StreamStore(limit: configuration.streamLimit, seed: configuration.seed)
        connections = ConnectionTable(limit: configuration.connectionLimit, seed: seed)
    }

    /// Streams known, unproven ones included; indices run below it.
    public var streamCount: Int { store.count }

    /// What was wrong with packets, by layer, kind and field.
    public var faults: [FaultCount] { faultCounts.counts }

    /// Asks to be told of every stream when an interval closes: its report, with the interval's
    /// measurement in place of the whole's.
    public mutating func observeIntervals(
        _ told: @escaping (_ stream: Int, StreamReport) -> Void
    ) {
        configuration.observesIntervals = true
        intervalClosed = told
    }

    /// Tells how many packets the probe lost since this was last told, in kernel or queues.
    ///
    /// A live capture tells it each second, a zero too; a file never. What is never told is
    /// unknown and not zero.
    public mutating func probeDropped(_ packets: UInt64) {
        probeDrops = (probeDrops ?? 0) + packets
        totalProbeDrops = (totalProbeDrops ?? 0) + packets
    }

    /// Tells that time has come to `instant` although no packet said so: closes intervals.
    public mutating func advance(to instant: Instant) {
        guard intervalEnd != .min, instant.nanoseconds >= intervalEnd else { return }
        closeInterval(before: instant.nanoseconds)
    }

    /// Tells that no packet follows: settles what was held back and closes the interval.
    public mutating func finish() {
        finishConnections()
        finishFragments()
        for index in 0..<store.count {
            settleSequence(index)
            endGuess(index)
        }
        guesses = GuessShelf()
        // No report of a receiver follows either.
        associations = AssociationTable()
        bindAll()
        if intervalEnd != .min { closeInterval(before: intervalEnd) }
        // Nothing can prove them any more.
        forgetUnproved(before: .max)
    }
}
