// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct RTCPCompoundTests {
    static let report = octets(
        "80c80006 ca1ccd8a eead63ef cb432010 e6da5d31 00000063 0001aca7")
    static let description = octets("81ca0003 ca1ccd8a 0104 63616d31 0000")
    static let goodbye = octets("81cb0001 ca1ccd8a")

    /// Everything that a walk of `bytes` gives.
    static func walk(_ bytes: [UInt8], statedLength: Int? = nil)
        -> (packets: [RTCPPacket], compound: RTCPCompound)
    {
        var compound = RTCPCompound(statedLength: statedLength ?? bytes.count)
        var packets: [RTCPPacket] = []
        while let packet = compound.next(in: bytes.span) { packets.append(packet) }
        return (packets, compound)
    }

    static func kinds(_ bytes: [UInt8]) -> [String] {
        walk(bytes).packets.map { String("\($0)".prefix { $0 != "(" }) }
    }

    @Test func `a report and a description are two packets`() {
        let (packets, compound) = Self.walk(Self.report + Self.description)
        #expect(packets.count == 2)
        #expect(compound.faults == 0)
        #expect(compound.offset == 44)
    }

    @Test func `a compound without report is taken`() {
        #expect(Self.kinds(Self.description) == ["sourceDescription"])
        #expect(Self.kinds(octets("81cd0002 00000001 00000002")) == ["transportFeedback"])
    }

    @Test func `compounds behind one another and packets behind a goodbye are taken`() {
        let bytes = Self.report + Self.description + Self.goodbye + Self.report + Self.description
        #expect(
            Self.kinds(bytes)
                == [
                    "senderReport", "sourceDescription", "goodbye", "senderReport",
                    "sourceDescription",
                ])
    }

    @Test func `a length past the end drops that packet and keeps those before`() {
        var tail = Self.description
        tail[3] = 200
        let (packets, compound) = Self.walk(Self.report + tail)
        #expect(packets.count == 1)
        #expect(compound.faults == 1)
        #expect(
            compound.firstFault
                == ParseFault(.truncated, .rtcp, "length", offset: 30, needed: 804, had: 16))
    }

    @Test func `thirty one reception reports in the room of one drop that packet only`() {
        var broken = octets("81c90007 00000001") + [UInt8](repeating: 1, count: 24)
        broken[0] = 0x9f
        let (packets, compound) = Self.walk(Self.report + broken + Self.description)
        #expect(packets.count == 2)
        #expect(
            compound.firstFault
                == ParseFault(
                    .truncated, .rtcp, "reception reports", offset: 36, needed: 744, had: 24))
    }

    @Test func `rubbish behind a goodbye is counted`() {
        let (packets, compound) = Self.walk(Self.goodbye + [1, 2, 3, 4, 5])
        #expect(packets.count == 1)
        #expect(compound.faults == 1)
        #expect(compound.firstFault?.field == "version")
    }

    @Test func `encrypted reports give only their first header`() {
        var random = SeededRandom(seed: 3)
        // SR, then ciphertext of a description, E flag and index 7, and a tag of ten octets.
        var bytes = Self.report + random.octets(16) + octets("80000007") + random.octets(10)
        bytes[28] = 0x11
        #expect(
            Self.walk(bytes).packets == [.encrypted(packetType: 200, ssrc: 0xca1c_cd8a)])
        // A lone report, index at the end as with AES-GCM.
        #expect(
            Self.walk(Self.report + [UInt8](repeating: 0x37, count: 16) + octets("80000001"))
                .packets == [.encrypted(packetType: 200, ssrc: 0xca1c_cd8a)])
    }

    @Test func `a datagram that the capture cut keeps its whole packets`() {
        let bytes = Array((Self.report + Self.description).prefix(40))
        let (packets, compound) = Self.walk(bytes, statedLength: 44)
        #expect(packets.count == 1)
        #expect(compound.firstFault?.field == "captured packet")
    }

    @Test func `padding is no content, and padding of 0 or too much is refused`() {
        var bytes = octets("a1cb0002 ca1ccd8a 00000004")
        #expect(Self.walk(bytes).compound.faults == 0)
        bytes[11] = 0
        #expect(Self.walk(bytes).compound.firstFault?.field == "padding length")
        bytes[11] = 9
        #expect(Self.walk(bytes).compound.firstFault?.had == 9)
    }

    @Test func `reports are told from RTP by two octets`() {
        #expect(RTCPCompound.looksLikeRTCP(0x80, 200))
        #expect(RTCPCompound.looksLikeRTCP(0x9f, 207))
        #expect(!RTCPCompound.looksLikeRTCP(0x80, 96))
        #expect(!RTCPCompound.looksLikeRTCP(0x80, 0xe0))
        #expect(!RTCPCompound.looksLikeRTCP(0x40, 200))
    }

    @Test func `every truncation keeps whole packets and traps nowhere`() {
        let whole = Self.report + Self.description + Self.goodbye
        for length in 0..<whole.count {
            let (packets, compound) = Self.walk(Array(whole.prefix(length)))
            #expect(packets.count == (length < 28 ? 0 : length < 44 ? 1 : 2))
            #expect(compound.faults == ([0, 28, 44].contains(length) ? 0 : 1))
        }
    }

    @Test func `no bytes trap`() {
        var random = SeededRandom(seed: 19)
        let seeds = [
            Self.report + Self.description + Self.goodbye, ExtendedReportTests.whole,
            RTCPPacketTests.receiverReport, RTCPDescriptionsTests.goodbyeWithReason,
        ]
        for round in 0..<8000 {
            let bytes = random.mutation(of: seeds[round % seeds.count])
            let stated = random.next() % 4 == 0 ? Int(random.next() % 200) : bytes.count
            for packet in Self.walk(bytes, statedLength: stated).packets {
                Self.visit(packet, in: bytes)
            }
        }
    }

    /// Touches all that a packet offers.
    static func visit(_ packet: RTCPPacket, in bytes: [UInt8]) {
        switch packet {
        case .senderReport(let report):
            for index in 0..<report.receptionReports.count {
                _ = report.receptionReports.report(at: index, in: bytes.span)
            }
        case .receiverReport(let report):
            for index in 0..<report.receptionReports.count {
                _ = report.receptionReports.report(at: index, in: bytes.span)
            }
        case .sourceDescription(let description):
            description.forEachItem(in: bytes.span) { #expect($0.text.upperBound <= bytes.count) }
        case .goodbye(let goodbye):
            for index in 0..<goodbye.sources { _ = goodbye.ssrc(at: index, in: bytes.span) }
            #expect((goodbye.reason?.upperBound ?? 0) <= bytes.count)
        case .extendedReport(let report):
            report.forEachBlock(in: bytes.span) { block in
                switch block {
                case .lossRunLengths(let runs), .duplicateRunLengths(let runs):
                    #expect(runs.runs(in: bytes.span).reduce(0) { $0 + $1.count } <= runs.packets)
                case .delaySinceLastReceiverReport(let delays):
                    for index in 0..<delays.count { _ = delays.delay(at: index, in: bytes.span) }
                default: break
                }
            }
        default: break
        }
    }
}
