// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import kuzet

@Suite struct ListeningTests {
    @Test func `streams become rows by their URL, their group, or their sender`() throws {
        func report(
            _ source: String, to destination: String, url: String? = nil,
            kind: MediaKind = .video
        ) throws -> StreamReport {
            let range = try #require(
                TimeRange(start: Instant(nanoseconds: 0), end: Instant(nanoseconds: 1)))
            var report = StreamReport(
                identity: StreamIdentity(
                    source: source, destination: destination, ssrc: 1, transport: .rtpUDP,
                    vlan: [], interleavedChannel: nil),
                total: Measurement(range: range))
            report.medium.kind = kind
            report.medium.url = url
            report.medium.codec = "h264"
            return report
        }
        let found = Listening.found(in: [
            try report("10.0.0.1:554", to: "10.9.0.1:4000", url: "rtsp://10.0.0.1:554/main"),
            // The same to another recorder is the same camera.
            try report("10.0.0.1:554", to: "10.9.0.2:4000", url: "rtsp://10.0.0.1/main"),
            try report("10.0.0.2:6000", to: "239.1.1.1:5004"),
            try report("10.0.0.3:6000", to: "10.9.0.1:4002"),
            try report("10.0.0.4:6000", to: "10.9.0.1:4004"),
            try report("10.0.0.4:6002", to: "10.9.0.1:4006"),
            try report("10.0.0.5:6002", to: "10.9.0.1:4008", kind: .audio),
        ])
        #expect(
            found.map(\.stream) == [
                "rtsp://10.0.0.1/main", "239.1.1.1:5004", "10.0.0.3", "10.0.0.4:6000",
                "10.0.0.4:6002",
            ])
        #expect(found.map(\.what) == Array(repeating: "h264", count: 5))
    }

    @Test func `an interface that is not there is told, and nothing was heard`() {
        let (found, fault) = Listening.hear("kuzet-none0", seconds: 1)
        #expect(found == [])
        #expect(fault?.contains("kuzet-none0") == true)
    }
}
