// SPDX-License-Identifier: Apache-2.0

import Octets
import Packets
import Testing
import Timekeeping

@Suite struct PcapngReaderTests {
    private let make = CaptureBytes()

    private func file(_ blocks: [UInt8]...) -> [UInt8] {
        make.section() + make.interface() + blocks.joined()
    }

    @Test(arguments: [false, true])
    func `packets of both byte orders are read`(isBigEndian: Bool) {
        let make = CaptureBytes(isBigEndian: isBigEndian)
        let reading = readCapture(
            make.section() + make.interface(link: 113)
                + make.packet(1_700_000_000_123_456, [1, 2, 3], original: 99))
        #expect(reading.fault == nil && reading.frames == [[1, 2, 3]])
        #expect(reading.records.first?.originalLength == 99)
        #expect(reading.records.first?.linkType == .linuxCooked)
        #expect(reading.records.first?.arrival.nanoseconds == 1_700_000_000_123_456_000)
    }

    @Test func `interfaces have their own link types and are numbered through the file`() {
        let reading = readCapture(
            make.section() + make.interface() + make.interface(link: 101)
                + make.packet(1, [1], interface: 1) + make.packet(2, [2])
                + make.section() + make.interface(link: 276) + make.packet(3, [3]))
        #expect(reading.records.map(\.linkType) == [.rawIP, .ethernet, .linuxCooked2])
        #expect(reading.records.map(\.interface) == [1, 0, 2])
        #expect(reading.records.map(\.frameNumber) == [1, 2, 3])
    }

    @Test func `a section may have the other byte order`() {
        let other = CaptureBytes(isBigEndian: true)
        let reading = readCapture(
            file(make.packet(1_000_000, [1])) + other.section() + other.interface()
                + other.packet(2_000_000, [2]))
        #expect(reading.seconds == [1, 2] && reading.frames == [[1], [2]])
    }

    @Test func `simple packets have the length of the snap length and their predecessor's time`() {
        let reading = readCapture(
            make.section() + make.interface(snap: 4) + make.packet(7_000_000, [1])
                + make.block(3, make.u32(9) + [1, 2, 3, 4])
                + make.block(3, make.u32(3) + [1, 2, 3, 0]))
        #expect(reading.frames == [[1], [1, 2, 3, 4], [1, 2, 3]])
        #expect(reading.records.map(\.originalLength) == [1, 9, 3])
        #expect(reading.seconds == [7, 7, 7] && reading.tally.untimed == 2)
    }

    @Test func `obsolete packets are read with their drops`() {
        let body = { (drops: Int) in
            make.u16(0) + make.u16(drops) + make.u32(0) + make.u32(5_000_000) + make.u32(2)
                + make.u32(60) + [1, 2, 0, 0]
        }
        let reading = readCapture(file(make.block(2, body(3)), make.block(2, body(0xffff))))
        #expect(reading.frames == [[1, 2], [1, 2]] && reading.seconds == [5, 5])
        #expect(reading.tally.drops.betweenFrames == 3)
    }

    @Test func `drops that statistics report are summed over interfaces and sections`() {
        let statistics = { (interface: Int, drops: UInt64, lost: UInt64) in
            make.block(
                5,
                make.u32(interface) + make.u64(0) + make.option(5, make.u64(drops))
                    + make.option(7, make.u64(lost)) + make.option(0, []))
        }
        let reading = readCapture(
            file(
                make.interface(), statistics(0, 1, 10), statistics(0, 2, 20), statistics(1, 4, 40),
                make.section(), make.interface(), statistics(0, 8, 80),
                make.packet(1, [1], options: make.option(4, make.u64(5)) + make.option(0, []))))
        #expect(reading.fault == nil && reading.tally.drops.interface == 14)
        #expect(reading.tally.drops.operatingSystem == 140)
        #expect(reading.tally.drops.betweenFrames == 5 && !reading.tally.drops.isZero)
    }

    @Test func `other blocks are passed over, however long`() {
        let long = make.block(0x0bad, [UInt8](repeating: 9, count: 2_000_000))
        let bytes = file(make.block(4, make.u32(0)), long, make.packet(1_000_000, [1]))
        for step in [1_000, Int.max] {
            let reading = readCapture(bytes, step: step)
            #expect(reading.fault == nil && reading.frames == [[1]])
            #expect(reading.tally.otherBlocks == 2)
        }
    }

    // MARK: - Faults

