// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Streams
import Testing

@testable import kuzet

/// Capture files with something wrong, from the command's entry to its words and exit status.
@Suite struct BadCaptureTests {
    /// What a run said, with the file's name in place of its path.
    private struct Outcome {
        var status: Int32
        var output: String
        var messages: String
        var notes: [String]
        var reports: [StreamReport]
        var faults: [String: UInt64]
        var input: AnalysisInput
    }

    private let writer = CaptureWriter()

    private func analyze(
        _ octets: [UInt8], _ change: (inout AnalyzeOptions) -> Void = { _ in }
    ) throws -> Outcome {
        try withFile(octets) { path in
            var options = AnalyzeOptions(.file(path))
            change(&options)
            let (output, messages) = (ByteSink(), ByteSink())
            let answer = AnalysisAnswer(
                options, style: .pipe, output: output, messages: messages)
            let analysis = Analysis(options, answer)
            let status = try analysis.analyze(file: path)
            let faults = analysis.tracker.faults.map { fault in
                let first = fault.first
                return ("\(first.layer) \(first.kind.rawValue) \(first.field)", fault.count)
            }
            return Outcome(
                status: status, output: shown(output.text, path),
                messages: shown(messages.text, path),
                notes: analysis.input.notes.map { shown($0, path) },
                reports: Array(TrackedReports(analysis)),
                faults: Dictionary(uniqueKeysWithValues: faults), input: analysis.input)
        }
    }

    private func shown(_ text: String, _ path: String) -> String {
        var text = text
        while let range = text.firstRange(of: path) { text.replaceSubrange(range, with: "x.pcap") }
        return text
    }

    /// The camera, sound but for what the test did, by its packets.
    private func expectCamera(
        _ outcome: Outcome, received: UInt64 = 100, lost: UInt64 = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(outcome.reports.count == 1, sourceLocation: sourceLocation)
        let report = try #require(outcome.reports.first, sourceLocation: sourceLocation)
        #expect(report.total.packets.received == received, sourceLocation: sourceLocation)
        #expect(report.total.packets.lost == lost, sourceLocation: sourceLocation)
    }

    private var sound: [UInt8] { writer.header() + writer.records(CaptureWriter.camera) }

    @Test func `a sound file has no note and no fault`() throws {
        let outcome = try analyze(sound)
        #expect(outcome.status == 0)
        #expect(outcome.messages.isEmpty)
        #expect(outcome.notes.isEmpty)
        #expect(outcome.faults.isEmpty)
        try expectCamera(outcome)
        #expect(outcome.reports[0].total.octets.ip == 100 * 140)
        #expect(outcome.reports[0].total.frames.count == 100)
    }

    // MARK: - Rows 1 and 2: the header

    @Test(arguments: [0, 1, 23])
    func `row 1 a file shorter than its header is refused by its length`(count: Int) throws {
        let octets = Array(sound.prefix(count))
        let outcome = try analyze(octets)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(
            outcome.messages
                == "kuzet: x.pcap:0: header: truncated (got \(count) bytes; expected 24)\n")
        let check = try analyze(octets) { $0.check = true }
        #expect(check.status == 3)
        #expect(check.output.hasPrefix("KUZET UNKNOWN: x.pcap:0: header: truncated"))
    }

    @Test func `row 1 a header alone is an analysis of nothing`() throws {
        let outcome = try analyze(writer.header())
        #expect(outcome.status == 0)
        #expect(outcome.output == "no streams; 0 packets\n")
    }

