// SPDX-License-Identifier: Apache-2.0
import Packets
import Testing
import Timekeeping

@testable import Checks

struct STAMPSenderTests {
    @Test func `packets have 44 octets and are read as they were written`() throws {
        let request = STAMPPacket.Request(
            sequence: 7, sent: NTPTime(bits: 0x0102_0304_0506_0708), errorEstimate: 0x8001)
        #expect(request.octets.count == 44)
        #expect(request.octets.prefix(6) == [0, 0, 0, 7, 1, 2])
        #expect(STAMPPacket.Request(request.octets) == request)
        let reply = STAMPPacket.Reply(
            to: request, sequence: 3, received: NTPTime(bits: 11), sent: NTPTime(bits: 12),
            errorEstimate: 1, hopLimit: 63)
        #expect(reply.octets.count == 44)
        #expect(reply.octets[40] == 63)
        #expect(STAMPPacket.Reply(reply.octets) == reply)
        #expect(STAMPPacket.Request(Array(request.octets.prefix(43))) == nil)
    }

    @Test func `the error estimate is never below the error`() {
        for error in [0, 1, 1000, 999_999, 1_000_000_000, 16_000_000_000] as [Int64] {
            let clock = OwnClock(state: .synchronised, greatestError: error)
            let estimate = STAMPPacket.errorEstimate(clock)
            let stated =
                Double(estimate & 0xff) * Double(UInt64(1) << UInt64(estimate >> 8 & 0x3f))
                / 4_294_967_296
            // Eight bits of it: within a hundredth.
            #expect(stated * 1.01 >= Double(error) / 1e9)
            #expect(estimate & 0x8000 != 0)
        }
        #expect(STAMPPacket.errorEstimate(OwnClock(state: .unsynchronised)) & 0x8000 == 0)
    }

    @Test func `a reflector on loopback answers all, and only those allowed`() throws {
        let bench = try PullBench()
        let any = Endpoint(address: IPAddress(127, 0, 0, 1), port: 0)
        let place = try #require(bench.loop.reflect(at: any, allowed: PullBench.loopback))
        let closed = try #require(bench.loop.reflect(at: any, allowed: AllowedAddresses([])))
        var results: [STAMPResult] = []
        for endpoint in [place, closed] {
            bench.loop.stamp(
                endpoint, count: 10, intervalNanoseconds: 1_000_000, allowed: PullBench.loopback
            ) { results.append($0) }
        }
        let start = ContinuousClock.now
        while results.count < 2, ContinuousClock.now - start < .seconds(30) {
            bench.loop.turn(milliseconds: 10)
        }
        let good = try #require(results.first { $0.endpoint == place })
        #expect(good.sent == 10 && good.answered == 10)
        #expect(good.lostForward == 0 && good.lostBackward == 0)
        // One clock at both ends; the time stamps of the system are the only difference.
        #expect(abs(good.offsetNanoseconds ?? .max) < 50_000_000)
        #expect((good.roundTripLeast ?? 0) > 0)
        let bad = try #require(results.first { $0.endpoint == closed })
        #expect(bad.sent == 10 && bad.answered == 0)
        #expect(bad.roundTripLeast == nil && bad.lostForward == nil)
    }
}
