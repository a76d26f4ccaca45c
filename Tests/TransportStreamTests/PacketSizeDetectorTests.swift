// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import TransportStream

@Suite struct PacketSizeDetectorTests {
    /// Null packets with whatever stands around them.
    private func octets(_ count: Int, size: PacketSize) -> [UInt8] {
        (0..<count).flatMap { _ in
            [UInt8](repeating: 0x11, count: size.lead)
                + Write.packet(pid: 0x1fff, counter: 0, [UInt8](repeating: 0xee, count: 184))
                + [UInt8](repeating: 0x22, count: size.rawValue - 188 - size.lead)
        }
    }

    private func count(_ detector: inout PacketSizeDetector, datagram bytes: [UInt8]) -> Int {
        detector.begin(datagram: bytes.span)
        var packets = 0
        while let range = detector.next(in: bytes.span, isLast: true) {
            #expect(bytes[range.lowerBound] == 0x47 && range.count == 188)
            packets += 1
        }
        _ = detector.end(in: bytes.span, isLast: true)
        return packets
    }

    @Test(arguments: PacketSize.allCases)
    func `row 48: packets of 188, 192 and 204 octets are told apart`(size: PacketSize) {
        var detector = PacketSizeDetector()
        #expect(count(&detector, datagram: octets(7, size: size)) == 7)
        #expect(detector.size == size)
        #expect(detector.isSynchronised)
        #expect(detector.skippedOctets == 0)
    }

    @Test(arguments: PacketSize.allCases)
    func `row 48: a datagram that does not begin with a packet is searched`(size: PacketSize) {
        var detector = PacketSizeDetector()
        let junk = [UInt8](repeating: 0x33, count: 50)
        #expect(count(&detector, datagram: junk + octets(4, size: size)) == 4)
        #expect(detector.size == size)
        #expect(detector.skippedOctets >= 50)
        #expect(detector.syncLosses == 0)
    }

    @Test func `two sync octets are not enough to find packets`() {
        var detector = PacketSizeDetector()
        #expect(count(&detector, datagram: [0] + octets(2, size: .plain)) == 0)
        #expect(detector.size == nil)
        #expect(detector.skippedOctets == 377)
    }

    @Test func `a size is stated only after three sync octets in a row`() {
        var detector = PacketSizeDetector()
        for expected in [false, false, true] {
            #expect(count(&detector, datagram: octets(1, size: .plain)) == 1)
            #expect(detector.isSynchronised == expected)
        }
    }

    @Test func `one wrong sync octet is an error and no loss`() {
        var detector = PacketSizeDetector()
        var bytes = octets(7, size: .plain)
        bytes[188 * 3] = 0
        #expect(count(&detector, datagram: bytes) == 6)
        #expect(detector.syncOctetErrors == 1)
        #expect(detector.syncLosses == 0)
    }

    @Test func `a sender that changes the size is followed, and that is a loss`() {
        var detector = PacketSizeDetector()
        #expect(count(&detector, datagram: octets(7, size: .plain)) == 7)
        #expect(count(&detector, datagram: octets(7, size: .protected)) == 7)
        #expect(detector.size == .protected)
        #expect(detector.syncLosses == 1)
    }

    @Test func `the tail that a capture cut off is skipped`() {
        var detector = PacketSizeDetector()
        _ = count(&detector, datagram: octets(7, size: .plain))
        let cut = [UInt8](octets(7, size: .plain).prefix(400))
        #expect(count(&detector, datagram: cut) == 2)
        #expect(detector.skippedOctets == 24)
        #expect(detector.syncLosses == 0)
    }

    @Test func `an empty datagram is nothing`() {
        var detector = PacketSizeDetector()
        #expect(count(&detector, datagram: []) == 0)
        #expect(detector == PacketSizeDetector())
    }
}
