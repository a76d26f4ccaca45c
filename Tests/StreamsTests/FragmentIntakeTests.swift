// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Packets
import Testing

@testable import Streams

@Suite struct FragmentIntakeTests {
    /// A fragment of 1,000 octets at `place`.
    private func fragment(
        _ identification: Int, at place: Int, more: Bool, octet: UInt8 = 1, count: Int = 1_000
    ) -> [UInt8] {
        var frame = Frame.ip(
            from: IPAddress(10, 0, 0, 1), to: IPAddress(10, 0, 0, 2), protocol: 17,
            [UInt8](repeating: octet, count: count))
        frame.replaceSubrange(18..<20, with: big16(identification))
        frame.replaceSubrange(20..<22, with: big16(place / 8 | (more ? 0x2000 : 0)))
        return frame
    }

    @Test func `a datagram whose rest never comes is counted when its time is over`() {
        let bench = TrackerBench()
        bench.send(fragment(1, at: 0, more: true))
        bench.send(fragment(2, at: 0, more: true), after: 31_000)
        #expect(bench.faults() == ["fragment over-limit seconds incomplete": 1])
        _ = bench.reports()
        #expect(bench.faults()["fragment ignored incomplete at the end"] == 1)
        let fault = bench.tracker.faults.first { $0.first.kind == .overLimit }
        #expect(
            fault?.first.description
                == "fragment: seconds incomplete at byte 0: over the limit "
                + "(got 31; expected at most 30)")
    }

    @Test func `row 9 datagrams that had to make room are counted`() {
        let bench = TrackerBench()
        for number in 0..<FragmentReassembler.datagramLimit + 7 {
            bench.send(fragment(number, at: 0, more: true), after: 0.01)
        }
        #expect(bench.faults() == ["fragment over-limit incomplete datagrams": 7])
    }

    @Test func `row 9 fragments that overlap or have no place are counted, copies are not faults`()
    {
        let bench = TrackerBench()
        bench.send(fragment(1, at: 0, more: true))
        bench.send(fragment(1, at: 0, more: true))
        bench.send(fragment(1, at: 504, more: true, octet: 9))
        // Beyond 65,535 octets; and a length in the middle that is no multiple of eight.
        bench.send(fragment(2, at: 65_528, more: true))
        bench.send(fragment(3, at: 0, more: true, count: 1_001))
        #expect(
            bench.faults() == [
                "fragment ignored seen before": 1, "fragment invalid overlap": 1,
                "fragment invalid place": 2,
            ])
    }

    @Test func `datagrams that came whole leave nothing to count`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        for number in 0..<20 {
            let octets = camera.packet(CameraWriter.slice(count: 1_980))
            let whole = Frame.udp(from: camera.source, to: camera.target, octets)
            for place in [0, 1_000] {
                var frame = Array(whole[..<34]) + whole[(34 + place)...].prefix(1_000)
                frame.replaceSubrange(16..<18, with: big16(frame.count - 14))
                frame.replaceSubrange(18..<20, with: big16(number))
                frame.replaceSubrange(20..<22, with: big16(place == 0 ? 0x2000 : 125))
                bench.send(frame, after: 20)
            }
        }
        #expect(try bench.report(ssrc: camera.ssrc).total.packets.received == 20)
        #expect(bench.faults().isEmpty)
    }
}
