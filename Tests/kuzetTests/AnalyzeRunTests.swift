// SPDX-License-Identifier: Apache-2.0
import Packets
import Testing
import Timekeeping

@testable import kuzet

@Suite struct AnalyzeRunTests {
    @Test func `octets and cut packets of a batch are counted as they were on the wire`() {
        let options = AnalyzeOptions(.interface("eth1"))
        let analysis = Analysis(
            options,
            AnalysisAnswer(options, style: .pipe, output: ByteSink(), messages: ByteSink()))
        let window = [UInt8](repeating: 0, count: 96)
        let records = [60, 96, 1_514].enumerated().map { index, length in
            CapturedRecord(
                offset: 0, capturedLength: min(length, 96), originalLength: length,
                arrival: Instant(nanoseconds: Int64(index)), frameNumber: UInt64(index + 1),
                linkType: .ethernet)
        }
        analysis.receive(window.span, records.span)
        analysis.receive(window.span, records.span)
        #expect(analysis.input.packets == 6)
        #expect(analysis.input.bytes == 2 * (60 + 96 + 1_514))
        #expect(analysis.input.cutPackets == 2)
    }
}
