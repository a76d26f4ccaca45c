// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing
import Timekeeping

@Suite struct RTCPPacketTests {
    static let receiverReport = octets(
        "81c90007 00000001 ca1ccd8a 40fffffe 00010203 00000064 12345678 00010000")

    @Test func `a sender report gives both clocks and both counts`() throws {
        let bytes = RTCPCompoundTests.report
        guard case .senderReport(let report) = RTCPCompoundTests.walk(bytes).packets.first else {
            Issue.record("no sender report")
            return
        }
        #expect(
            report
                == SenderReport(
                    ssrc: 0xca1c_cd8a, ntp: NTPTime(bits: 0xeead_63ef_cb43_2010),
                    rtpTimestamp: 0xe6da_5d31, packetCount: 99, octetCount: 109_735,
                    receptionReports: report.receptionReports))
        #expect(report.receptionReports.count == 0)
    }

    @Test func `a reception report keeps the sign of its loss`() throws {
        let bytes = Self.receiverReport
        guard case .receiverReport(let report) = RTCPCompoundTests.walk(bytes).packets.first else {
            Issue.record("no receiver report")
            return
        }
        #expect(report.ssrc == 1)
        #expect(report.receptionReports.count == 1)
        let reception = report.receptionReports.report(at: 0, in: bytes.span)
        #expect(reception.ssrc == 0xca1c_cd8a)
        #expect(reception.fractionLost == 64)
        #expect(reception.cumulativeLost == -2)
        #expect(reception.extendedHighestSequence == 66051)
        #expect(reception.jitter == 100)
    }

    @Test(arguments: [
        ("7fffff", Int32(8_388_607)), ("800000", -8_388_608), ("000000", 0), ("ffffff", -1),
    ]) func `the loss so far reaches over 24 signed bits`(hex: String, value: Int32) {
        let bytes = Array(Self.receiverReport[..<13]) + octets(hex) + Self.receiverReport[16...]
        guard case .receiverReport(let report) = RTCPCompoundTests.walk(bytes).packets.first else {
            Issue.record("no receiver report")
            return
        }
        #expect(report.receptionReports.report(at: 0, in: bytes.span).cumulativeLost == value)
    }

    @Test func `the way there and back is what is left of the time since the report`() {
        let bytes = Self.receiverReport
        guard case .receiverReport(let report) = RTCPCompoundTests.walk(bytes).packets.first else {
            Issue.record("no receiver report")
            return
        }
        let reception = report.receptionReports.report(at: 0, in: bytes.span)
        // Sent at 1234.5678 (hex), held 1 s, back 1.25 s after it was sent.
        let back = NTPTime(bits: (0x1234_5678 + 0x1_4000) << 16)
        #expect(reception.roundTripNanoseconds(arrival: back) == 250_000_000)
        let early = NTPTime(bits: 0x1234_5678 << 16)
        #expect(reception.roundTripNanoseconds(arrival: early) == nil)
    }
}
