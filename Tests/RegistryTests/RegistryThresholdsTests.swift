// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Registry

@Suite struct RegistryThresholdsTests {
    static func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

    @Test func `annex 2 holds where nothing was agreed`() throws {
        let registry = try SampleRegistry.make()
        let camera = try #require(CameraID("n-1"))
        let thresholds = registry.thresholds(for: camera, at: Self.at(0))
        #expect(thresholds == .annex2)
        #expect(thresholds.minimumWidth == 1920)
        #expect(thresholds.minimumHeight == 1080)
        #expect(thresholds.minimumBitrate == 5_000_000)
        #expect(thresholds.minimumFrameRate == 25_000)
        #expect(thresholds.maximumLoss == 200_000)
        #expect(thresholds.maximumClockOffset == 1_000_000_000)
        #expect(thresholds.annualDowntime == 180_000_000_000_000)
    }

    @Test func `each limit has its clause`() {
        #expect(
            Threshold.allCases.map(\.clause)
                == ["A2.1.1", "A2.1.2", "A2.1.3", "A2.1.4", "A2.6.2", "A2.7.5"])
    }

    @Test func `the closest agreement that sets a limit decides it`() throws {
        let camera = try #require(CameraID("n-1")), neighbour = try #require(CameraID("n-2"))
        let all = try SampleRegistry.agreement(
            "a", scope: .all, from: 90,
            ThresholdOverrides(
                minimumBitrate: 1, minimumFrameRate: 1, maximumLoss: 1, annualDowntime: 1))
        let kind = try SampleRegistry.agreement(
            "b", scope: .kinds([.outdoorOverview]), from: 80,
            ThresholdOverrides(minimumBitrate: 2, minimumFrameRate: 2, maximumLoss: 2))
        let site = try SampleRegistry.agreement(
            "c", scope: .sites([try #require(SiteID("north"))]), from: 70,
            ThresholdOverrides(minimumBitrate: 3, minimumFrameRate: 3))
        let one = try SampleRegistry.agreement(
            "d", scope: .cameras([camera]), from: 60, ThresholdOverrides(minimumBitrate: 4))
        let registry = try SampleRegistry.make(agreements: [all, kind, site, one])
        let thresholds = registry.thresholds(for: camera, at: Self.at(100))
        #expect(thresholds.minimumBitrate == 4)
        #expect(thresholds.minimumFrameRate == 3)
        #expect(thresholds.maximumLoss == 2)
        #expect(thresholds.annualDowntime == 1)
        #expect(thresholds.maximumClockOffset == Thresholds.annex2.maximumClockOffset)
        #expect(registry.thresholds(for: neighbour, at: Self.at(100)).minimumBitrate == 3)
        #expect(
            registry.agreements(for: camera, at: Self.at(75)).map(\.id.text) == ["d", "c"])
    }

    @Test func `of equally close agreements the one that began last decides`() throws {
        let old = try SampleRegistry.agreement(
            "z", scope: .all, from: 10, ThresholdOverrides(maximumLoss: 10))
        let new = try SampleRegistry.agreement(
            "a", scope: .all, from: 20, until: 30, ThresholdOverrides(maximumLoss: 20))
        let registry = try SampleRegistry.make(agreements: [old, new])
        let camera = try #require(CameraID("n-1"))
        let losses = [9, 10, 19, 20, 29, 30].map {
            registry.thresholds(for: camera, at: Self.at($0)).maximumLoss
        }
        #expect(losses == [200_000, 10, 10, 20, 20, 10])
    }

    @Test func `a limit changed in mid-month splits the month where it changed`() throws {
        let day: Int64 = 86_400_000_000_000
        let agreement = try SampleRegistry.agreement(
            "a", scope: .all, from: 10 * day, until: 20 * day, ThresholdOverrides(maximumLoss: 5))
        // Says the same again: no change.
        let same = try SampleRegistry.agreement(
            "b", scope: .all, from: 15 * day, until: 20 * day, ThresholdOverrides(maximumLoss: 5))
        let registry = try SampleRegistry.make(agreements: [agreement, same])
        let month = TimeRange(start: Self.at(0), nanoseconds: 31 * day)
        let camera = try #require(CameraID("n-1"))
        let changes = registry.thresholdChanges(for: camera, in: month)
        #expect(
            changes.map(\.0) == [
                TimeRange(start: Self.at(0), nanoseconds: 10 * day),
                TimeRange(start: Self.at(10 * day), nanoseconds: 10 * day),
                TimeRange(start: Self.at(20 * day), nanoseconds: 11 * day),
            ])
        #expect(changes.map(\.1.maximumLoss) == [200_000, 5, 200_000])
    }

    @Test func `every stretch has the limits of each of its instants`() throws {
        // A seeded generator: the stretches must agree with asking instant by instant.
        let seed: UInt64 = 20_260_301
        var generator = SplitMix(state: seed)
        let camera = try #require(CameraID("n-1"))
        for _ in 0..<200 {
            var agreements: [Agreement] = []
            for index in 0..<Int.random(in: 0...6, using: &generator) {
                // Different beginnings, as equal ones are refused.
                let from = Int64(index * 17 + Int.random(in: 0...16, using: &generator))
                let until: Int64? =
                    Bool.random(using: &generator)
                    ? from + Int64.random(in: 1...40, using: &generator) : nil
                let scope: Agreement.Scope =
                    Bool.random(using: &generator) ? .all : .cameras([camera])
                agreements.append(
                    try SampleRegistry.agreement(
                        "a-\(index)", scope: scope, from: from, until: until,
                        ThresholdOverrides(
                            minimumBitrate: Int64.random(in: 1...3, using: &generator),
                            maximumLoss: Bool.random(using: &generator) ? index : nil)))
            }
            let registry = try SampleRegistry.make(agreements: agreements)
            let range = TimeRange(start: Self.at(3), nanoseconds: 150)
            let changes = registry.thresholdChanges(for: camera, in: range)
            #expect(changes.first?.0.start == range.start, "seed \(seed)")
            #expect(changes.last?.0.end == range.end, "seed \(seed)")
            for (stretch, thresholds) in changes {
                for nanosecond in stretch.start.nanoseconds..<stretch.end.nanoseconds {
                    #expect(
                        registry.thresholds(for: camera, at: Self.at(nanosecond)) == thresholds,
                        "seed \(seed)")
                }
            }
            for (one, next) in zip(changes, changes.dropFirst()) {
                #expect(one.0.end == next.0.start && one.1 != next.1, "seed \(seed)")
            }
        }
    }

    @Test func `an empty range has no stretches`() throws {
        let registry = try SampleRegistry.make()
        let range = TimeRange(start: Self.at(3), nanoseconds: 0)
        #expect(registry.thresholdChanges(for: try #require(CameraID("n-1")), in: range).isEmpty)
    }
}

/// SplitMix64, for tests that can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
