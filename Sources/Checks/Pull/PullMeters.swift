// SPDX-License-Identifier: Apache-2.0
public import Measurements
public import Packets
public import Streams
public import Timekeeping

/// Measures what pulls yield, with the meters of the wire: one tracker for each pull.
///
/// A tracker of its own keeps what is known of one camera from what others send, and drops of
/// one pull's sockets from the figures of another. It takes about 0.1 MB.
public final class PullMeters: PullSink {
    /// Streams of one pull: media, and what a camera sends by mistake.
    public static let streamLimit = 64

    /// Told of every stream of a pull when an interval closes.
    public var intervalClosed: ((PullID, StreamReport) -> Void)?
    /// Told of every change of a pull.
    public var stateChanged: ((PullID, PullState) -> Void)?

    private let intervalNanoseconds: Int64
    private var meters: [PullID: PullMeter] = [:]

    /// How long packets may wait between the kernel and here, ns: intervals close that much
    /// later than they end.
    public static let settling: Int64 = 200_000_000

    /// Makes meters of intervals of that length.
    public init(intervalNanoseconds: Int64 = 10_000_000_000) {
        self.intervalNanoseconds = intervalNanoseconds
    }

    /// Takes packets of a pull.
    public func received(_ pull: PullID, window: Span<UInt8>, records: Span<CapturedRecord>) {
        meter(of: pull).tracker.receive(window: window, records: records)
    }

    /// Takes note of drops.
    public func dropped(_ pull: PullID, datagrams: UInt64) {
        meter(of: pull).tracker.probeDropped(datagrams)
    }

    /// Takes note of a change; a pull that ends closes its last interval first.
    public func changed(_ pull: PullID, to state: PullState) {
        if case .ended = state { meters[pull]?.tracker.finish() }
        stateChanged?(pull, state)
    }

    /// Closes intervals that are over at the wall clock's `now`, packets or not; to be called
    /// about once a second.
    public func advance(to now: Instant) {
        let settled = now.advanced(byNanoseconds: -PullMeters.settling)
        for meter in meters.values {
            // What was not told of is unknown: that nothing was dropped must be told too.
            meter.tracker.probeDropped(0)
            meter.tracker.advance(to: settled)
        }
    }

    /// Shows when the last frame of each stream of video that is pulled came, or its last packet
    /// where frames cannot be told apart.
    public func visitArrivals(_ visit: (PullID, Instant) -> Void) {
        for (pull, meter) in meters {
            for stream in 0..<meter.tracker.streamCount {
                guard let last = meter.tracker.lastArrivals(stream: stream),
                    meter.isVideo(stream)
                else { continue }
                visit(pull, last.frame ?? last.packet)
            }
        }
    }

    /// What is known of each stream of a pull so far.
    public func reports(of pull: PullID) -> [StreamReport] {
        guard let meter = meters[pull] else { return [] }
        return (0..<meter.tracker.streamCount).compactMap { meter.tracker.report(stream: $0) }
    }

    /// Faults in what a pull received.
    public func faults(of pull: PullID) -> [FaultCount] { meters[pull]?.tracker.faults ?? [] }

    /// Forgets a pull that is over.
    public func forget(_ pull: PullID) { meters[pull] = nil }

    private func meter(of pull: PullID) -> PullMeter {
        if let meter = meters[pull] { return meter }
        var configuration = Tracker.Configuration()
        configuration.streamLimit = PullMeters.streamLimit
        configuration.connectionLimit = 4
        configuration.intervalNanoseconds = intervalNanoseconds
        let meter = PullMeter(configuration)
        if intervalClosed != nil {
            meter.tracker.observeIntervals { [weak self] _, report in
                self?.intervalClosed?(pull, report)
            }
        }
        meter.tracker.probeDropped(0)
        meters[pull] = meter
        return meter
    }
}

/// A tracker that can be kept in a table.
private final class PullMeter {
    var tracker: Tracker
    private var videos: [Int: Bool] = [:]

    init(_ configuration: Tracker.Configuration) { tracker = Tracker(configuration) }

    func isVideo(_ stream: Int) -> Bool {
        if let known = videos[stream] { return known }
        guard let report = tracker.report(stream: stream) else { return false }
        let isVideo = report.isVideo
        if report.medium.kind != .other { videos[stream] = isVideo }
        return isVideo
    }
}

extension StreamReport {
    /// Whether it is of pictures.
    public var isVideo: Bool {
        medium.kind == .video || identity.transport == .httpMultipart
    }
}
