// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Simulation

@Suite struct CaptureFileTests {
    private let time = Instant(nanoseconds: 1_700_000_000_123_456_789)

    private func written(_ layout: CaptureFile, _ packet: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        layout.appendHeader(to: &octets)
        let start = layout.beginRecord(in: &octets)
        octets += packet
        layout.finishRecord(at: start, time: time, originalLength: 1500, in: &octets)
        return octets
    }

    @Test func `a pcap of microseconds is laid as every reader expects`() {
        let layout = CaptureFile(format: .pcap, keepsNanoseconds: false, snapLength: 96)
        #expect(
            written(layout, [1, 2, 3]) == [
                0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 96, 0, 0, 0, 1, 0, 0, 0,
                0x00, 0xf1, 0x53, 0x65, 0x40, 0xe2, 0x01, 0, 3, 0, 0, 0, 0xdc, 5, 0, 0, 1, 2, 3,
            ])
    }

    @Test func `a pcap of nanoseconds has its own magic number`() {
        let octets = written(CaptureFile(format: .pcap, keepsNanoseconds: true), [])
        #expect(octets.prefix(4) == [0x4d, 0x3c, 0xb2, 0xa1])
        #expect(octets[28..<32] == [0x15, 0xcd, 0x5b, 0x07])
    }

    @Test func `a pcapng block is padded to words and tells its length twice`() {
        let octets = written(CaptureFile(format: .pcapng), [1, 2, 3, 4, 5])
        let block = Array(octets[60...])
        #expect(block.count == 40)
        #expect(block[0..<8] == [6, 0, 0, 0, 40, 0, 0, 0])
        #expect(block[20..<28] == [5, 0, 0, 0, 0xdc, 5, 0, 0])
        #expect(block[28...] == [1, 2, 3, 4, 5, 0, 0, 0, 40, 0, 0, 0])
    }

    @Test func `a record taken back leaves nothing`() {
        let layout = CaptureFile(format: .pcapng)
        var octets: [UInt8] = [9]
        let start = layout.beginRecord(in: &octets)
        octets += [1, 2]
        layout.cancelRecord(at: start, in: &octets)
        #expect(octets == [9])
    }
}
