// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Simulation

@Suite struct CameraMediaTests {
    private struct Packet: Equatable {
        var channel: CameraMedia.Channel
        var time: Int64
        var octets: [UInt8]

        var sequence: Int { Int(octets[2]) << 8 | Int(octets[3]) }
        var timestamp: UInt32 { number(4) }
        var ssrc: UInt32 { number(8) }
        var isMarked: Bool { octets[1] & 0x80 != 0 }
        func number(_ at: Int) -> UInt32 {
            octets[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    private static let start = Instant(nanoseconds: 1_750_000_000_000_000_000)
    private static let second: Int64 = 1_000_000_000

    private static func media(_ faults: [CameraFault] = []) throws -> CameraMedia {
        let format = try #require(VideoFormat(width: 320, height: 240, bitRate: 500_000))
        let schedule = FaultSchedule(faults)
        var loops: [VideoFormat: VideoLoop] = [:]
        for each in schedule.formats(of: format) { loops[each] = VideoLoop(each) }
        return try #require(
            CameraMedia(
                loops: loops, format: format, schedule: schedule,
                identity: CameraMedia.Identity(ssrc: 7, sequence: 65_530, timestamp: 1000),
                start: start, now: start, canonicalName: "cam", seed: 3))
    }

    /// Everything sent in `seconds`, looking every 5 ms.
    private static func play(_ media: inout CameraMedia, from: Int64 = 0, seconds: Int64)
        -> [Packet]
    {
        var packets: [Packet] = []
        var octets: [UInt8] = []
        for step in (from * 200)..<((from + seconds) * 200) {
            let time = step * 5_000_000
            let now = start.advanced(byNanoseconds: time)
            while let channel = media.next(at: now, into: &octets) {
                packets.append(Packet(channel: channel, time: time, octets: octets))
                octets.removeAll()
            }
            #expect(media.due > now)
        }
        return packets
    }

    private static func rtp(_ packets: [Packet]) -> [Packet] {
        packets.filter { $0.channel == .media }
    }

    @Test func `an undisturbed stream counts up without a gap across the wrap`() throws {
        var media = try Self.media()
        let packets = Self.rtp(Self.play(&media, seconds: 5))
        #expect(packets.first?.sequence == 65_530)
        #expect(packets.first?.timestamp == 1000)
        for (earlier, later) in zip(packets, packets.dropFirst()) {
            #expect(later.sequence == (earlier.sequence + 1) % 65_536)
            #expect(later.timestamp &- earlier.timestamp == (earlier.isMarked ? 3600 : 0))
        }
        #expect((124...126).contains(packets.count { $0.isMarked }))
    }

    @Test func `the same arguments give the same packets`() throws {
        let faults = [CameraFault(.loss(0.1)), CameraFault(.jitter(nanoseconds: 20_000_000))]
        var one = try Self.media(faults)
        var other = try Self.media(faults)
        #expect(Self.play(&one, seconds: 2) == Self.play(&other, seconds: 2))
    }

    @Test func `looking rarely loses nothing`() throws {
        var often = try Self.media()
        var rarely = try Self.media()
        let all = Self.play(&often, seconds: 4).map(\.octets)
        var once: [[UInt8]] = []
        var octets: [UInt8] = []
        let end = Self.start.advanced(byNanoseconds: 4 * Self.second - 5_000_000)
        while rarely.next(at: end, into: &octets) != nil {
            once.append(octets)
            octets.removeAll()
        }
        #expect(once == all)
    }

    @Test func `lost packets leave gaps and nothing else`() throws {
        var media = try Self.media([CameraFault(.loss(0.3), from: Self.second, to: 2 * Self.second)]
        )
        let packets = Self.rtp(Self.play(&media, seconds: 3))
        let gaps = zip(packets, packets.dropFirst()).filter {
            $1.sequence != ($0.sequence + 1) % 65_536
        }
        #expect(!gaps.isEmpty)
        for (earlier, later) in gaps {
            #expect(earlier.time >= Self.second - 50_000_000)
            #expect(later.time <= 2 * Self.second + 50_000_000)
        }
    }

    @Test func `reordered packets come three late and duplicates twice`() throws {
        var media = try Self.media([CameraFault(.reorder(0.1)), CameraFault(.duplicate(0.1))])
        let packets = Self.rtp(Self.play(&media, seconds: 4))
        let sequences = packets.map { ($0.sequence - 65_530 + 65_536) % 65_536 }
        let unique = Set(sequences)
        #expect(sequences.count > unique.count)
        // At most the packet held at the end is still to come.
        #expect((unique.max() ?? 0) + 1 - unique.count <= 1)
        var highest = -1
        var late: [Int] = []
        var seen = Set<Int>()
        for number in sequences where seen.insert(number).inserted {
            if number < highest { late.append(highest - number) }
            highest = max(highest, number)
        }
        #expect(!late.isEmpty)
        // A copy on its way defers the release by a packet.
        #expect(late.allSatisfy { (3...6).contains($0) })
    }

    @Test func `a frozen encoder sends no frames and its timestamps go on`() throws {
        var media = try Self.media([
            CameraFault(.freeze, from: 2 * Self.second, to: 3 * Self.second)
        ])
        let packets = Self.rtp(Self.play(&media, seconds: 4))
        let pair = try #require(
            zip(packets, packets.dropFirst()).first { $1.time - $0.time > Self.second / 2 })
        #expect(pair.1.sequence == (pair.0.sequence + 1) % 65_536)
        #expect(pair.1.timestamp &- pair.0.timestamp == 26 * 3600)
    }

