// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Packets
import Simulation
import Timekeeping

@testable import Streams

/// One RTP packet in UDP in IP in Ethernet, to be written as a camera would send it.
struct RTPFrame {
    var isIPv6 = false
    var source: UInt32 = 0x0a40_0001
    var destination: UInt32 = 0x0ac8_0001
    var sourcePort: UInt16 = 5004
    var destinationPort: UInt16 = 20_000
    var tags: [UInt16] = []
    var dscp: UInt8 = 34
    var hopLimit: UInt8 = 64
    var ssrc: UInt32 = 0x1234_5678
    var sequenceNumber: UInt16 = 0
    var timestamp: UInt32 = 0
    var payloadType: UInt8 = 96
    var marker = false
    var contributingSources = 0
    /// Words of header extension; nil for none.
    var extensionWords: Int?
    var padding: UInt8 = 0
    var optionWords = 0
    var payload: [UInt8] = Array(repeating: 0xc5, count: 100)

    /// What follows the UDP header.
    var datagram: [UInt8] {
        let first =
            0x80 | (padding > 0 ? 0x20 : 0) | (extensionWords == nil ? 0 : 0x10)
            | UInt8(contributingSources)
        var bytes = [first, (marker ? 0x80 : 0) | payloadType]
        bytes += big(UInt64(sequenceNumber), 2) + big(UInt64(timestamp), 4) + big(UInt64(ssrc), 4)
        for source in 0..<contributingSources { bytes += big(UInt64(source), 4) }
        if let extensionWords {
            bytes += [0xbe, 0xde] + big(UInt64(extensionWords), 2)
            bytes += Array(repeating: 0, count: 4 * extensionWords)
        }
        bytes += payload
        if padding > 0 {
            bytes += Array(repeating: 0, count: Int(padding) - 1) + [padding]
        }
        return bytes
    }

    /// The Ethernet frame.
    var bytes: [UInt8] {
        var frame: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
        for (index, tag) in tags.enumerated() {
            frame +=
                (tags.count > 1 && index == 0 ? [0x88, 0xa8] : [0x81, 0]) + big(UInt64(tag), 2)
        }
        let datagram = datagram
        var udp = big(UInt64(sourcePort), 2) + big(UInt64(destinationPort), 2)
        udp += big(UInt64(datagram.count + 8), 2) + [0, 0] + datagram
        if isIPv6 {
            frame += [0x86, 0xdd] + big(6 << 28 | UInt64(dscp) << 22, 4)
            frame += big(UInt64(udp.count), 2) + [17, hopLimit]
            for address in [source, destination] {
                frame += big(0xfd00 << 48, 8) + big(UInt64(address), 8)
            }
        } else {
            let length = 20 + 4 * optionWords + udp.count
            frame += [8, 0, UInt8(0x45 + optionWords), dscp << 2] + big(UInt64(length), 2)
            frame += [0, 7, 0x40, 0, hopLimit, 17, 0, 0]
            frame += big(UInt64(source), 4) + big(UInt64(destination), 4)
            frame += Array(repeating: 1, count: 4 * optionWords)
        }
        return frame + udp
    }

    /// The IP packet's length.
    var ipLength: Int { bytes.count - 14 - 4 * tags.count }

    private func big(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }
}

/// What a tracker told.
struct Outcome: Equatable {
    struct Told: Equatable {
        var stream: Int
        var report: StreamReport
    }

    var reports: [StreamReport] = []
    var intervals: [Told] = []
    var faults: [FaultCount] = []

    /// Faults without their place, which differs from link to link.
    var faultTally: [String: UInt64] {
        let pairs = faults.map {
            ("\($0.first.layer) \($0.first.kind) \($0.first.field)", $0.count)
        }
        return Dictionary(pairs, uniquingKeysWith: +)
    }
}

/// Captured frames in one window, as a reader hands them on.
struct Feed {
    var window: [UInt8] = []
    var records: [CapturedRecord] = []

