// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Measurements

@Suite struct ObservationTests {
    static func report() -> StreamReport {
        let range = TimeRange(start: Instant(nanoseconds: 0), nanoseconds: 10_000_000_000)
        return StreamReport(
            identity: StreamIdentity(
                source: "10.0.0.1:5004", destination: "10.0.0.2:6000", ssrc: 1,
                transport: .rtpUDP, vlan: [100, 200]), total: Measurement(range: range))
    }

    @Test func `an observation says what the report says`() {
        var report = Self.report()
        report.medium.codec = "h264"
        report.medium.width = 1920
        report.medium.height = 1080
        report.medium.isEncrypted = true
        report.clock.offsetMilliseconds = -1.5
        report.clock.uncertaintyMilliseconds = 0.25
        report.dscpPackets = [
            DSCPCount(dscp: 46, packets: 5), DSCPCount(dscp: 34, packets: 5),
            DSCPCount(dscp: 0, packets: 1),
        ]
        let observation = Observation(report: report)
        #expect(observation.picture == PictureSize(width: 1920, height: 1080))
        #expect(observation.codec == "h264")
        #expect(observation.isEncrypted)
        #expect(
            observation.clock
                == ClockReading(offsetNanoseconds: -1_500_000, uncertaintyNanoseconds: 250_000))
        #expect(observation.dscp == 34)
        #expect(observation.vlan == [100, 200])
        #expect(observation.evidence == .observed)
    }

    @Test func `what the report does not tell is not known`() {
        var report = Self.report()
        report.medium.width = 70_000
        report.medium.height = 1080
        report.clock.offsetMilliseconds = .infinity
        report.clock.uncertaintyMilliseconds = 1
        let observation = Observation(report: report)
        #expect(observation.picture == nil)
        #expect(observation.clock == nil)
        #expect(observation.dscp == nil)
    }

    @Test func `of many tags the outermost are kept`() {
        let range = TimeRange(start: Instant(nanoseconds: 0), nanoseconds: 1)
        let observation = Observation(
            measurement: Measurement(range: range), vlan: [1, 2, 3, 4, 5])
        #expect(observation.vlan == [1, 2, 3, 4])
    }

    @Test func `frames are seen but in TLS and in transport streams`() {
        var observation = Observation(
            silent: TimeRange(start: Instant(nanoseconds: 0), nanoseconds: 1), transport: .rtpUDP)
        let shown = Transport.allCases.filter {
            observation.transport = $0
            return observation.showsFrames
        }
        #expect(shown == [.rtpUDP, .rtpRTSPTCP, .rtpRTSPHTTP, .httpMultipart])
    }

    @Test func `identifiers are what they say`() throws {
        #expect(VantageID("almaty-1/eth0.100:a")?.text == "almaty-1/eth0.100:a")
        for bad in ["", "Eth0", "a b", "қ", String(repeating: "a", count: 65)] {
            #expect(VantageID(bad) == nil)
            #expect(NodeID(bad) == nil)
        }
        #expect(NodeID("a/b") == nil)
        let epoch = Epoch(high: 0x0123, low: .max)
        #expect(epoch.description == "0000000000000123ffffffffffffffff")
        #expect(Epoch(epoch.description) == epoch)
        #expect(Epoch("0000000000000123FFFFFFFFFFFFFFFF") == nil)
        #expect(Epoch("12") == nil)
        let node = try #require(NodeID("n"))
        let first = RecordIdentity(node: node, epoch: epoch, sequence: 1)
        #expect(first < RecordIdentity(node: node, epoch: epoch, sequence: 2))
        #expect(RecordIdentity(node: node, epoch: Epoch(high: 0, low: 9), sequence: 5) < first)
    }
}
