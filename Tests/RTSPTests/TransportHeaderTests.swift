// SPDX-License-Identifier: Apache-2.0

import Octets
import RTSP
import Testing

@Suite struct TransportHeaderTests {
    @Test func `the answers of real servers are read`() throws {
        let gst = try TransportHeader.alternatives(
            parsing:
                "RTP/AVP;unicast;client_port=29250-29251;"
                + "server_port=50846-50847;ssrc=34138722;mode=\"PLAY\""
        )[0]
        #expect(gst.clientPorts == .init(29250, 29251))
        #expect(gst.serverPorts == .init(50846, 50847))
        #expect(gst.ssrcs == [0x3413_8722])
        #expect(gst.mode == "PLAY")
        #expect(gst.lowerTransport == .udp)
        let tcp = try TransportHeader.alternatives(
            parsing: "RTP/AVP/TCP;unicast;interleaved=2-3;ssrc=2A82C302")[0]
        #expect(tcp.lowerTransport == .tcp)
        #expect(tcp.interleaved == .init(2, 3))
        let group = try TransportHeader.alternatives(
            parsing: "RTP/AVP;multicast;destination=ff15::42:10;ttl=4;port=6000-6001")[0]
        #expect(group.delivery == .multicast)
        #expect(group.destination == "ff15::42:10")
        #expect(group.multicastPorts == .init(6000, 6001))
        #expect(group.timeToLive == 4)
    }

    @Test func `several alternatives are read in order`() throws {
        let all = try TransportHeader.alternatives(
            parsing:
                "RTP/SAVP;unicast;client_port=1-2, RAW/RAW/UDP;unicast;"
                + "client_port=5000,MP2T/H2221/UDP;multicast"
        )
        #expect(all.map(\.profile) == [.savp, .raw, .mp2t])
        #expect(all.map(\.isEncrypted) == [true, false, false])
        #expect(all.map(\.isRTP) == [true, false, false])
        #expect(all[1].clientPorts == .init(5000))
    }

    @Test func `row 35 channels and ports out of range are refused`() {
        for value in [
            "RTP/AVP/TCP;interleaved=256-257", "RTP/AVP;client_port=70000", "RTP/AVP;server_port=a",
            "", ";;", "RTP/AVP;client_port=",
        ] {
            #expect(throws: ParseFault.self) { try TransportHeader.alternatives(parsing: value) }
        }
        let many = Array(repeating: "RTP/AVP", count: 17).joined(separator: ",")
        #expect(throws: ParseFault.self) { try TransportHeader.alternatives(parsing: many) }
    }

    @Test func `row 36 someone else's address and low ports are refused`() throws {
        func refusal(_ value: String) throws -> TransportHeader.Refusal? {
            try TransportHeader.alternatives(parsing: value)[0].refusal(
                server: "10.0.0.1", client: "10.0.0.9")
        }
        #expect(try refusal("RTP/AVP;unicast;server_port=5000-5001") == nil)
        #expect(try refusal("RTP/AVP;source=10.0.0.1;destination=10.0.0.9;server_port=5000") == nil)
        #expect(
            try refusal("RTP/AVP;unicast;destination=10.0.0.7") == .destinationElsewhere("10.0.0.7")
        )
        #expect(try refusal("RTP/AVP;source=10.0.0.7") == .sourceElsewhere("10.0.0.7"))
        #expect(try refusal("RTP/AVP;server_port=0-1") == .port(0))
        #expect(try refusal("RTP/AVP;server_port=22") == .port(22))
        #expect(try refusal("RTP/AVP;server_port=5000-23") == .port(23))
        #expect(try refusal("RTP/AVP;multicast;destination=239.0.0.1;port=5000-5001") == nil)
        #expect(try refusal("RTP/AVP/TCP;interleaved=0-1") == nil)
    }

    @Test func `a transport written is read again`() throws {
        var transport = TransportHeader(
            profile: .avp, lowerTransport: .tcp, delivery: .unicast)
        transport.interleaved = .init(0, 1)
        transport.ssrcs = [0x0A]
        transport.mode = "PLAY"
        #expect(
            transport.text == "RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=0000000A;mode=\"PLAY\"")
        #expect(try TransportHeader.alternatives(parsing: transport.text) == [transport])
    }

    @Test func `what was quoted is written so that it reads as the same`() throws {
        for value in [
            "RTP/AVP;destination=\"a,b;c\"", "RTP/AVP;source=\" a\"", "RTP/AVP;mode=\"A\\\"B\"",
        ] {
            let transport = try TransportHeader.alternatives(parsing: value)
            #expect(try TransportHeader.alternatives(parsing: transport[0].text) == transport)
        }
    }

    @Test func `sources beyond the limit are left out however they are spread`() throws {
        let value = "RTP/AVP" + String(repeating: ";ssrc=1/2/3", count: 5)
        #expect(try TransportHeader.alternatives(parsing: value)[0].ssrcs.count == 8)
    }

    @Test func `no mutation of a header traps`() {
        var random = Seeded(state: 9)
        let values = [
            "RTP/AVP;unicast;client_port=29250-29251;interleaved=0-1;"
                + "ssrc=34138722/A;mode=\"PL\\\"AY\"",
            "url=rtsp://c/a;seq=6447;rtptime=3391431771, url=b;seq=1", "abc;timeout=60",
            "Digest realm=\"a\\\"b\", nonce=\"c\", Basic realm=\"d\"", "npt=0.0-16;time=x",
        ]
        for _ in 0..<4000 {
            for value in values {
                let text = String(decoding: mutated(value.octets, &random), as: UTF8.self)
                _ = (try? TransportHeader.alternatives(parsing: text))?.map(\.text)
                _ = RTPInfo.entries(parsing: text).map(\.text)
                _ = (try? SessionHeader(parsing: text))?.text
                _ = AuthenticationHeader.all(parsing: [text]).map { Digest.Challenge($0) }
                _ = PlayRange(parsing: text)?.text
            }
        }
    }
}
