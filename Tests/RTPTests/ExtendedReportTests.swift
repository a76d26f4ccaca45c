// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing
import Timekeeping

@Suite struct ExtendedReportTests {
    static let referenceTime = octets("04000002 eead63ef cb432010")
    static let delays = octets("05000003 00000007 63efcb43 00010000")
    /// 4 received, then a vector: 1 received, 2 lost, 12 received; ends.
    static let losses = octets("01000004 ca1ccd8a fffe0011 4004cfff 00000000")
    static let summary = octets(
        "06f80009 ca1ccd8a 00000064 00000003 00000001 0000000a 00000014 0000000f 00000002 3f404000")
    static let voip = octets("07000008 ca1ccd8a") + [UInt8](repeating: 0, count: 28)
    static var whole: [UInt8] {
        let blocks = referenceTime + delays + losses + summary + voip + octets("63000000")
        return octets("80cf00") + [UInt8(1 + blocks.count / 4)] + octets("00000001") + blocks
    }

    static func blocks(_ bytes: [UInt8]) -> [ExtendedReportBlock] {
        guard case .extendedReport(let report) = RTCPCompoundTests.walk(bytes).packets.first else {
            return []
        }
        var blocks: [ExtendedReportBlock] = []
        report.forEachBlock(in: bytes.span) { blocks.append($0) }
        return blocks
    }

    @Test func `all kinds of block are read in order`() {
        let bytes = Self.whole
        let blocks = Self.blocks(bytes)
        #expect(blocks.count == 6)
        #expect(blocks.first == .receiverReferenceTime(NTPTime(bits: 0xeead_63ef_cb43_2010)))
        #expect(blocks.last == .other(type: 0x63))
        for block in blocks {
            switch block {
            case .delaySinceLastReceiverReport(let delays):
                #expect(delays.count == 1)
                #expect(delays.delay(at: 0, in: bytes.span).delay == 65536)
            case .statisticsSummary(let summary):
                #expect(summary.lost == 3)
                #expect(summary.duplicates == 1)
                #expect(summary.jitter?.maximum == 20)
                #expect(summary.ttlRange == 63...64)
            case .voip(let ssrc): #expect(ssrc == 0xca1c_cd8a)
            default: break
            }
        }
    }

    @Test func `run lengths and vectors become runs across the wrap`() {
        let bytes = Self.whole
        for case .lossRunLengths(let block) in Self.blocks(bytes) {
            #expect(block.packets == 19)
            #expect(
                block.runs(in: bytes.span)
                    == [
                        .init(first: 0xfffe, count: 5, bit: true),
                        .init(first: 3, count: 2, bit: false),
                        .init(first: 5, count: 12, bit: true),
                    ])
            return
        }
        Issue.record("no run lengths")
    }

    @Test func `run lengths cannot tell of more packets than their range`() {
        let bytes = octets("80cf0005 00000001 01000003 ca1ccd8a 00000005 7fff7fff")
        for case .lossRunLengths(let block) in Self.blocks(bytes) {
            #expect(block.runs(in: bytes.span) == [.init(first: 0, count: 5, bit: true)])
        }
    }

    @Test func `thinned run lengths step over what is not told`() {
        let bytes = octets("80cf0005 00000001 01020003 ca1ccd8a 00050015 40020002")
        for case .lossRunLengths(let block) in Self.blocks(bytes) {
            #expect(block.packets == 4)
            #expect(
                block.runs(in: bytes.span)
                    == [
                        .init(first: 8, count: 2, bit: true),
                        .init(first: 16, count: 2, bit: false),
                    ])
        }
    }

    @Test func `a block past the end drops the report`() {
        let bytes = octets("80cf0004 00000001 04000009 eead63ef cb432010")
        let (packets, compound) = RTCPCompoundTests.walk(bytes)
        #expect(packets.isEmpty)
        #expect(compound.firstFault?.field == "report block")
    }
}
