// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Registry

@Suite struct RegistryMakingTests {
    @Test func `a registry that fits together has no problem`() throws {
        #expect(SampleRegistry.problems(try SampleRegistry.drafts()).isEmpty)
    }

    @Test func `an id twice is named with both places`() throws {
        var drafts = try SampleRegistry.drafts()
        let place = SourcePlace(file: "cameras.csv", line: 212)
        drafts.cameras.append(
            Drafted(try SampleRegistry.camera("n-1", stream: "10.9.9.9"), at: place))
        #expect(
            SampleRegistry.problems(drafts) == [
                "cameras.csv:212:1: cameras.n-1.id: an id twice (first at registry/cameras:2:1) "
                    + "(got \"n-1\"; expected each id once)"
            ])
        #expect(Registry.make(drafts).registry == nil)
    }

    @Test func `references that lead nowhere are named with what was probably meant`() throws {
        var drafts = try SampleRegistry.drafts()
        let place = SourcePlace(file: "f", line: 7, column: 3)
        drafts.sites.append(Drafted(try SampleRegistry.site("east", of: "ownr"), at: place))
        drafts.channels.append(
            Drafted(try SampleRegistry.channel("x", of: "telekom", sites: ["nort"]), at: place))
        drafts.cameras.append(
            Drafted(
                try SampleRegistry.camera("c", site: "sout", channel: "rings", stream: "10.5.5.5"),
                at: place,
                fields: .columns(
                    names: ["id", "site", "channel"],
                    [1, 11, 22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])))
        #expect(
            SampleRegistry.problems(drafts) == [
                "f:7:3: sites.east.subscriber: no such party (got \"ownr\"; expected the id of a "
                    + "party); did you mean `owner`?",
                "f:7:3: channels.x.operator: no such party (got \"telekom\"; expected the id of a "
                    + "party); did you mean `telecom`?",
                "f:7:3: channels.x.sites[1]: no such site (got \"nort\"; expected the id of a "
                    + "site); did you mean `north`?",
                "f:7:11: cameras.c.site: no such site (got \"sout\"; expected the id of a site); "
                    + "did you mean `south`?",
                "f:7:22: cameras.c.channel: no such channel (got \"rings\"; expected the id of a "
                    + "channel); did you mean `ring`?",
            ])
    }

    @Test func `a reference to a party of the wrong role is an error`() throws {
        var drafts = try SampleRegistry.drafts()
        drafts.sites.append(
            Drafted(try SampleRegistry.site("east", of: "telecom"), at: SourcePlace(file: "s")))
        drafts.channels.append(
            Drafted(
                try SampleRegistry.channel("x", of: "ministry", sites: ["north"]),
                at: SourcePlace(file: "x")))
        let problems = Registry.make(drafts).problems.problems
        #expect(problems.map(\.code) == [.wrongReference, .wrongReference])
        // A subscriber may run its own line (¶10).
        var own = try SampleRegistry.drafts()
        own.channels.append(
            Drafted(
                try SampleRegistry.channel("x", of: "owner", sites: ["north"]),
                at: SourcePlace(file: "x")))
        #expect(Registry.make(own).registry != nil)
    }

    @Test func `a camera's channel must carry its site`() throws {
        let cameras = [try SampleRegistry.camera("a", channel: "spur", stream: "10.0.0.1")]
        let problems = Registry.make(try SampleRegistry.drafts(cameras: cameras)).problems
        #expect(problems.problems.map(\.code) == [.wrongReference])
        #expect(problems.problems.first?.field == "cameras.a.channel")
    }

    @Test func `a second coordinator is an error`() throws {
        var drafts = try SampleRegistry.drafts()
        drafts.parties.append(
            Drafted(try SampleRegistry.party("other", .coordinator), at: SourcePlace(file: "p")))
        #expect(Registry.make(drafts).problems.problems.map(\.code) == [.duplicate])
    }

    @Test func `wireless lines, short power and missing main lines are warnings`() throws {
        var drafts = try SampleRegistry.drafts()
        let place = SourcePlace(file: "f")
        drafts.sites.append(Drafted(try SampleRegistry.site("east", power: 45), at: place))
        drafts.channels.append(
            Drafted(
                try SampleRegistry.channel("radio", sites: ["north"], medium: .wireless),
                at: place))
        drafts.channels.append(
            Drafted(
                try SampleRegistry.channel(
                    "radio-2", sites: ["east"], medium: .wireless, role: .reserve,
                    isEncrypted: true), at: place))
        let (registry, problems) = Registry.make(drafts)
        #expect(registry != nil)
        #expect(
            problems.sorted.map(\.description) == [
                "f:1:1: warning: sites.east.autonomous_power: 45 minutes of autonomous power "
                    + "(expected at least 60, A2.5.3)",
                "f:1:1: warning: channels.radio.medium: a wireless main line (expected fibre, "
                    + "A2.7.7; wireless as reserve, A2.7.8)",
                "f:1:1: warning: channels.radio.encrypted: a wireless line without encryption "
                    + "(expected encryption, A2.7.9)",
                "f:1:1: warning: sites.east: reserve channels alone carry this site (expected a "
                    + "main line, A2.7.7)",
            ])
    }

    @Test(arguments: [
        ("rtsp://10.0.0.1/a", "RTSP://10.0.0.1:554/a"), ("239.1.1.1:5004", "239.1.1.1:5004"),
        ("10.0.0.1:6000", "10.0.0.1:6000"), ("239.1.1.1", "239.1.1.1"),
    ])
    func `two cameras that claim one stream are an error that names both`(
        first: String, second: String
    ) throws {
        let cameras = [
            try SampleRegistry.camera("a", stream: first),
            try SampleRegistry.camera("b", stream: second),
        ]
        let (registry, problems) = Registry.make(try SampleRegistry.drafts(cameras: cameras))
        #expect(registry == nil)
        #expect(problems.problems.map(\.code) == [.ambiguousStream])
        #expect(problems.problems.first?.field == "cameras.b.stream")
        #expect(
            problems.problems.first?.what
                == "the same stream as camera `a` (first at registry/cameras:1:1)")
    }

    @Test func `one address and port for two cameras is an error unless their streams differ`()
        throws
    {
        let twice = [
            try SampleRegistry.camera("a", address: "10.0.0.1:80", stream: "239.1.1.1"),
            try SampleRegistry.camera("b", address: "10.0.0.1:80"),
        ]
        let error = Registry.make(try SampleRegistry.drafts(cameras: twice))
        #expect(error.registry == nil)
        #expect(error.problems.problems.map(\.code) == [.duplicate])
        let encoder = [
            try SampleRegistry.camera("a", address: "10.0.0.1:80", stream: "239.1.1.1"),
            try SampleRegistry.camera("b", address: "10.0.0.1:80", stream: "239.1.1.2"),
        ]
        let warning = Registry.make(try SampleRegistry.drafts(cameras: encoder))
        #expect(warning.registry != nil)
        #expect(warning.problems.problems.map(\.severity) == [.warning])
    }

    @Test func `a word of two alphabets in a name is a warning`() throws {
        let cameras = [
            try SampleRegistry.camera("a", stream: "10.0.0.1", name: "K\u{430}мера"),
            try SampleRegistry.camera("b", stream: "10.0.0.2", name: "IP-камера 1"),
        ]
        let (registry, problems) = Registry.make(try SampleRegistry.drafts(cameras: cameras))
        #expect(registry != nil)
        #expect(problems.problems.map(\.code) == [.lookAlike])
    }

    @Test func `a camera that no stream can match is a warning`() throws {
        let cameras = [
            try SampleRegistry.camera("a"), try SampleRegistry.camera("b", address: "cam.example"),
            try SampleRegistry.camera("c", address: "10.0.0.1"),
        ]
        let problems = Registry.make(try SampleRegistry.drafts(cameras: cameras)).problems
        #expect(problems.problems.map(\.field) == ["cameras.a.stream", "cameras.b.stream"])
    }

    @Test func `an agreement needs two parties, a scope, a limit and an end after its beginning`()
        throws
    {
        let agreement = Agreement(
            id: try #require(AgreementID("a")), parties: [try #require(PartyID("telecom"))],
            scope: .sites([]), overrides: ThresholdOverrides(),
            validFrom: Instant(nanoseconds: 5), validUntil: Instant(nanoseconds: 5),
            document: "d")
        let drafts = try SampleRegistry.drafts(agreements: [agreement])
        #expect(
            Registry.make(drafts).problems.problems.map(\.field) == [
                "agreements.a.between", "agreements.a.thresholds", "agreements.a.valid_until",
                "agreements.a.scope",
            ])
    }

    @Test func `agreements of equal rank that begin together are an error that names both`() throws
    {
        let loss = ThresholdOverrides(maximumLoss: 10_000)
        let site = try #require(SiteID("north"))
        let first = try SampleRegistry.agreement("a", scope: .sites([site]), from: 0, loss)
        let tie = try SampleRegistry.agreement("b", scope: .sites([site]), from: 0, loss)
        let later = try SampleRegistry.agreement("c", scope: .sites([site]), from: 1, loss)
        let wider = try SampleRegistry.agreement("d", scope: .all, from: 0, loss)
        let other = try SampleRegistry.agreement(
            "e", scope: .sites([site]), from: 0, ThresholdOverrides(minimumBitrate: 1))
        let drafts = try SampleRegistry.drafts(agreements: [first, tie, later, wider, other])
        let problems = Registry.make(drafts).problems.problems
        #expect(problems.map(\.code) == [.ambiguousAgreement])
        #expect(problems.first?.field == "agreements.b.scope")
        #expect(problems.first?.what.contains("`a`") == true)
    }

    @Test func `beyond the limit problems are counted`() throws {
        var list = ProblemList()
        for line in 1...(ProblemList.limit + 5) {
            list.append(
                RegistryProblem(
                    .error, .syntax, at: SourcePlace(file: "f", line: line), what: "wrong"))
        }
        #expect(list.problems.count == ProblemList.limit)
        #expect(list.errorCount == ProblemList.limit + 5)
        #expect(list.hiddenCount == 5)
    }
}
