// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@Suite struct StreamReportTests {
    @Test func `a fresh report claims nothing`() {
        let range = TimeRange(start: Instant(nanoseconds: 0), nanoseconds: 1)
        let report = StreamReport(
            identity: StreamIdentity(
                source: "192.0.2.1:1", destination: "192.0.2.2:2", ssrc: nil,
                transport: .httpMultipart),
            total: Measurement(range: range))
        #expect(report.medium.codec == nil)
        #expect(report.medium.width == nil)
        #expect(!report.medium.isEncrypted)
        #expect(report.clock.offsetMilliseconds == nil)
        #expect(report.total.packets.lossRatio == nil)
        #expect(report.total.trust.probeDrops == nil)
        #expect(report.unknown.isEmpty)
    }

    @Test func `every reason has a text of its own`() {
        let texts = UnknownReason.allCases.map(\.rawValue)
        #expect(Set(texts).count == texts.count)
        #expect(texts.allSatisfy { $0.count > 5 && !$0.hasSuffix(".") })
    }
}