    @Test func `a dead camera sends nothing at all`() throws {
        var media = try Self.media([CameraFault(.die, from: Self.second, to: 8 * Self.second)])
        let packets = Self.play(&media, seconds: 9)
        let within = packets.filter {
            $0.time > Self.second && $0.time < 8 * Self.second
        }
        #expect(within.isEmpty)
        #expect(packets.contains { $0.time >= 8 * Self.second })
    }

    @Test func `a restart brings another source from a key frame on`() throws {
        var media = try Self.media([CameraFault(.restart, from: Self.second)])
        let packets = Self.rtp(Self.play(&media, seconds: 2))
        let sources = Set(packets.map(\.ssrc))
        #expect(sources.count == 2)
        let first = try #require(packets.first { $0.ssrc != 7 })
        #expect(first.octets[12] == 0x67)
        #expect(media.identity.ssrc == first.ssrc)
    }

    @Test func `a changed frame rate changes the step of the timestamps`() throws {
        var media = try Self.media([
            CameraFault(.frameRate(millihertz: 12_500), from: Self.second, to: 3 * Self.second)
        ])
        let packets = Self.rtp(Self.play(&media, seconds: 4))
        let frames = packets.filter(\.isMarked)
        let steps = zip(frames, frames.dropFirst()).map { $1.timestamp &- $0.timestamp }
        #expect(Set(steps) == [3600, 7200])
        #expect((24...26).contains(steps.count { $0 == 7200 }))
    }

    @Test func `sender reports tell the wall clock with its offset and the counts`() throws {
        let offset: Int64 = 3_200_000_000
        var media = try Self.media([CameraFault(.clock(nanoseconds: offset))])
        let packets = Self.play(&media, seconds: 12)
        let reports = packets.filter { $0.channel == .control }
        #expect((3...5).contains(reports.count))
        for (earlier, later) in zip(reports, reports.dropFirst()) {
            #expect(CameraMedia.reportNanoseconds.contains(later.time - earlier.time))
        }
        for report in reports {
            let bits = UInt64(report.number(8)) << 32 | UInt64(report.number(12))
            let now = Self.start.advanced(byNanoseconds: report.time)
            let wall = NTPTime(bits: bits).instant(near: now)
            #expect(abs(wall.nanoseconds(since: now) - offset) <= 5_000_000)
            let ticks = Int64(report.number(16) &- 1000)
            #expect(abs(ticks * 1_000_000 / 90 - report.time) <= 6_000_000)
        }
        let last = try #require(reports.last)
        let before = packets.prefix { $0 != last }.filter { $0.channel == .media }
        #expect(Int(last.number(20)) == before.count)
        #expect(Int(last.number(24)) == before.reduce(0) { $0 + $1.octets.count - 12 })
    }

    @Test func `after a pause the timestamp has gone on and a key frame comes`() throws {
        var media = try Self.media()
        let before = Self.rtp(Self.play(&media, seconds: 1))
        media.resume(at: Self.start.advanced(byNanoseconds: 10 * Self.second))
        let after = Self.rtp(Self.play(&media, from: 10, seconds: 1))
        let first = try #require(after.first)
        #expect(first.octets[12] == 0x67)
        #expect(first.timestamp == 1000 + 900_000)
        let last = try #require(before.last)
        #expect(first.sequence == (last.sequence + 1) % 65_536)
    }

    @Test func `the end is a report, a name and a BYE`() throws {
        let media = try Self.media()
        let octets = media.goodbye(at: Self.start)
        var types: [UInt8] = []
        var offset = 0
        while offset + 4 <= octets.count {
            types.append(octets[offset + 1])
            offset += (Int(octets[offset + 2]) << 8 | Int(octets[offset + 3])) * 4 + 4
        }
        #expect(types == [200, 202, 203])
        #expect(offset == octets.count)
    }
}
