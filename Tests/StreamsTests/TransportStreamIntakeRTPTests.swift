// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Testing
import Timekeeping

@testable import Streams

/// A camera that sends MPEG-TS in RTP: 25 frames a second, four packets each, with times of
/// sending for timestamps.
private struct TransportCamera {
    static let start: Int64 = 1_700_000_000_000_000_000
    static let packetsPerFrame = 4

    /// One packet of 188 octets of the video, with a head if it begins a frame.
    static func transportPacket(frame: Int, part: Int, counter: Int) -> [UInt8] {
        var bytes: [UInt8] = [
            0x47, (part == 0 ? 0x40 : 0) | 0x01, 0x00, 0x10 | UInt8(counter & 0x0f),
        ]
        if part == 0 {
            let time = UInt64(frame) * 3_600
            // A PES head with a presentation time (ISO/IEC 13818-1 section 2.4.3.6).
            bytes += [0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5]
            bytes += [
                0x21 | UInt8(time >> 30 & 7) << 1, UInt8(time >> 22 & 0xff),
                UInt8(time >> 15 & 0x7f) << 1 | 1, UInt8(time >> 7 & 0xff),
                UInt8(time & 0x7f) << 1 | 1,
            ]
        }
        return bytes + [UInt8](repeating: UInt8(frame & 0xff), count: 188 - bytes.count)
    }

    /// Ethernet frame with seven transport packets in RTP in UDP.
    static func packet(frame: Int, part: Int) -> [UInt8] {
        let number = frame * packetsPerFrame + part
        // Sent 5 ms apart, and stamped so.
        let timestamp = UInt32(frame * 3_600 + part * 450)
        var payload: [UInt8] = [
            0x80, 33, UInt8(number >> 8 & 0xff), UInt8(number & 0xff),
            UInt8(timestamp >> 24), UInt8(timestamp >> 16 & 0xff), UInt8(timestamp >> 8 & 0xff),
            UInt8(timestamp & 0xff), 0, 0, 0xca, 0xfe,
        ]
        for inner in 0..<7 {
            payload += transportPacket(
                frame: frame, part: part * 7 + inner, counter: number * 7 + inner)
        }
        let udp = payload.count + 8
        return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]
            + [0x45, 0, UInt8((udp + 20) >> 8), UInt8((udp + 20) & 0xff), 0, 1, 0x40, 0, 64, 17]
            + [0, 0, 192, 0, 2, 1, 192, 0, 2, 2]
            + [0x13, 0x8c, 0x13, 0x8c, UInt8(udp >> 8), UInt8(udp & 0xff), 0, 0] + payload
    }

    static func send(_ frames: Range<Int>, to tracker: inout Tracker) {
        for frame in frames {
            for part in 0..<packetsPerFrame {
                let bytes = packet(frame: frame, part: part)
                let number = frame * packetsPerFrame + part
                let arrival = start + Int64(frame) * 40_000_000 + Int64(part) * 5_000_000
                let record = CapturedRecord(
                    offset: 0, capturedLength: bytes.count, originalLength: bytes.count,
                    arrival: Instant(nanoseconds: arrival), frameNumber: UInt64(number + 1),
                    linkType: .ethernet)
                tracker.receive(window: bytes.span, records: [record].span)
            }
        }
    }
}

@Suite struct TransportStreamIntakeRTPTests {
    @Test func `frames are told by the transport stream and not by RTP's timestamps`() throws {
        var tracker = Tracker()
        TransportCamera.send(0..<100, to: &tracker)
        tracker.finish()
        let told = tracker.report(stream: 0)
        let report = try #require(told)
        #expect(report.identity.transport == .tsRTP)
        #expect(report.medium.codec == "mp2t")
        #expect(report.total.packets.lost == 0)
        // The first frames may come before it is known what the stream is.
        #expect((97...100).contains(report.total.frames.count))
        let first = try #require(report.total.frames.firstArrival)
        let last = try #require(report.total.frames.lastArrival)
        let steps = Int64(report.total.frames.count) - 1
        #expect(last.nanoseconds(since: first) == steps * 40_000_000)
        #expect(report.total.frames.largestGapNanoseconds == 40_000_000)
        #expect(report.total.frames.freezes == 0)
    }

    @Test func `there is no delay variation of frames that have no timestamp`() throws {
        var tracker = Tracker()
        TransportCamera.send(0..<100, to: &tracker)
        tracker.finish()
        let told = tracker.report(stream: 0)
        let report = try #require(told)
        #expect(report.total.frameJitter.count == 0)
        #expect(report.total.jitter.count > 0)
        #expect(
            report.unknown.contains(UnknownFigure("frame_rate_media_fps", .framesUntimed)))
    }

    @Test func `each interval has its own first frame`() throws {
        var tracker = Tracker()
        var told: [Measurement] = []
        tracker.observeIntervals { told.append($1.total) }
        TransportCamera.send(0..<750, to: &tracker)
        tracker.finish()
        #expect(told.count >= 3)
        for interval in told.dropFirst() {
            let first = try #require(interval.frames.firstArrival)
            #expect(first >= interval.range.start)
            let last = try #require(interval.frames.lastArrival)
            let steps = Int64(interval.frames.count) - 1
            #expect(last.nanoseconds(since: first) == steps * 40_000_000)
        }
    }
}