    @Test func `row 2 another format is refused by its name`() throws {
        let outcome = try analyze([1, 2, 3, 4] + [UInt8](repeating: 0, count: 60))
        #expect(outcome.status == 2)
        #expect(
            outcome.messages
                == "kuzet: x.pcap:0: format: not supported (got magic 01020304; "
                + "expected pcap or pcapng)\n")
    }

    @Test func `row 2 nanoseconds, the other byte order and pcapng give the same figures`() throws {
        let reference = try analyze(sound)
        let big = CaptureWriter(isBigEndian: true)
        let files: [[UInt8]] = [
            writer.header(magic: 0xa1b2_3c4d)
                + writer.records(CaptureWriter.camera, unit: 1_000_000_000),
            big.header() + big.records(CaptureWriter.camera),
            pcapng(CaptureWriter.camera),
        ]
        for file in files {
            let outcome = try analyze(file)
            #expect(outcome.status == 0)
            #expect(outcome.reports == reference.reports)
            #expect(outcome.notes.isEmpty)
        }
    }

    private func pcapng(_ frames: [[UInt8]]) -> [UInt8] {
        func block(_ type: Int, _ body: [UInt8]) -> [UInt8] {
            writer.u32(type) + writer.u32(body.count + 12) + body + writer.u32(body.count + 12)
        }
        let section = block(
            0x0a0d_0d0a,
            writer.u32(0x1a2b_3c4d) + writer.u16(1) + writer.u16(0)
                + [UInt8](repeating: 0xff, count: 8))
        let interface = block(1, writer.u16(1) + writer.u16(0) + writer.u32(65_535))
        return section + interface
            + frames.enumerated().flatMap { place, frame in
                let time = 1_700_000_000_000_000 + place * 40_000
                let padding = [UInt8](repeating: 0, count: (4 - frame.count % 4) % 4)
                return block(
                    6,
                    writer.u32(0) + writer.u32(time >> 32) + writer.u32(time & 0xffff_ffff)
                        + writer.u32(frame.count) + writer.u32(frame.count) + frame + padding)
            }
    }

    // MARK: - Rows 3 to 6: records

    @Test(arguments: [(50, 120, 170), (163, 7, 16)])
    func `row 3 of a record cut off all before it is used and the place is noted`(
        missing: Int, had: Int, needed: Int
    ) throws {
        let outcome = try analyze(Array(sound.dropLast(missing)))
        #expect(outcome.status == 0)
        try expectCamera(outcome, received: 99)
        let byte = 24 + 99 * CaptureWriter.recordLength
        #expect(
            outcome.notes == [
                "x.pcap:frame 100: truncated at byte \(byte) (got \(had) bytes; expected \(needed))"
            ])
        #expect(outcome.output.contains("\nnote: x.pcap:frame 100: truncated at byte \(byte)"))
    }

    @Test(arguments: [
        (
            0xffff_ffff, 0xffff_ffff,
            "captured length: over the limit (got 4294967295; expected at most 65535)"
        ),
        (
            154, 100,
            "captured length beyond the original: over the limit (got 154; expected at most 100)"
        ),
    ])
    func `row 4 an impossible length ends the reading there, and salvage goes on`(
        captured: Int, original: Int, text: String
    ) throws {
        let length = 24 + 50 * CaptureWriter.recordLength
        let wrong = writer.record(1_700_000_002, 0, [], captured: captured, original: original)
        let file = Array(sound.prefix(length)) + wrong + sound.dropFirst(length)
        let outcome = try analyze(file)
        #expect(outcome.status == 2)
        try expectCamera(outcome, received: 50)
        let note = "x.pcap:frame 51 (byte \(length)): pcap: \(text)"
        #expect(outcome.notes == [note])
        let salvaged = try analyze(file) { $0.salvage = true }
        #expect(salvaged.status == 0)
        try expectCamera(salvaged)
        #expect(salvaged.notes == [note + "; 16 bytes were skipped"])
        // To a monitor, half a file is no answer of its own.
        #expect(try analyze(file) { $0.check = true }.status == 3)
    }

    @Test func `row 5 frames stamped earlier than their predecessors are counted`() throws {
        var frames = CaptureWriter.camera.enumerated().map { place, frame in
            writer.record(1_700_000_000 + place / 25, place % 25 * 40_000, frame)
        }
        frames.swapAt(30, 31)
        let outcome = try analyze(writer.header() + frames.flatMap(\.self))
        #expect(outcome.status == 0)
        try expectCamera(outcome)
        #expect(outcome.notes == ["x.pcap: 1 frame is stamped earlier than the frame before"])
        frames.swapAt(60, 61)
        let twice = try analyze(writer.header() + frames.flatMap(\.self))
        #expect(twice.notes == ["x.pcap: 2 frames are stamped earlier than the frame before"])
        #expect(twice.reports[0].total.packets.late == 2)
    }

    @Test func `row 5 equal times and the year 2106 are read, and no length is negative`() throws {
        let equal = CaptureWriter.camera.flatMap { writer.record(1_700_000_000, 0, $0) }
        let outcome = try analyze(writer.header() + equal)
        #expect(outcome.status == 0)
        try expectCamera(outcome)
        #expect(outcome.input.durationNanoseconds == 0)
        let last = try analyze(
            writer.header() + writer.records(CaptureWriter.camera, start: 0xffff_fffb))
        try expectCamera(last)
        #expect(last.notes.isEmpty)
        #expect(last.input.durationNanoseconds == 3_960_000_000)
    }

    @Test func `row 5 a second of a million and more microseconds is refused`() throws {
        let length = 24 + 50 * CaptureWriter.recordLength
        let wrong = writer.record(1_700_000_002, 1_000_000, CaptureWriter.camera[50])
        let outcome = try analyze(Array(sound.prefix(length)) + wrong + sound.dropFirst(length))
        #expect(outcome.status == 0)
        try expectCamera(outcome)
        #expect(
            outcome.notes == [
                "x.pcap:frame 51 (byte \(length)): pcap: fraction of a second: over the limit "
                    + "(got 1000000; expected at most 999999); the frame was refused"
            ])
    }

    @Test func `row 6 of packets cut by the snap length volume and loss are still known`() throws {
        let records = CaptureWriter.camera.enumerated().flatMap { place, frame in
            writer.record(
                1_700_000_000 + place / 25, place % 25 * 40_000, Array(frame.prefix(64)),
                original: frame.count)
        }
        let outcome = try analyze(writer.header(snap: 64) + records)
        #expect(outcome.status == 0)
        try expectCamera(outcome)
        let total = outcome.reports[0].total
        #expect(total.octets.ip == 100 * 140)
        #expect(total.octets.payload == 100 * 100)
        #expect(total.trust.cutPackets == 100)
        #expect(outcome.input.cutPackets == 100)
        #expect(StreamFigures(outcome.reports[0]).reason(.width) == .payloadNotCaptured)
    }

    // MARK: - Rows 7 to 11: packets

    @Test func `row 7 a datagram of 64 KiB is read and its volume is the header's`() throws {
        let giant = CaptureWriter.udp(
            CaptureWriter.rtp(100) + [UInt8](repeating: 0, count: 65_000))
        let outcome = try analyze(
            sound + writer.record(1_700_000_004, 0, giant))
        #expect(outcome.status == 0)
        try expectCamera(outcome, received: 101)
        #expect(outcome.reports[0].total.octets.ip == 101 * 140 + 65_000)
    }

    @Test func `row 8 IP headers that contradict themselves are counted by their field`() throws {
        let datagram = CaptureWriter.datagram(CaptureWriter.rtp(7))
        let wrong: [(octets: [UInt8], fault: String)] = [
            (
                CaptureWriter.ip(datagram, firstOctet: 0x43), "ipv4 invalid header length"
            ),
            (CaptureWriter.ip(datagram, totalLength: 19), "ipv4 invalid total length"),
            (CaptureWriter.ip(datagram, totalLength: 1_400), "ipv4 truncated total length"),
        ]
        for (octets, fault) in wrong {
            let record = writer.record(1_700_000_004, 0, CaptureWriter.ethernet(0x0800, octets))
            let outcome = try analyze(sound + record + record + record)
            #expect(outcome.status == 0)
            // A length beyond the frame is measured, as mirrors cut frames: packet 7 again.
            try expectCamera(outcome, received: fault.contains("truncated") ? 103 : 100)
            #expect(outcome.faults == [fault: 3])
        }
    }

    @Test func `row 8 a fault is shown with its packet, its octet and both values`() throws {
        let octets = CaptureWriter.ip(
            CaptureWriter.datagram(CaptureWriter.rtp(7)), firstOctet: 0x43)
        let record = writer.record(1_700_000_004, 0, CaptureWriter.ethernet(0x0800, octets))
        let many = try analyze(sound + record + record + record).output
        #expect(
            many.hasSuffix(
                "\nfault: 3 times, first in packet 101: ipv4: header length at byte 14: "
                    + "invalid (got 12; expected 20)\n"))
        let one = try analyze(sound + record).output
        #expect(one.contains("\nfault: once, in packet 101: ipv4: header length at byte 14: "))
    }

    @Test func `row 8 a check sum of offloading is no fault`() throws {
        // All check sums of these packets are zero.
        #expect(try analyze(sound).faults.isEmpty)
    }

    @Test func `row 9 fragments that are never completed stay within their bounds`() throws {
        let part = [UInt8](repeating: 1, count: 1_000)
        var records: [UInt8] = []
        for number in 0..<20_000 {
            // The first and a later fragment of ever new packets; the middle never comes.
            let octets = CaptureWriter.ip(
                part, fragment: number % 2 == 0 ? 0x2000 : 0x2000 + 250,
                identification: number / 2)
            records += writer.record(
                1_700_000_004, number, CaptureWriter.ethernet(0x0800, octets))
        }
        let outcome = try analyze(sound + records)
        #expect(outcome.status == 0)
        try expectCamera(outcome)
        // Of 10,000 datagrams 1,024 may wait at once.
        #expect(outcome.faults["fragment over-limit incomplete datagrams"] == 8_976)
    }

    @Test func `row 10 VLAN tags beyond four are counted, fewer are read`() throws {
        func tagged(_ count: Int, _ frame: [UInt8]) -> [UInt8] {
            let tags = (0..<count).flatMap { CaptureWriter.big(0x8100) + CaptureWriter.big($0 + 5) }
            return Array(frame.prefix(12)) + tags + frame.dropFirst(12)
        }
        for count in 1...4 {
            let outcome = try analyze(
                writer.header() + writer.records(CaptureWriter.camera.map { tagged(count, $0) }))
            try expectCamera(outcome)
            #expect(outcome.reports[0].identity.vlan == (0..<count).map { UInt16($0 + 5) })
            #expect(outcome.faults.isEmpty)
        }
        let deep = try analyze(
            sound + writer.records(CaptureWriter.camera.map { tagged(8, $0) }, start: 1_700_000_004)
        )
        try expectCamera(deep)
        #expect(deep.faults.values.map { $0 } == [100])
        #expect(deep.faults.first?.key.hasPrefix("vlan over-limit ") == true)
    }

    @Test func `row 10 behind an MPLS label the camera is seen`() throws {
        let frames = CaptureWriter.camera.map {
            CaptureWriter.ethernet(0x8847, [0, 0, 0x11, 0x40] + $0.dropFirst(14))
        }
        let outcome = try analyze(writer.header() + writer.records(frames))
        try expectCamera(outcome)
        #expect(outcome.faults.isEmpty)
    }

    @Test func `row 10 another EtherType is counted as not measured`() throws {
        let frame = CaptureWriter.ethernet(0x88b5, [UInt8](repeating: 0, count: 60))
        let outcome = try analyze(sound + writer.record(1_700_000_004, 0, frame))
        try expectCamera(outcome)
        #expect(outcome.output.hasSuffix("\nnot measured: 1 x other EtherType\n"))
    }

    @Test func `row 10 a link that nobody reads is named`() throws {
        let outcome = try analyze(writer.header(link: 147) + writer.records(CaptureWriter.camera))
        #expect(outcome.status == 2)
        #expect(
            outcome.messages
                == "kuzet: x.pcap:0: link type: not supported (got USER0 (147); expected ETHERNET, "
                + "RAW, IPV4, IPV6, NULL, LOOP, LINUX_SLL or LINUX_SLL2)\n")
    }

    @Test func `row 11 copies of a mirror port are duplicates and no loss`() throws {
        let twice = CaptureWriter.camera.enumerated().flatMap { place, frame in
            let first = writer.record(1_700_000_000 + place / 25, place % 25 * 40_000, frame)
            let second = writer.record(1_700_000_000 + place / 25, place % 25 * 40_000 + 9, frame)
            return first + second
        }
        let outcome = try analyze(writer.header() + twice)
        try expectCamera(outcome, received: 200)
        #expect(outcome.reports[0].total.packets.duplicate == 100)
        #expect(outcome.reports[0].total.packets.expected == 100)
        #expect(outcome.reports[0].total.frames.count == 100)
    }

    // MARK: - What is in order and not measured

    @Test func `other traffic is one quiet line and no fault`() throws {
        let arp = CaptureWriter.ethernet(0x0806, [UInt8](repeating: 0, count: 46))
        let query = CaptureWriter.udp(
            [0x12, 0x34, 1, 0] + [UInt8](repeating: 0, count: 30), to: 53)
        let ping = CaptureWriter.ethernet(
            0x0800, CaptureWriter.ip([8, 0, 0, 0, 0, 1], protocol: 1))
        let records = ([arp, arp] + [[UInt8]](repeating: query, count: 5) + [ping]).flatMap {
            writer.record(1_700_000_004, 0, $0)
        }
        let outcome = try analyze(sound + records)
        #expect(outcome.status == 0)
        try expectCamera(outcome)
        #expect(!outcome.output.contains("fault:"))
        #expect(
            outcome.output.hasSuffix("\nnot measured: 5 x udp no stream, 2 x ARP, 1 x ICMP\n"))
        let json = try analyze(sound + records) { $0.format = .json }.output
        #expect(json.contains(#""udp": {"ignored":5}"#))
        #expect(
            json.contains(
                #"{"layer":"link","kind":"ignored","field":"ARP","count":2,"#
                    + #""first_packet_number":101,"example":"link: ARP: not measured"}"#))
    }

    @Test func `a table of audio and others alone has no heading without rows`() throws {
        let frames = CaptureWriter.camera.map { frame -> [UInt8] in
            var frame = frame
            frame[14 + 28 + 1] = 8
            return frame
        }
        let file = writer.header() + writer.records(frames)
        #expect(!(try analyze(file).output.contains("STATE")))
        #expect(try analyze(file) { $0.showsAll = true }.output.hasPrefix("STATE"))
    }

    @Test func `files cut and spoilt anywhere trap nowhere`() throws {
        var random = SeededGenerator(state: 91)
        let short = Array(sound.prefix(24 + 20 * CaptureWriter.recordLength))
        for round in 0..<300 {
            var file = short
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                file[Int.random(in: 0..<file.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            let count = Int.random(in: 0...file.count, using: &random)
            _ = try analyze(Array(file.prefix(count))) { $0.salvage = round % 2 == 0 }
        }
    }
}
