// SPDX-License-Identifier: Apache-2.0
public import Measurements
import Timekeeping

/// One measurement of a simulated history, as a probe delivers it.
public struct HistoryRecord: Hashable, Sendable {
    /// The camera's number.
    public var camera: Int
    /// The probe's running number: the record's identity together with the probe.
    public var sequence: UInt64
    /// What was measured.
    public var observation: Observation
}

/// What a probe delivers at one go.
public struct HistoryBatch: Sendable {
    /// The probe's number.
    public var probe: Int
    /// The day of the history that was measured.
    public var day: Int
    /// Whether the same batch was delivered before.
    public var isRepeat: Bool
    /// The measurements, camera after camera, each in order of time.
    public var records: [HistoryRecord]
}

/// A simulated history in the order of its delivery: days in turn, what an uplink held back after
/// them and the other way round, and one batch in fifty twice.
///
/// Where nothing happens, six hours are one merged measurement; within two minutes of every change,
/// and all through heavy loss, measurements are of 10 s.
public struct HistoryFeed {
    private let plan: HistoryPlan
    private let streams: [HistoryStream]
    private let dense: [TimeRangeSet]
    private var sequences: [UInt64]
    private var waiting: [HistoryBatch] = []
    private var heldBack: [[HistoryBatch]]
    private var day = 0
    private var random: SplitMix64

    static let interval: Int64 = 10_000_000_000
    private static let day: Int64 = 86_400_000_000_000
    private static let quiet: Int64 = 6 * 3_600_000_000_000
    private static let minute: Int64 = 60_000_000_000

    /// Prepares the feed of a plan.
    public init(_ plan: HistoryPlan) {
        self.plan = plan
        streams = (0..<plan.options.cameras).map { HistoryStream(plan: plan, camera: $0) }
        sequences = Array(repeating: 0, count: plan.layout.probes)
        heldBack = Array(repeating: [], count: plan.layout.probes)
        random = SplitMix64(seed: plan.options.seed, party: 0x6_0000_0000)
        var dense: [TimeRangeSet] = []
        for camera in 0..<plan.options.cameras {
            dense.append(HistoryFeed.denseTime(plan, streams[camera], camera))
        }
        self.dense = dense
    }

    /// Days that the history lasts, the last one perhaps not whole.
    public var days: Int {
        Int((plan.options.range.nanoseconds + HistoryFeed.day - 1) / HistoryFeed.day)
    }

    /// The next delivery, or nil after the last.
    public mutating func next() -> HistoryBatch? {
        while waiting.isEmpty, day < days {
            for probe in 0..<plan.layout.probes { deliver(probe) }
            day += 1
        }
        if waiting.isEmpty {
            // What was still held back when the history ended.
            for probe in heldBack.indices { release(probe) }
        }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    private mutating func deliver(_ probe: Int) {
        let batch = measure(probe, day: day)
        let isHeld = plan.backlogs[probe].contains { $0.days.contains(day) }
        if isHeld {
            heldBack[probe].append(batch)
        } else {
            send(batch)
        }
        let isOver = plan.backlogs[probe].contains { $0.days.upperBound - 1 + $0.delay == day }
        if isOver { release(probe) }
    }

    private mutating func release(_ probe: Int) {
        for batch in heldBack[probe].reversed() { send(batch) }
        heldBack[probe] = []
    }

    private mutating func send(_ batch: HistoryBatch) {
        waiting.append(batch)
        guard random.below(50) == 0 else { return }
        var again = batch
        again.isRepeat = true
        waiting.append(again)
    }

    /// What a probe measures of all its cameras in one day.
    private mutating func measure(_ probe: Int, day: Int) -> HistoryBatch {
        let start = plan.options.range.start.advanced(byNanoseconds: Int64(day) * HistoryFeed.day)
        let end = min(start.advanced(byNanoseconds: HistoryFeed.day), plan.options.range.end)
        let dark = TimeRangeSet(plan.darkness[probe])
        var records: [HistoryRecord] = []
        for camera in plan.layout.cameras(ofProbe: probe) {
            var position = start
            while position < end {
                let piece = piece(of: camera, from: position, to: end)
                position = piece.end
                let watched = TimeRangeSet(piece).subtracting(dark)
                for range in watched.ranges {
                    records.append(
                        HistoryRecord(
                            camera: camera, sequence: sequences[probe],
                            observation: observation(of: camera, over: range, dark)))
                    sequences[probe] += 1
                }
            }
        }
        return HistoryBatch(probe: probe, day: day, isRepeat: false, records: records)
    }

    /// The next stretch that one measurement covers.
    private func piece(of camera: Int, from start: Instant, to end: Instant) -> TimeRange {
        let dense = dense[camera]
        var stop = start.floored(toNanoseconds: HistoryFeed.quiet)
            .advanced(byNanoseconds: HistoryFeed.quiet)
        if dense.contains(start) {
            stop = start.advanced(byNanoseconds: HistoryFeed.interval)
        } else if let next = dense.ranges.first(where: { $0.start > start }) {
            stop = min(stop, next.start)
        }
        return TimeRange(start: start, end: min(stop, end))
            ?? TimeRange(start: start, nanoseconds: 0)
    }

    private func observation(
        of camera: Int, over range: TimeRange, _ dark: TimeRangeSet
    ) -> Observation {
        let watchedSince =
            dark.ranges.last { $0.end <= range.start }?.end ?? plan.options.range.start
        let measured = streams[camera].measurement(over: range, watchedSince: watchedSince)
        let came = measured.measurement.packets.received > 0
        return Observation(
            measurement: measured.measurement,
            picture: came ? measured.picture : nil,
            codec: came ? "h264" : nil, transport: .rtpUDP,
            // One camera in ten sends encrypted.
            isEncrypted: camera % 10 == 3,
            clock: measured.clockOffset.map {
                ClockReading(offsetNanoseconds: $0, uncertaintyNanoseconds: 30_000_000)
            }, dscp: came ? 34 : nil)
    }

    /// When a camera is measured in intervals of 10 s: around every change.
    private static func denseTime(
        _ plan: HistoryPlan, _ stream: HistoryStream, _ camera: Int
    ) -> TimeRangeSet {
        var changes: [TimeRange] = []
        let dark = plan.darkness[plan.layout.probe(ofCamera: camera)]
        let ranges = plan.own[camera].map(\.range) + stream.silences.ranges + dark
        for range in ranges {
            for edge in [range.start, range.end] {
                let first = edge.floored(toNanoseconds: minute).advanced(byNanoseconds: -2 * minute)
                changes.append(TimeRange(start: first, nanoseconds: 5 * minute))
            }
        }
        changes += plan.own[camera].filter { $0.kind == .heavyLoss }.map(\.range)
        return TimeRangeSet(changes)
    }
}
