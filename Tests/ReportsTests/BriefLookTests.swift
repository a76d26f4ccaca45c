// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Testing
import Timekeeping

@testable import Reports

/// A camera that was up for 40 s: too short for a breach to be confirmed.
@Suite struct BriefLookTests {
    static let up: Int64 = 40_000_000_000

    /// Figures of 40 s in which every criterion is kept with room to spare.
    static func figures(
        _ change: (inout Statement.QualityFigures) -> Void = { _ in }
    ) -> Statement.QualityFigures {
        var figures = Statement.QualityFigures()
        figures.observed = up
        figures.expected = 1000
        figures.octets = 40_000_000
        figures.frames = 1000
        figures.picture = Statement.Picture(width: 1920, height: 1080)
        figures.clock = Statement.ClockExtremes(least: -1_000_000, greatest: 1_000_000)
        change(&figures)
        return figures
    }

    static func look(_ change: (inout Statement.QualityFigures) -> Void) -> BriefLook {
        figures(change).look(.annex2, upTime: up, .standard)
    }

    static let kept = BriefLook()

    static func broken(_ criteria: CriterionSet) -> BriefLook { BriefLook(broken: criteria) }

    @Test func `what keeps every limit breaks none`() {
        #expect(Self.look { _ in } == Self.kept)
    }

    @Test func `A2_1_1 a picture is held by its long and its short side`() {
        func look(_ width: Int, _ height: Int) -> BriefLook {
            Self.look { $0.picture = Statement.Picture(width: width, height: height) }
        }
        #expect(look(1920, 1080) == Self.kept)
        #expect(look(1080, 1920) == Self.kept)
        #expect(look(1919, 1080) == Self.broken(.resolution))
        #expect(look(1920, 1079) == Self.broken(.resolution))
        #expect(Self.look { $0.picture = nil } == Self.kept)
    }

    @Test func `A2_1_2 a bit rate may stay half a per cent below the limit and no octet more`() {
        // 5000 kbit/s less 0.5 % over 40 s.
        #expect(Self.look { $0.octets = 24_875_000 } == Self.kept)
        #expect(Self.look { $0.octets = 24_874_999 } == Self.broken(.bitrate))
        #expect(Self.look { $0.octets = 0 } == Self.kept)
    }

    @Test func `A2_1_3 a frame rate may stay half a per cent below the limit and no frame more`() {
        // 40 s at 24.875 frames/s hold 995 frames, or one less as they happen to lie.
        #expect(Self.look { $0.frames = 994 } == Self.kept)
        #expect(Self.look { $0.frames = 993 } == Self.broken(.frameRate))
        #expect(Self.look { $0.frames = 0 } == Self.kept)
    }

    @Test func `A2_1_4 a fifth may be lost and no packet more`() {
        #expect(Self.look { $0.lost = 200 } == Self.kept)
        #expect(Self.look { $0.lost = 201 } == Self.broken(.loss))
        let nothingExpected = Self.look {
            $0.expected = 0
            $0.lost = 0
        }
        #expect(nothingExpected == Self.kept)
    }

    @Test func `A2_6_2 a clock may be off by a second, and its error bar leaves it in doubt`() {
        func look(_ offset: Int64, doubt: Int64) -> [BriefLook] {
            [
                Self.look {
                    $0.clock = .init(least: 0, greatest: offset, greatestDoubt: doubt)
                },
                Self.look { $0.clock = .init(least: -offset, greatest: 0, leastDoubt: doubt) },
            ]
        }
        let second: Int64 = 1_000_000_000
        let doubtful = BriefLook(doubtful: .clockOffset)
        #expect(look(second, doubt: 0).allSatisfy { $0 == Self.kept })
        #expect(look(second + 1, doubt: 0).allSatisfy { $0 == Self.broken(.clockOffset) })
        #expect(look(second - 5, doubt: 5).allSatisfy { $0 == Self.kept })
        #expect(look(second - 4, doubt: 5).allSatisfy { $0 == doubtful })
        #expect(look(second + 5, doubt: 5).allSatisfy { $0 == doubtful })
        #expect(look(second + 6, doubt: 5).allSatisfy { $0 == Self.broken(.clockOffset) })
        #expect(Self.look { $0.clock = nil } == Self.kept)
    }

    @Test func `with drops of the probe what fails is in doubt and what holds holds`() {
        let failing = Self.look {
            $0.hasProbeDrops = true
            $0.octets = 24_874_999
            $0.frames = 993
            $0.lost = 201
        }
        #expect(failing == BriefLook(doubtful: [.bitrate, .frameRate, .loss]))
        #expect(Self.look { $0.hasProbeDrops = true } == Self.kept)
    }

    /// The verdicts of a camera that was up for `seconds` and not watched else, with `figures`.
    static func verdicts(
        up seconds: Int64, _ figures: Statement.QualityFigures
    ) throws -> [Statement.CriterionCode: Statement.VerdictCode] {
        let start = MadeUpSystem.at(3)
        let seen = MadeUpSystem.range(
            start, start.advanced(byNanoseconds: seconds * MadeUpSystem.second))
        let account = Account.make(
            registry: MadeUpSystem.registry, zone: { _ in MadeUpSystem.zone },
            systemZone: MadeUpSystem.zone,
            conditions: { _ in [ConditionSpan(range: seen, condition: .up)] }, works: [],
            exclusions: [], period: MadeUpSystem.month, now: MadeUpSystem.month.end)
        var sources = MadeUpSystem.sources()
        sources.account = account
        sources.quality = { _ in figures }
        let line = try #require(Statement.make(sources).cameras.first)
        return Dictionary(uniqueKeysWithValues: line.criteria.map { ($0.criterion, $0.verdict) })
    }

    @Test func `a brief look is judged by its figures, each criterion for itself`() throws {
        let bad = Self.figures {
            $0.picture = Statement.Picture(width: 1280, height: 720)
            $0.octets = 10_000_000
            $0.frames = 480
            $0.lost = 250
            $0.clock = .init(least: 0, greatest: 3_200_000_000)
        }
        let verdicts = try Self.verdicts(up: 40, bad)
        for criterion in Statement.CriterionCode.allCases where criterion != .downtime {
            #expect(verdicts[criterion] == .breached, "\(criterion)")
        }
        let good = try Self.verdicts(up: 40, Self.figures())
        for criterion in Statement.CriterionCode.allCases where criterion != .downtime {
            #expect(good[criterion] == .met, "\(criterion)")
        }
    }

    @Test func `what a brief look did not measure or cannot tell is undecidable`() throws {
        let none = try Self.verdicts(up: 40, Statement.QualityFigures())
        for criterion in Statement.CriterionCode.allCases where criterion != .downtime {
            #expect(none[criterion] == .undecidable, "\(criterion)")
        }
        let doubtful = try Self.verdicts(
            up: 40,
            Self.figures {
                $0.clock = .init(least: 0, greatest: 1_000_000_000, greatestDoubt: 1)
            })
        #expect(doubtful[.clockOffset] == .undecidable)
        #expect(doubtful[.loss] == .met)
    }

    @Test func `from a minute on the account decides`() throws {
        let lossy = Self.figures { $0.lost = 250 }
        #expect(try Self.verdicts(up: 59, lossy)[.loss] == .breached)
        #expect(try Self.verdicts(up: 60, lossy)[.loss] == .met)
    }
}
