// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Simulation

@Suite struct HistoryTruthTests {
    private static let plan = HistoryPlanTests.plan
    private static let truth = HistoryTruth(plan)

    private func spans(_ camera: Int) -> [TrueSpan] {
        let channel = Self.plan.layout.channel(ofCamera: camera)
        let outages = Self.truth.outages(ofChannel: channel)
        return Self.truth.spans(of: camera, channelOutages: outages)
    }

    @Test func `the spans of a camera follow each other from end to end`() {
        for camera in 0..<60 {
            let spans = spans(camera)
            #expect(spans.first?.range.start == simulatedYear.start)
            #expect(spans.last?.range.end == simulatedYear.end)
            for (one, next) in zip(spans, spans.dropFirst()) {
                #expect(one.range.end == next.range.start)
                #expect(one.range.nanoseconds > 0)
            }
        }
    }

    @Test func `a cut channel is its operator's and a power cut the subscriber's`() throws {
        let channel = try #require(Self.plan.channelCuts.firstIndex { !$0.isEmpty })
        let cut = Self.plan.channelCuts[channel][0]
        let middle = cut.start.advanced(byNanoseconds: cut.nanoseconds / 2)
        let camera = Self.plan.layout.cameras(ofChannel: channel).lowerBound
        let span = try #require(spans(camera).first { $0.range.contains(middle) })
        #expect(span.state == "down" || span.state == "unknown" || span.state == "excluded")
        if span.state == "down" { #expect(span.responsible == "channel") }
        #expect(Self.truth.outages(ofChannel: channel).contains(middle) == (span.state == "down"))
    }

    @Test func `a pause is no outage but a minute of too few frames`() throws {
        for camera in 0..<60 {
            for trouble in Self.plan.own[camera] where trouble.kind == .pause {
                let span = try #require(
                    spans(camera).first { $0.range.contains(trouble.range.start) })
                #expect(span.state != "down" || span.range.nanoseconds > 120_000_000_000)
                if span.state == "degraded" { #expect(span.detail == "bitrate,frame-rate") }
            }
        }
    }
}
