// SPDX-License-Identifier: Apache-2.0
import Packets
import Testing

@testable import Checks

struct EchoMessageTests {
    @Test func `a request's reply is read with and without an IPv4 header`() throws {
        let message = EchoMessage(identifier: 7, sequence: 9, cookie: 0x0102_0304_0506_0708)
        var octets = message.request(isV4: true)
        #expect(octets.count == 64)
        #expect(EchoMessage.checksum(octets) == 0)
        octets[0] = 0
        #expect(EchoMessage(reply: octets, isV4: true, hasHeader: false) == message)
        let header = [UInt8](repeating: 0, count: 20)
        let whole = [0x45] + header.dropFirst() + octets
        #expect(EchoMessage(reply: whole, isV4: true, hasHeader: true) == message)
    }

    @Test func `every truncation is no reply`() {
        var octets = EchoMessage(identifier: 1, sequence: 2, cookie: 3).request(isV4: false)
        octets[0] = 129
        for count in 0..<16 {
            #expect(EchoMessage(reply: octets.prefix(count), isV4: false, hasHeader: false) == nil)
        }
        #expect(EchoMessage(reply: octets.prefix(16), isV4: false, hasHeader: false) != nil)
    }

    @Test func `a request is no reply`() {
        let octets = EchoMessage(identifier: 1, sequence: 2, cookie: 3).request(isV4: true)
        #expect(EchoMessage(reply: octets, isV4: true, hasHeader: false) == nil)
    }

    @Test func `no answer has no round trip`() {
        var result = EchoResult(IPAddress(192, 0, 2, 1))
        result.sent = 3
        #expect(result.lost == 3)
        #expect(result.roundTripLeast == nil)
        result.answer(after: 5)
        result.answer(after: 3)
        #expect(result.lost == 1)
        #expect(result.roundTripLeast == 3)
        #expect(result.roundTripGreatest == 5)
        #expect(result.roundTripSum == 8)
    }
}

struct OwnClockTests {
    @Test func `the kernel's answer is read`() {
        let good = OwnClock(
            answer: 0, status: 0x2001, offset: -1500, greatestMicroseconds: 2000,
            estimatedMicroseconds: 10)
        #expect(good.state == .synchronised)
        #expect(good.offsetNanoseconds == -1500)
        #expect(good.greatestError == 2_000_000)
        let lost = OwnClock(
            answer: 5, status: 0x40, offset: 0, greatestMicroseconds: 16_000_000,
            estimatedMicroseconds: 16_000_000)
        #expect(lost.state == .unsynchronised)
        let leaping = OwnClock(
            answer: 1, status: 1, offset: 0, greatestMicroseconds: 1, estimatedMicroseconds: 1)
        #expect(leaping.state == .leaping)
        let none = OwnClock(
            answer: -1, status: 0, offset: 0, greatestMicroseconds: 0, estimatedMicroseconds: 0)
        #expect(none.state == .unknown)
    }

    @Test func `this machine's kernel answers`() {
        #expect(OwnClock.read().state != .unknown)
    }

    @Test func `chrony's line is read and anything else is not`() throws {
        let line =
            "C0A80001,192.168.0.1,3,1700000000.123456789,0.000012345,-0.000001,0.00002,1.5,0.01,"
            + "0.05,0.001200000,0.000400000,64.2,Normal\n"
        let tracking = try #require(ChronyTracking(parsing: line))
        #expect(tracking.stratum == 3)
        #expect(tracking.offsetNanoseconds == 12_345)
        #expect(tracking.boundNanoseconds == 1_000_000)
        #expect(tracking.leapStatus == "Normal")
        for bad in [
            "", "506 Cannot talk to daemon", line + ",x", line.replacing("0.0012", with: "nan"),
        ] {
            #expect(ChronyTracking(parsing: bad) == nil)
        }
    }
}

struct ReachTests {
    @Test func `loopback answers echoes, if this process may send them`() throws {
        let bench = try PullBench()
        var result: EchoResult?
        let request = EchoRequest(
            IPAddress(127, 0, 0, 1), count: 5, intervalNanoseconds: 1_000_000)
        bench.loop.echo(request, allowed: PullBench.loopback) { result = $0 }
        for _ in 0..<300 where result == nil { bench.loop.turn(milliseconds: 10) }
        let found = try #require(result)
        guard found.failure?.word != "no-echo" else { return }
        #expect(found.sent == 5)
        #expect(found.answered == 5)
        #expect((found.roundTripLeast ?? 0) > 0)
        #expect(!bench.loop.isBusy)
    }

    @Test func `an echo goes nowhere that is not allowed`() throws {
        let bench = try PullBench()
        var result: EchoResult?
        bench.loop.echo(EchoRequest(IPAddress(192, 0, 2, 1)), allowed: PullBench.loopback) {
            result = $0
        }
        #expect(result?.failure?.kind == .notAllowed)
        #expect(result?.sent == 0)
    }

    @Test func `a port that listens connects, one that does not refuses`() throws {
        let camera = try #require(LoopbackCamera(script: CameraScript.decent))
        defer { camera.end() }
        let bench = try PullBench()
        var results: [ConnectResult] = []
        for port in [camera.port, 1] {
            bench.loop.connect(
                Endpoint(address: IPAddress(127, 0, 0, 1), port: port),
                allowed: PullBench.loopback
            ) { results.append($0) }
        }
        for _ in 0..<300 where results.count < 2 { bench.loop.turn(milliseconds: 10) }
        let open = results.first { $0.endpoint.port == camera.port }
        #expect((open?.nanoseconds ?? 0) > 0)
        #expect(results.first { $0.endpoint.port == 1 }?.failure?.word == "connection-refused")
    }
}
