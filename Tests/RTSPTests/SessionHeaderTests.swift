// SPDX-License-Identifier: Apache-2.0

import Octets
import RTSP
import Testing

@Suite struct SessionHeaderTests {
    @Test func `an identifier and a timeout are read`() throws {
        let header = try SessionHeader(parsing: "bzvWj.Jwa1rV$mX ; timeout=30")
        #expect(header.identifier == "bzvWj.Jwa1rV$mX")
        #expect(header.timeout == 30)
        #expect(try SessionHeader(parsing: "a").timeout == 60)
    }

    @Test func `row 32 an identifier too long or not printable is refused`() {
        let long = String(repeating: "a", count: 8192)
        for value in [long, "", "a\u{1}b", "a b", "é", String(long.prefix(257))] {
            #expect(throws: ParseFault.self) { try SessionHeader(parsing: value) }
        }
        #expect(throws: Never.self) { try SessionHeader(parsing: String(long.prefix(256))) }
    }

    @Test func `row 32 a timeout of zero is held at the floor`() throws {
        #expect(try SessionHeader(parsing: "a;timeout=0").timeout == 5)
        #expect(try SessionHeader(parsing: "a;timeout=0").statedTimeout == 0)
        #expect(try SessionHeader(parsing: "a;timeout=-1").timeout == 60)
    }

    @Test func `an identifier that was quoted is written so that it reads as the same`() throws {
        for value in ["\"a;b\"", "\"a\\\"b\";timeout=9", "a\\b", "a"] {
            let header = try SessionHeader(parsing: value)
            #expect(try SessionHeader(parsing: header.text) == header)
        }
        #expect(try SessionHeader(parsing: "\"a\"").text == "a")
    }

    @Test func `a range that was quoted is written so that it reads as the same`() throws {
        for value in ["npt=\"0;5-\\\"\"", "npt=now-", "clock=19961108T1425Z-;time=1"] {
            let range = try #require(PlayRange(parsing: value))
            #expect(PlayRange(parsing: range.text) == range)
        }
        #expect(PlayRange(parsing: "npt=0-")?.text == "npt=0-")
    }

    @Test func `entries of RTP-Info are read with and without blanks between`() {
        let entries = RTPInfo.entries(
            parsing:
                "url=trackID=3;seq=62124;ssrc=803494706;rtptime=941680548,"
                + "url=rtsp://u:p@c/b;seq=70000"
        )
        #expect(
            entries == [
                RTPInfo(
                    url: "trackID=3", sequenceNumber: 62124, timestamp: 941_680_548,
                    ssrc: 803_494_706),
                RTPInfo(url: "rtsp://c/b"),
            ])
    }

    @Test func `a range tells live from stored`() {
        #expect(PlayRange(parsing: "npt=now-")?.isLive == true)
        #expect(PlayRange(parsing: "npt=0.000-16")?.end == "16")
        #expect(PlayRange(parsing: "clock=19961108T142300Z-")?.unit == .clock)
        #expect(PlayRange(parsing: "smpte-25=10:07:00-")?.unit == .smpte)
        #expect(PlayRange(parsing: "bytes") == nil)
    }
}
