// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Simulation
import Streams

/// Bodies that run the whole tracker; a test target of `Streams` compiles this file too.
enum TrackerBodies {
    /// Traffic made of choices; the first octet sets the limits.
    ///
    /// See `FuzzTraffic`.
    static func tracker(_ input: Span<UInt8>) throws {
        var input = FuzzInput(input)
        let choice = input.octet()
        let traffic = FuzzTraffic(&input)
        try run(traffic.events, traffic.window, choice)
    }

    /// A capture file; the first octet sets the limits.
    static func replay(_ input: Span<UInt8>) throws {
        var input = FuzzInput(input)
        let choice = input.octet()
        let octets = input.rest()
        var reader = CaptureReader(salvage: choice & 0x10 != 0)
        var events: [FuzzTraffic.Event] = []
        var batch: [CapturedRecord] = []
        var start = 0
        while let consumed = try? reader.read(
            octets.span.extracting(start..<octets.count), isLast: true, into: &batch),
            consumed > 0 || !batch.isEmpty
        {
            for var record in batch {
                record.offset += start
                events.append(.record(record))
            }
            start += consumed
        }
        try run(events, octets, choice)
    }

    /// Tells a tracker all of it at once, and another one each record by itself; both must say
    /// the same, and what they say must add up.
    private static func run(
        _ events: [FuzzTraffic.Event], _ window: [UInt8], _ choice: UInt8
    ) throws {
        var configuration = Tracker.Configuration()
        if choice & 1 != 0 { configuration.streamLimit = 3 }
        if choice & 2 != 0 { configuration.connectionLimit = 2 }
        if choice & 4 != 0 { configuration.intervalNanoseconds = 1_000_000_000 }
        let whole = try Outcome(events, window, configuration, batch: 1_000)
        if choice & 8 != 0 { configuration.seed = 0x0123_4567_89ab_cdef }
        let single = try Outcome(events, window, configuration, batch: 1)
        try BrokenProperty.unless(
            whole.reports.count == single.reports.count,
            "\(whole.reports.count) streams, one by one \(single.reports.count)")
        for (one, other) in zip(whole.reports, single.reports) {
            try BrokenProperty.unless(
                "\(one)" == "\(other)", "one by one it is \(other) and not \(one)")
        }
        try BrokenProperty.unless(
            whole.intervals == single.intervals,
            "one by one the intervals are \(single.intervals) and not \(whole.intervals)")
        try BrokenProperty.unless(
            whole.faults == single.faults,
            "one by one the faults are \(single.faults) and not \(whole.faults)")
    }

    /// What a tracker answered.
    private struct Outcome {
        var reports: [StreamReport] = []
        /// What intervals counted, by stream.
        var intervals: [Int: IntervalSums.Counts] = [:]
        var faults: [FaultCount] = []

        init(
            _ events: [FuzzTraffic.Event], _ window: [UInt8],
            _ configuration: Tracker.Configuration, batch: Int
        ) throws {
            var tracker = Tracker(configuration)
            let told = IntervalSums()
            tracker.observeIntervals { stream, report in told.add(report.total, of: stream) }
            var records: [CapturedRecord] = []
            for event in events {
                if case .record(let record) = event, records.count < batch {
                    records.append(record)
                    continue
                }
                tracker.receive(window: window.span, records: records.span)
                records.removeAll(keepingCapacity: true)
                switch event {
                case .record(let record): records.append(record)
                case .advance(let instant): tracker.advance(to: instant)
                case .dropped(let packets): tracker.probeDropped(packets)
                }
            }
            tracker.receive(window: window.span, records: records.span)
            tracker.finish()
            try BrokenProperty.unless(
                tracker.streamCount <= configuration.streamLimit,
                "\(tracker.streamCount) streams of \(configuration.streamLimit)")
            for index in 0..<tracker.streamCount {
                guard let report = tracker.report(stream: index) else { continue }
                try Outcome.check(report, told.counts[index] ?? IntervalSums.Counts())
                reports.append(report)
            }
            if let broken = told.broken { throw broken }
            intervals = told.counts
            faults = tracker.faults
        }

        private static func check(
            _ report: StreamReport, _ inIntervals: IntervalSums.Counts
        ) throws {
            let packets = report.total.packets
            let whole = IntervalSums.Counts(report.total)
            try BrokenProperty.unless(
                inIntervals == whole, "intervals hold \(inIntervals) of \(whole)")
            try BrokenProperty.unless(
                whole.duplicateOctets <= report.total.octets.ip,
                "\(whole.duplicateOctets) octets of duplicates in \(report.total.octets.ip)")
            try BrokenProperty.unless(
                packets.unique <= packets.received, "\(packets.unique) of \(packets.received)")
            try BrokenProperty.unless(
                report.total.jitter.sumNanoseconds.isFinite
                    && report.total.frameJitter.sumNanoseconds.isFinite,
                "jitter of \(report.total.jitter.sumNanoseconds)")
        }
    }

    /// What intervals told, by stream.
    private final class IntervalSums {
        /// What must be the same in all intervals as in the whole.
        struct Counts: Equatable {
            var received: UInt64 = 0
            var joined: UInt64 = 0
            var duplicateOctets: UInt64 = 0

            init() {}

            init(_ measurement: Measurement) {
                received = measurement.packets.received
                joined = measurement.trust.joinedPackets
                duplicateOctets = measurement.octets.duplicate
            }
        }

        var counts: [Int: Counts] = [:]
        var broken: BrokenProperty?

        func add(_ measurement: Measurement, of stream: Int) {
            let more = Counts(measurement)
            counts[stream, default: Counts()].received += more.received
            counts[stream, default: Counts()].joined += more.joined
            counts[stream, default: Counts()].duplicateOctets += more.duplicateOctets
            if !measurement.jitter.sumNanoseconds.isFinite {
                broken = BrokenProperty("jitter of an interval is not finite")
            }
        }
    }
}
