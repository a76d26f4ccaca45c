// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing

@testable import Streams

/// Faults in one camera's RTCP beside a sound one (rows 19 and 20).
@Suite struct BadRTCPTests {
    @Test func `row 19 a sub-packet past the end is counted and the ones before it are kept`()
        throws
    {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            for octets in camera.frame() { bench.send(camera, octets) }
            guard number % 10 == 9 else { return }
            let bye = RTCPWriter.goodbye([camera.ssrc])
            bench.sendRTCP(camera, bye + [0x81, 202, 0, 9] + big32(camera.ssrc))
        }
        let report = try pair.finish()
        #expect(report.goodbyes == 20)
        #expect(pair.bench.realFaults() == ["rtcp truncated length": 20])
    }

    @Test func `row 19 more blocks promised than there are is counted`() throws {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            for octets in camera.frame() { bench.send(camera, octets) }
            guard number % 10 == 9 else { return }
            var octets = RTCPWriter.receiverReport(
                ssrc: 1, blocks: [RTCPWriter.block(about: camera.ssrc, lost: 9)])
            octets[0] = 0x80 | 31
            bench.sendRTCP(camera, octets + RTCPWriter.goodbye([camera.ssrc]))
        }
        let report = try pair.finish()
        // What follows a sub-packet of sound length is read.
        #expect(report.goodbyes == 20)
        #expect(report.reception.isEmpty)
        #expect(pair.bench.realFaults().values.map { $0 } == [20])
    }

    @Test func `row 19 packets go on after a goodbye, and a compound may begin with anything`()
        throws
    {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            for octets in camera.frame() { bench.send(camera, octets) }
            guard number == 50 else { return }
            let name = RTCPWriter.canonicalName("a", ssrc: camera.ssrc)
            bench.sendRTCP(camera, name + RTCPWriter.goodbye([camera.ssrc]) + name)
        }
        let report = try pair.finish()
        #expect(report.goodbyes == 1)
        #expect(report.medium.canonicalName == "a")
        #expect(report.total.packets.received == 400)
        #expect(pair.bench.realFaults().isEmpty)
    }

    /// NTP times that say nothing: zero, 1900, 2036 after the rollover, ten years ahead.
    @Test(arguments: [0, 1 << 32, 1, (3_918_240_000 + 11 * 31_557_600) << 32] as [UInt64])
    func `row 20 an impossible clock is unknown and touches nothing`(ntp: UInt64) throws {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            for octets in camera.frame() { bench.send(camera, octets) }
            guard number % 20 == 9 else { return }
            let time = ntp == 0 ? 0 : ntp &+ UInt64(number) << 30
            bench.sendRTCP(
                camera,
                RTCPWriter.senderReport(
                    ssrc: camera.ssrc, ntp: time, timestamp: camera.timestamp))
        }
        let report = try pair.finish()
        #expect(report.clock.senderReports == 10)
        #expect(report.clock.offsetMilliseconds == nil)
        let reason = report.unknown.first { $0.figure == "clock_offset_ms" }?.reason
        #expect(reason == (ntp == 0 ? .senderClockUnset : .senderClockImplausible))
    }
}