    @Test func `lengths that differ at the two ends of a block are refused`() {
        let reading = readCapture(
            file(make.packet(1, [1]), make.block(6, [UInt8](repeating: 0, count: 20), end: 99)))
        #expect(reading.frames == [[1]])
        #expect(
            reading.text
                == "frame 2 (byte 84): pcapng: block total length at its end: invalid "
                + "(got 99; expected 32)")
        let other = readCapture(file(make.block(77, [0, 0, 0, 0], end: 20)))
        #expect(other.fault != nil)
    }

    @Test(arguments: [0, 8, 11, 13, 0xffff_fffd])
    func `a block length that cannot be is refused`(length: Int) {
        let reading = readCapture(file(make.u32(6) + make.u32(length) + make.u32(0)))
        #expect(reading.text?.contains("block total length: invalid") == true)
    }

    @Test func `a packet block beyond the limit is refused and takes no memory`() {
        let reading = readCapture(file(make.u32(6) + make.u32(0xffff_fffc) + make.u32(0)))
        #expect(reading.text?.contains("over the limit (got 4294967292") == true)
    }

    @Test func `a captured length beyond its block or the wire is refused`() {
        #expect(readCapture(file(make.packet(1, [1, 2], captured: 5))).fault != nil)
        #expect(readCapture(file(make.packet(1, [1, 2], captured: 0xffff_ffff))).fault != nil)
        #expect(readCapture(file(make.packet(1, [1, 2], original: 1))).fault != nil)
    }

    @Test func `a packet of an interface that was not described is refused`() {
        let reading = readCapture(file(make.packet(1, [1], interface: 1)))
        #expect(reading.text == "frame 1 (byte 48): pcapng: interface: invalid (got 1; expected 0)")
        #expect(readCapture(make.section() + make.packet(1, [1])).fault != nil)
    }

    @Test func `versions and byte orders that are not known are refused`() {
        #expect(
            readCapture(make.section(major: 2)).text == "0: major version: not supported (got 2)")
        var odd = make.section()
        odd[8] = 0
        #expect(readCapture(odd).text?.contains("byte-order magic") == true)
    }

    @Test func `the number of interfaces is bounded`() {
        let many = Array(repeating: make.interface(), count: 4_097).flatMap { $0 }
        #expect(readCapture(make.section() + many).text?.contains("number of interfaces") == true)
    }

    @Test func `options that run past their block spoil nothing else`() {
        let options = make.u16(9) + make.u16(400) + [0, 0, 0, 0]
        let reading = readCapture(
            make.section() + make.interface(options: options)
                + make.packet(1, [1], options: options))
        #expect(reading.frames == [[1]] && reading.tally.brokenOptions == 2)
    }

    @Test func `a file cut anywhere gives every frame before the cut`() {
        let whole = file(make.packet(1, [1, 2, 3]), make.packet(2, [4]))
        for length in 4..<whole.count {
            let reading = readCapture([UInt8](whole[..<length]))
            #expect(reading.records.count == [84, 120].count { $0 <= length })
            #expect(reading.tally.isPartial == ![28, 48, 84].contains(length) || length < 28)
            #expect((reading.fault != nil) == (length < 28))
        }
        #expect(
            readCapture([UInt8](whole[..<27])).text
                == "0: header: truncated (got 27 bytes; expected 28)")
    }

    @Test(arguments: [1, 5, 33], [1, 256])
    func `the windows in which a file comes change nothing`(step: Int, limit: Int) {
        let packets = (0..<30).flatMap {
            make.packet(UInt64($0), [UInt8](repeating: UInt8($0), count: $0 % 7))
        }
        let whole = readCapture(file(packets))
        let parts = readCapture(file(packets), step: step, limit: limit)
        #expect(whole.frames.count == 30 && parts.frames == whole.frames)
        #expect(parts.tally == whole.tally)
    }

    @Test func `damage is skipped to the next sound block if asked`() {
        let good = (0..<5).flatMap { make.packet(UInt64($0), [UInt8($0)]) }
        let bad = make.u32(6) + make.u32(7) + [UInt8](repeating: 0xaa, count: 31)
        for step in [1, Int.max] {
            let reading = readCapture(file(good, bad, good), step: step, salvage: true)
            #expect(reading.fault == nil && reading.frames.count == 10)
            #expect(reading.tally.skippedBytes == 39)
        }
    }

    @Test(arguments: [false, true])
    func `no mutation traps or points outside the file`(salvage: Bool) {
        var random = SeededGenerator(state: 22)
        let options = make.option(9, [6]) + make.option(14, make.u64(0))
        let seed =
            make.section() + make.interface(options: options)
            + (0..<6).flatMap { make.packet(UInt64($0), [1, 2, 3, 4, 5]) }
            + make.block(5, make.u32(0) + make.u64(0) + make.option(5, make.u64(1)))
            + make.block(3, make.u32(2) + [1, 2, 0, 0])
        for _ in 0..<4_000 {
            var bytes = seed
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                bytes[Int.random(in: 4..<bytes.count, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0..<20, using: &random))
            let whole = readCapture(bytes, salvage: salvage)
            let parts = readCapture(bytes, step: 13, salvage: salvage)
            #expect(whole.frames == parts.frames && whole.text == parts.text)
        }
    }
}
