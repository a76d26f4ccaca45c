// SPDX-License-Identifier: Apache-2.0
import Octets
import Packets
import Testing

@testable import Streams

@Suite struct RivalSendersTests {
    private static let alarm = "rtp conflict senders"

    /// Two cameras for `seconds`; `change` makes the second what it is, and it begins `later`.
    private func faults(
        seconds: Int = 5, later: Int = 0, _ change: (CameraWriter, inout CameraWriter) -> Void
    ) -> (count: UInt64?, first: FaultCount?, reports: Int) {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        var rival = CameraWriter(3)
        change(camera, &rival)
        for number in 0..<25 * (seconds + later) {
            let isSilent = number >= 25 * seconds && number < 25 * later
            if isSilent { bench.now += 40_000_000 }
            if number < 25 * seconds {
                for octets in camera.frame() { bench.send(camera, octets, after: 10) }
            }
            if number >= 25 * later {
                for octets in rival.frame() { bench.send(rival, octets, after: 10) }
            }
        }
        let reports = bench.reports().count
        let first = bench.tracker.faults.first { $0.first.kind == .conflict }
        return (bench.faults()[Self.alarm], first, reports)
    }

    @Test func `another address with the same SSRC and destination is told`() throws {
        let (count, first, reports) = faults { camera, rival in
            rival.target = camera.target
            rival.ssrc = camera.ssrc
        }
        #expect(count == 1)
        #expect(reports == 2)
        let fault = try #require(first)
        #expect(
            fault.first.description == "rtp: senders: 2 addresses send under one SSRC to port 40004"
        )
        #expect(fault.firstPacketNumber == nil)
    }

    @Test func `it is counted once for each interval in which both sent`() {
        // From 00:00:00 on: three intervals of 10 s begun, and each packet pair takes 40 ms.
        let (count, _, _) = faults(seconds: 25) { camera, rival in
            rival.target = camera.target
            rival.ssrc = camera.ssrc
        }
        #expect(count == 3)
    }

    @Test func `many cameras to one port of a recorder are in order`() {
        let (count, _, reports) = faults { camera, rival in rival.target = camera.target }
        #expect(count == nil)
        #expect(reports == 2)
    }

    @Test func `one SSRC to two ports is chance, not forgery`() {
        #expect(faults { $1.ssrc = $0.ssrc }.count == nil)
    }

    @Test func `the same address from another port is a sender that began anew`() {
        let (count, _, reports) = faults { camera, rival in
            rival.target = camera.target
            rival.ssrc = camera.ssrc
            rival.source = Endpoint(address: camera.source.address, port: 5_555)
        }
        #expect(count == nil)
        #expect(reports == 2)
    }

    @Test func `a camera that moved to another address in another interval is in order`() {
        let (count, _, reports) = faults(seconds: 9, later: 21) { camera, rival in
            rival.target = camera.target
            rival.ssrc = camera.ssrc
        }
        #expect(count == nil)
        #expect(reports == 2)
    }

    @Test func `several rivals are counted each`() {
        let bench = TrackerBench()
        var cameras = (2..<6).map { CameraWriter($0) }
        for place in cameras.indices {
            cameras[place].target = cameras[0].target
            cameras[place].ssrc = 7
        }
        for _ in 0..<50 {
            for place in cameras.indices {
                for octets in cameras[place].frame() { bench.send(cameras[place], octets) }
            }
        }
        #expect(bench.reports().count == 4)
        #expect(bench.faults()[Self.alarm] == 3)
    }

    @Test func `in IPv6 as in IPv4`() {
        let bench = TrackerBench()
        var frames: [RTPFrame] = [RTPFrame(), RTPFrame()]
        for place in frames.indices {
            frames[place].isIPv6 = true
            frames[place].source += UInt32(place)
        }
        for _ in 0..<50 {
            for place in frames.indices {
                bench.send(frames[place].bytes)
                frames[place].sequenceNumber &+= 1
            }
        }
        #expect(bench.reports().count == 2)
        #expect(bench.faults()[Self.alarm] == 1)
    }

    @Test func `among thousands of streams only the rivals are told`() {
        let bench = TrackerBench()
        var cameras: [CameraWriter] = []
        for number in 0..<3_000 {
            var camera = CameraWriter(2, ssrc: UInt32(number))
            camera.source = end(10, 1, UInt8(number >> 8), UInt8(number & 255), 5_000)
            camera.target = end(10, 0, 1, 1, 40_000)
            cameras.append(camera)
        }
        cameras[2_999].ssrc = 17
        for _ in 0..<3 {
            for place in cameras.indices {
                for octets in cameras[place].frame() {
                    bench.send(cameras[place], octets, after: 0.1)
                }
            }
        }
        #expect(bench.reports().count == 3_000)
        #expect(bench.faults()[Self.alarm] == 1)
    }
}