    /// 2026-01-01T00:00:00Z.
    static let start: Int64 = 1_767_225_600_000_000_000

    init() {}

    /// A whole synthetic capture.
    init(_ capture: inout SyntheticCapture) {
        var offset = 0
        while let record = capture.next(into: &window) {
            records.append(
                CapturedRecord(
                    offset: offset, capturedLength: window.count - offset,
                    originalLength: record.originalLength, arrival: record.time,
                    frameNumber: UInt64(records.count + 1), linkType: .ethernet))
            offset = window.count
        }
    }

    /// Adds a frame that was captured `nanoseconds` from the start.
    mutating func add(
        _ frame: [UInt8], after nanoseconds: Int64, snapLength: Int = .max,
        originalLength: Int? = nil, linkType: LinkType = .ethernet
    ) {
        let captured = frame.prefix(snapLength)
        records.append(
            CapturedRecord(
                offset: window.count, capturedLength: captured.count,
                originalLength: originalLength ?? frame.count,
                arrival: Instant(nanoseconds: Feed.start).advanced(byNanoseconds: nanoseconds),
                frameNumber: UInt64(records.count + 1), linkType: linkType))
        window += captured
    }

    mutating func add(_ frame: RTPFrame, after nanoseconds: Int64, snapLength: Int = .max) {
        add(frame.bytes, after: nanoseconds, snapLength: snapLength)
    }

    /// Adds `count` packets of one stream in order, one a frame of 25 a second.
    mutating func add(stream: RTPFrame, count: Int, after nanoseconds: Int64 = 0) {
        var frame = stream
        for index in 0..<count {
            add(frame, after: nanoseconds + Int64(index) * 40_000_000)
            frame.sequenceNumber &+= 1
            frame.timestamp &+= 3600
        }
    }

    /// The same records as Linux cooked captures: the general road takes them.
    var cooked: Feed {
        var feed = Feed()
        for record in records {
            let frame = window[record.bytes]
            feed.records.append(
                CapturedRecord(
                    offset: feed.window.count, capturedLength: record.capturedLength + 2,
                    originalLength: record.originalLength + 2, arrival: record.arrival,
                    frameNumber: record.frameNumber, linkType: .linuxCooked))
            feed.window += [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 2, 0, 0] + frame.dropFirst(12)
        }
        return feed
    }

    func hand(to tracker: inout Tracker, batch: Int = 4096) {
        var next = 0
        while next < records.count {
            let end = min(records.count, next + batch)
            tracker.receive(window: window.span, records: records.span.extracting(next..<end))
            next = end
        }
    }

    /// What a tracker tells of it all.
    func outcome(
        batch: Int = 4096, intervalNanoseconds: Int64 = 10_000_000_000,
        moreStreams: Bool = false, manyStreams: Bool = false,
        _ change: (inout Tracker.Configuration) -> Void = { _ in }
    ) -> Outcome {
        var configuration = Tracker.Configuration()
        configuration.intervalNanoseconds = intervalNanoseconds
        change(&configuration)
        var tracker = Tracker(configuration)
        // As if there were more streams than one cache or the other holds.
        if moreStreams { tracker.fewStreams = -1 }
        if manyStreams { tracker.manyStreams = -1 }
        var told: [Outcome.Told] = []
        tracker.observeIntervals { told.append(Outcome.Told(stream: $0, report: $1)) }
        hand(to: &tracker, batch: batch)
        tracker.finish()
        return Outcome(reports: tracker.reports, intervals: told, faults: tracker.faults)
    }
}

extension Tracker {
    /// Of every stream that proved itself.
    var reports: [StreamReport] {
        mutating get {
            var reports: [StreamReport] = []
            for index in 0..<streamCount {
                if let report = report(stream: index) { reports.append(report) }
            }
            return reports
        }
    }
}
