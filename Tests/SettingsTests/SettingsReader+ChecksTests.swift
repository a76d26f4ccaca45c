// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Settings

@Suite struct SettingsReaderChecksTests {
    private static let second: Int64 = 1_000_000_000

    private static func read(_ checks: String) throws -> (KuzetSettings.Checks?, [String]) {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "kuzet.yaml",
            "registry: {parties: p, sites: s, channels: c, cameras: m}\n" + checks)
        var reader = SettingsReader(path: path)
        let settings = reader.read()
        return (settings?.checks, folder.lines(reader.problems))
    }

    private static func camera(_ id: String, site: String = "north") throws -> Camera {
        Camera(
            id: try #require(CameraID(id)), name: id, site: try #require(SiteID(site)),
            channel: try #require(ChannelID("line")))
    }

    @Test func `what is asked is read with its units, and the last rule decides`() throws {
        let (checks, problems) = try Self.read(
            """
            checks:
              allow: [10.20.0.0/16, "2001:db8::/32"]
              pull: sampled
              every: 10m
              for: 45s
              delivery: [tcp, udp]
              echo: 1m
              certificate: 1d
              device: off
              rules:
                - sites: [north]
                  pull: continuous
                  sessions: 4
                - cameras: [gate]
                  pull: off
                  echo: off
              channels:
                - {channel: line, far_end: 10.20.0.1, stamp: "10.20.0.1:862", every: 30s}
              reflector: 10.20.0.9:862

            """)
        #expect(problems.isEmpty)
        let found = try #require(checks)
        let other = found.plan(for: try Self.camera("other", site: "south"), at: [])
        #expect(other.pull == .sampled && other.every == 600 * Self.second)
        #expect(other.length == 45 * Self.second && other.deliveries == [.tcp, .udp])
        #expect(other.allowed.map(\.description) == ["10.20.0.0/16", "2001:db8::/32"])
        #expect(other.echo == 60 * Self.second && other.device == 0)
        #expect(other.certificate == 86_400 * Self.second)
        let yard = found.plan(for: try Self.camera("yard"), at: [])
        #expect(yard.pull == .continuous && yard.sessions == 4 && yard.echo == 60 * Self.second)
        let gate = found.plan(for: try Self.camera("gate"), at: [])
        #expect(gate.pull == .off && gate.echo == 0 && gate.sessions == 4)
        #expect(found.channels.map(\.every) == [30 * Self.second])
        #expect(found.channels.first?.stamp?.description == "10.20.0.1:862")
        #expect(found.reflector?.description == "10.20.0.9:862")
        // A sample at the begin of one period, the next at the end of the one after.
        #expect(found.sampleSpacing == 1_200 * Self.second)
    }

    @Test func `nothing is asked of anybody where nobody says so`() throws {
        let (checks, problems) = try Self.read("")
        #expect(problems.isEmpty)
        let found = try #require(checks)
        #expect(found.plan(for: try Self.camera("gate"), at: []) == CheckPlan())
        #expect(found.sampleSpacing == nil)
    }

    @Test(arguments: [
        ("  pul: continuous\n", "did you mean `pull`?"),
        ("  pull: always\n", "checks.pull: an unknown word"),
        ("  pull: continuous\n", "checks.allow: nothing may be dialled"),
        ("  allow: [10.20.0.7/16]\n", "bits beyond the prefix's length"),
        ("  allow: [10.0.0.0/8]\n  pull: sampled\n  for: 3m\n", "half of their period"),
        ("  allow: [10.0.0.0/8]\n  echo: 5\n", "checks.echo"),
        ("  allow: [10.0.0.0/8]\n  echo: 5s\n", "out of range"),
        ("  delivery: [http, udp]\n", "http beside others"),
        ("  rules:\n    - pull: off\n", "about no camera"),
        ("  rules: yes\n", "expected a list of mappings"),
        ("  channels:\n    - channel: line\n", "nobody to ask"),
        ("  reflector: 862\n", "checks.reflector"),
        ("  password: secret\n", "a secret in clear"),
    ])
    func `what is wrong is named`(text: String, expected: String) throws {
        let (_, problems) = try Self.read("checks:\n" + text)
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    }

    @Test func `names that the registry does not have are named`() throws {
        let (checks, _) = try Self.read(
            """
            checks:
              allow: [10.20.0.0/16]
              rules:
                - {sites: [nowhere], pull: continuous}

            """)
        let folder = try TemporaryFolder()
        for (name, text) in [
            ("parties.yaml", SampleFiles.parties), ("sites.yaml", SampleFiles.sites),
        ] { try folder.write(name, text) }
        try folder.write("channels.yaml", SampleFiles.channels)
        try folder.write("cameras.csv", "id,name,site,channel,kind\n")
        let registry = try #require(RegistryFiles.load(folder: folder.path("")).registry)
        let problems = folder.lines(try #require(checks).problems(with: registry))
        #expect(problems.count == 1)
        #expect(problems[0].contains("no such site (got \"nowhere\""), "\(problems)")
    }
}
