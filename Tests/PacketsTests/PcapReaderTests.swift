// SPDX-License-Identifier: Apache-2.0

import Octets
import Packets
import Testing
import Timekeeping

@Suite struct PcapReaderTests {
    private let make = CaptureBytes()

    private func file(_ records: [UInt8]...) -> [UInt8] { make.header() + records.joined() }

    // MARK: - Headers

    @Test(arguments: [0, 3, 4, 23])
    func `a short header is named with its length`(length: Int) {
        let reading = readCapture([UInt8](make.header()[..<length]))
        #expect(reading.text == "0: header: truncated (got \(length) bytes; expected 24)")
    }

    @Test(arguments: [false, true], [0xa1b2_c3d4, 0xa1b2_3c4d])
    func `both byte orders and both units are read`(isBigEndian: Bool, magic: Int) {
        let make = CaptureBytes(isBigEndian: isBigEndian)
        let unit: Int64 = magic == 0xa1b2_c3d4 ? 1_000 : 1
        let reading = readCapture(
            make.header(magic: magic) + make.record(1_700_000_000, 999_999, [1, 2], original: 60))
        #expect(reading.fault == nil && reading.frames == [[1, 2]])
        #expect(reading.records.first?.originalLength == 60)
        #expect(reading.records.first?.linkType == .ethernet)
        #expect(
            reading.records.first?.arrival.nanoseconds
                == 1_700_000_000_000_000_000 + 999_999 * unit)
    }

    @Test(arguments: [
        (0xa1b2_cd34, "modified pcap (a1b2cd34)"), (0x34cd_b2a1, "modified pcap (a1b2cd34)"),
        (0x736e_6f6f, "snoop"), (0x28b5_2ffd, "Zstandard"), (0x0001_0203, "magic 00010203"),
    ])
    func `other formats are refused by name`(magic: Int, name: String) {
        let reading = readCapture(bytes32(magic) + [UInt8](repeating: 0, count: 40))
        #expect(
            reading.text == "0: format: not supported (got \(name); expected pcap or pcapng)")
    }

    @Test func `an unknown link type is named`() {
        let reading = readCapture(make.header(link: 147) + make.record(1, 0, [1]))
        #expect(reading.text?.hasPrefix("0: link type: not supported (got USER0 (147);") == true)
    }

    @Test func `bits about the FCS are not part of the link type`() {
        let reading = readCapture(make.header(link: 0x2400_0001) + make.record(1, 0, [1]))
        #expect(reading.records.first?.linkType == .ethernet)
    }

    @Test func `versions before the fields had their order are refused`() {
        var old = make.header()
        old[6] = 2
        #expect(readCapture(old).text == "0: version: not supported (got 2)")
    }

    @Test func `a file without records is empty, not broken`() {
        let reading = readCapture(make.header())
        #expect(reading.fault == nil && reading.records.isEmpty && !reading.tally.isPartial)
    }

    // MARK: - Ends and damage

    @Test func `a file cut anywhere gives every frame before the cut`() {
        let whole = file(
            make.record(1, 0, [1, 2, 3]), make.record(2, 0, [4]), make.record(3, 0, []))
        let ends = [24, 43, 60, 76]
        for length in 24...whole.count {
            let reading = readCapture([UInt8](whole[..<length]))
            #expect(reading.fault == nil)
            #expect(reading.records.count == ends.count { $0 <= length } - 1)
            #expect(reading.tally.isPartial == !ends.contains(length))
            #expect(reading.consumed == length)
        }
        #expect(
            readCapture([UInt8](whole[..<42])).tally.notes.map(\.description)
                == ["frame 1: truncated at byte 24 (got 18 bytes; expected 19)"])
    }

    @Test func `a captured length of all ones stops reading without taking memory`() {
        let reading = readCapture(
            file(
                make.record(1, 0, [1]), make.record(2, 0, [], captured: 0xffff_ffff),
                make.record(3, 0, [2])))
        #expect(reading.frames == [[1]])
        #expect(
            reading.text
                == "frame 2 (byte 41): pcap: captured length: over the limit "
                + "(got 4294967295; expected at most 65535)")
    }

    @Test func `more captured than there was on the wire stops reading`() {
        let reading = readCapture(file(make.record(1, 0, [1, 2, 3], original: 2)))
        #expect(reading.fault?.frame == 1 && reading.fault?.byte == 24)
    }

    @Test func `somewhat more than the snap length is used and counted`() {
        let bytes = [UInt8](repeating: 5, count: 100)
        let reading = readCapture(make.header(snap: 64) + make.record(1, 0, bytes))
        #expect(reading.frames == [bytes] && reading.tally.beyondSnapLength == 1)
    }

    @Test func `frames of 256 KiB are read and longer ones are not`() {
        let longest = [UInt8](repeating: 5, count: CapturedRecord.longest)
        let header = make.header(snap: 0)
        #expect(readCapture(header + make.record(1, 0, longest)).frames.count == 1)
        #expect(readCapture(header + make.record(1, 0, longest + [0])).fault != nil)
    }

    // MARK: - Times

    @Test func `a million microseconds is refused, and the frames around it are not`() {
        let reading = readCapture(
            file(
                make.record(1, 999_999, [1]), make.record(2, 1_000_000, [2]),
                make.record(3, 0, [3])))
        #expect(reading.frames == [[1], [3]])
        #expect(reading.records.map(\.frameNumber) == [1, 3])
        #expect(reading.tally.refused == 1 && reading.tally.frames == 3)
        #expect(
            reading.tally.notes.map(\.description) == [
                "frame 2 (byte 41): pcap: fraction of a second: over the limit "
                    + "(got 1000000; expected at most 999999); the frame was refused"
            ])
    }

    @Test func `times that go back are used and counted, equal ones are not`() {
        let reading = readCapture(
            file(
                make.record(5, 0, [1]), make.record(5, 0, [2]), make.record(4, 0, [3]),
                make.record(4, 1, [4])))
        #expect(reading.seconds == [5, 5, 4, 4] && reading.tally.backwards == 1)
    }

    @Test func `the year 2106 is read`() {
        let reading = readCapture(file(make.record(0xffff_ffff, 0, [1])))
        #expect(reading.records.first?.arrival.text(decimals: 0) == "2106-02-07T06:28:15Z")
    }

    // MARK: - Windows

    @Test(arguments: [1, 7, 16, 17, 100], [1, 3, 256])
    func `the windows in which a file comes change nothing`(step: Int, limit: Int) {
        let records = (0..<40).flatMap {
            make.record($0, 0, [UInt8](repeating: UInt8($0), count: $0 % 9))
        }
        let whole = readCapture(make.header() + records)
        let parts = readCapture(make.header() + records, step: step, limit: limit)
        #expect(whole.frames.count == 40 && parts.frames == whole.frames)
        #expect(parts.seconds == whole.seconds && parts.tally == whole.tally)
        #expect(parts.records.map(\.frameNumber) == Array(1...40))
    }

    // MARK: - Salvage

    @Test func `damage is skipped to the next sound record if asked`() {
        let good = (0..<20).flatMap { make.record(1_000 + $0, 0, [UInt8($0), 0xff, 0xff, 9]) }
        let damaged = make.record(
            1_020, 0, [UInt8](repeating: 0xaa, count: 50), captured: 0x7000_0000)
        let later = (0..<20).flatMap { make.record(1_030 + $0, 0, [UInt8($0), 8]) }
        let bytes = make.header() + good + damaged + later
        #expect(readCapture(bytes).frames.count == 20)
        for step in [1, 50, Int.max] {
            let reading = readCapture(bytes, step: step, salvage: true)
            #expect(reading.fault == nil && reading.frames.count == 40)
            #expect(reading.tally.skippedBytes == 66 && reading.tally.isPartial)
            #expect(reading.tally.notes.count == 1)
        }
    }

    @Test func `damage up to the end of the file ends salvage`() {
        let reading = readCapture(
            file(make.record(1, 0, [1]), [UInt8](repeating: 0xee, count: 200)), salvage: true)
        #expect(reading.fault == nil && reading.frames == [[1]])
        #expect(reading.tally.skippedBytes == 200)
    }

    @Test(arguments: [false, true])
    func `no mutation traps or points outside the file`(salvage: Bool) {
        var random = SeededGenerator(state: 21)
        let seed = make.header() + (0..<12).flatMap { make.record($0, $0, [1, 2, 3, 4, 5]) }
        for _ in 0..<4_000 {
            var bytes = seed
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                bytes[Int.random(in: 4..<bytes.count, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0..<20, using: &random))
            let whole = readCapture(bytes, salvage: salvage)
            let parts = readCapture(bytes, step: 13, salvage: salvage)
            #expect(whole.frames == parts.frames && whole.tally == parts.tally)
            #expect(whole.text == parts.text)
        }
    }
}
