// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Simulation

/// One RTP packet read back from the octets of a record.
private struct Seen {
    var stream: String
    var sequence: UInt16
    var timestamp: UInt32
    var isMarked: Bool
    var internetLength: Int
    var time: Instant
}

@Suite struct SyntheticCaptureTests {
    private static func options(_ change: (inout SyntheticCapture.Options) -> Void = { _ in })
        -> SyntheticCapture.Options
    {
        var options = SyntheticCapture.Options()
        options.formats = [VideoFormat(width: 320, height: 240, bitRate: 500_000)].compactMap { $0 }
        options.cameras = 5
        options.extent = .nanoseconds(4_000_000_000)
        options.seed = 7
        change(&options)
        return options
    }

    private static func hash(_ octets: [UInt8]) -> UInt64 {
        octets.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    /// Every record's octets with its description, and the truth at the end.
    private static func run(_ options: SyntheticCapture.Options)
        -> (records: [(SyntheticCapture.Record, [UInt8])], truth: [StreamTruth])
    {
        var capture = SyntheticCapture(options)
        var records: [(SyntheticCapture.Record, [UInt8])] = []
        var octets: [UInt8] = []
        while let record = capture.next(into: &octets) {
            records.append((record, octets))
            octets.removeAll(keepingCapacity: true)
        }
        return (records, capture.truth)
    }

    private static let hostile = options {
        $0.lossRatio = 0.05
        $0.duplicateRatio = 0.02
        $0.reorderRatio = 0.03
        $0.vlanShare = 0.4
        $0.qinqShare = 0.2
        $0.ipv6Share = 0.4
        $0.cameras = 12
        $0.hasSignalling = true
    }

    @Test func `the same seed gives the same octets and another seed others`() {
        func octets(_ seed: UInt64) -> [UInt8] {
            var options = Self.hostile
            options.seed = seed
            return Self.run(options).records.flatMap(\.1)
        }
        let first = octets(7)
        #expect(Self.hash(first) == Self.hash(octets(7)))
        #expect(Self.hash(first) != Self.hash(octets(8)))
    }

    @Test func `a golden capture stays what it was`() {
        let records = Self.run(Self.hostile).records
        #expect(records.count == 2657)
        #expect(Self.hash(records.flatMap(\.1)) == 1_778_114_887_066_779_179)
    }

    @Test func `records never go back in time`() {
        let records = Self.run(Self.hostile).records
        for (earlier, later) in zip(records, records.dropFirst()) {
            #expect(earlier.0.time <= later.0.time)
        }
    }

    @Test func `the truth agrees with a count over the packets`() {
        let (records, truth) = Self.run(Self.hostile)
        var streams: [String: [Seen]] = [:]
        for (record, octets) in records {
            guard let seen = Self.rtp(octets, record.time) else { continue }
            streams[seen.stream, default: []].append(seen)
        }
        #expect(streams.count == truth.count)
        for expected in truth {
            let seen = streams["\(expected.source)>\(expected.destination)"] ?? []
            Self.compare(seen, expected)
        }
    }

    private static func compare(_ seen: [Seen], _ truth: StreamTruth) {
        // Extended sequence numbers: each the nearest to the highest so far.
        var extended: [Int] = []
        var highest = seen.first.map { Int($0.sequence) + 65_536 } ?? 0
        var late = 0
        var unique = Set<Int>()
        for packet in seen {
            let step = Int(Int16(truncatingIfNeeded: Int(packet.sequence) - highest))
            let number = highest + step
            if unique.insert(number).inserted, number < highest { late += 1 }
            highest = max(highest, number)
            extended.append(number)
        }
        let span = (unique.max() ?? 0) - (unique.min() ?? 0) + 1
        #expect(truth.received == UInt64(seen.count))
        #expect(truth.unique == UInt64(unique.count))
        #expect(truth.late == UInt64(late))
        #expect(truth.expected == UInt64(span))
        #expect(truth.lost == UInt64(span - unique.count))
        #expect(truth.frames == UInt64(Set(seen.map(\.timestamp)).count))
        #expect(truth.internetOctets == UInt64(seen.reduce(0) { $0 + $1.internetLength }))
        #expect(truth.firstPacket == seen.first?.time)
        #expect(truth.lastPacket == seen.last?.time)
        let sorted = unique.sorted()
        let gaps = zip(sorted, sorted.dropFirst()).map { $1 - $0 - 1 }.filter { $0 > 0 }
        #expect(truth.lossRuns == UInt64(gaps.count))
        #expect(truth.longestLossRun == UInt64(gaps.max() ?? 0))
    }

    @Test func `an undisturbed camera sends every frame in order with one marker each`() {
        let (records, truth) = Self.run(Self.options { $0.cameras = 1 })
        let seen = records.compactMap { Self.rtp($0.1, $0.0.time) }
        for (earlier, later) in zip(seen, seen.dropFirst()) {
            #expect(later.sequence == earlier.sequence &+ 1)
            #expect(later.timestamp == earlier.timestamp &+ (earlier.isMarked ? 3600 : 0))
        }
        #expect(seen.count { $0.isMarked } == Int(truth[0].frames))
        #expect(truth[0].lost == 0)
        #expect(truth[0].frameRate == 25)
    }

    @Test func `a wanted number of records is met exactly`() {
        for wanted: UInt64 in [1, 2, 50, 777] {
            var options = Self.hostile
            options.extent = .records(wanted)
            let (records, truth) = Self.run(options)
            #expect(UInt64(records.count) == wanted)
            for stream in truth where stream.received > 0 {
                #expect(stream.expected >= stream.unique)
            }
        }
    }

    @Test(arguments: [false, true])
    func `losses come near the wanted share`(inBursts: Bool) {
        let (_, truth) = Self.run(
            Self.options {
                $0.lossRatio = 0.1
                $0.losesInBursts = inBursts
                $0.cameras = 20
                $0.extent = .nanoseconds(20_000_000_000)
            })
        let lost = truth.reduce(0) { $0 + $1.lost }
        let expected = truth.reduce(0) { $0 + $1.expected }
        #expect(abs(Double(lost) / Double(expected) - 0.1) < 0.015)
        let runs = truth.reduce(0) { $0 + $1.lossRuns }
        #expect((Double(lost) / Double(runs) > 4) == inBursts)
    }

    @Test func `a cut packet keeps its true length and its first octets`() {
        let whole = Self.run(Self.options())
        let cut = Self.run(Self.options { $0.snapLength = 96 })
        #expect(whole.truth == cut.truth)
        #expect(whole.records.count == cut.records.count)
        for (one, other) in zip(whole.records, cut.records) {
            #expect(one.0 == other.0)
            #expect(one.1.count == one.0.originalLength)
            #expect(other.1 == Array(one.1.prefix(96)))
        }
    }

    @Test func `a sender report carries the camera's clock`() throws {
        let offset: Int64 = 3_200_000_000
        let (records, truth) = Self.run(
            Self.options {
                $0.cameras = 1
                $0.clockOffsetNanoseconds = offset
                $0.senderReportNanoseconds = 1_000_000_000
            })
        let reports = records.filter { $0.0.content == .senderReport }
        #expect(UInt64(reports.count) == truth[0].senderReports)
        #expect((3...4).contains(reports.count))
        for (record, octets) in reports {
            let packet = Array(octets[42...])
            #expect(packet[0...1] == [0x80, 200])
            let bits = packet[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let sent = NTPTime(bits: bits).instant(near: record.time)
            #expect(abs(sent.nanoseconds(since: record.time) - offset) < 2)
        }
    }

    @Test func `every IP, UDP and TCP checksum is right`() {
        for (_, octets) in Self.run(Self.hostile).records {
            #expect(Self.hasRightChecksums(octets))
        }
    }

    @Test func `an RTSP dialogue opens each stream`() {
        let (records, _) = Self.run(Self.options { $0.hasSignalling = true })
        let first = records.filter { $0.0.camera == 0 }.prefix(12)
        #expect(first.prefix(11).allSatisfy { $0.0.content == .signalling })
        #expect(first.last?.0.content != .signalling)
        let text = String(decoding: first.flatMap { $0.1.dropFirst(54) }, as: UTF8.self)
        for word in ["DESCRIBE rtsp://10.64.0.1/", "a=rtpmap:96 H264/90000", "PLAY rtsp://"] {
            #expect(text.contains(word))
        }
    }

    @Test func `options outside their limits are held inside`() {
        let truth = Self.run(
            Self.options {
                $0.cameras = -3
                $0.formats = []
                $0.reorderDepth = 0
                $0.lossRatio = 7
                $0.extent = .nanoseconds(200_000_000)
            }
        ).truth
        #expect(truth.count == 1)
        #expect(truth[0].format.width == 1920)
    }

    // MARK: Reading back

    private static func internet(_ octets: [UInt8]) -> Int {
        var offset = 12
        while octets[offset] == 0x81 && octets[offset + 1] == 0
            || octets[offset] == 0x88 && octets[offset + 1] == 0xa8
        {
            offset += 4
        }
        return offset + 2
    }

    private static func number(_ octets: [UInt8], _ offset: Int) -> Int {
        Int(octets[offset]) << 8 | Int(octets[offset + 1])
    }

    private static func rtp(_ octets: [UInt8], _ time: Instant) -> Seen? {
        let start = internet(octets)
        let isIPv6 = octets[start] >> 4 == 6
        guard octets[start + (isIPv6 ? 6 : 9)] == 17 else { return nil }
        let datagram = start + (isIPv6 ? 40 : 20)
        guard number(octets, datagram) % 2 == 0 else { return nil }
        func endpoint(_ address: Int, _ port: Int) -> String {
            let length = isIPv6 ? 16 : 4
            return Endpoint(
                address: Array(octets[address..<address + length]),
                port: UInt16(number(octets, port))
            ).text
        }
        let from = endpoint(start + (isIPv6 ? 8 : 12), datagram)
        let to = endpoint(start + (isIPv6 ? 24 : 16), datagram + 2)
        let header = datagram + 8
        let length = isIPv6 ? 40 + number(octets, start + 4) : number(octets, start + 2)
        return Seen(
            stream: "\(from)>\(to)", sequence: UInt16(number(octets, header + 2)),
            timestamp: UInt32(number(octets, header + 4) << 16 | number(octets, header + 6)),
            isMarked: octets[header + 1] & 0x80 != 0, internetLength: length, time: time)
    }

    private static func hasRightChecksums(_ octets: [UInt8]) -> Bool {
        func sum(_ bytes: ArraySlice<UInt8>) -> Int {
            var sum = 0
            for (index, byte) in bytes.enumerated() {
                sum += index % 2 == 0 ? Int(byte) << 8 : Int(byte)
            }
            return sum
        }
        func fold(_ sum: Int) -> Int {
            var sum = sum
            while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
            return sum
        }
        let start = internet(octets)
        let isIPv6 = octets[start] >> 4 == 6
        let transport = start + (isIPv6 ? 40 : 20)
        if !isIPv6, fold(sum(octets[start..<transport])) != 0xffff { return false }
        let addresses = isIPv6 ? octets[start + 8..<transport] : octets[start + 12..<transport]
        let number = Int(octets[start + (isIPv6 ? 6 : 9)])
        let pseudo = sum(addresses) + number + octets.count - transport
        return fold(pseudo + sum(octets[transport...])) == 0xffff
    }
}
