// SPDX-License-Identifier: Apache-2.0
import Foundation
import Registry
import Testing
import Timekeeping

@testable import Settings

@Suite struct KuzetSettingsTests {
    static let examples = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples").path

    @Test func `the example is right without a warning`() throws {
        let (settings, registry, problems) = KuzetSettings.loadWithRegistry(
            Self.examples + "/kuzet.yaml")
        #expect(problems.sorted.map(\.description).isEmpty, "\(problems.sorted)")
        let found = try #require(settings)
        #expect(found.systemName == "Видеомониторинг, пример")
        #expect(found.zone.name == "Asia/Almaty")
        #expect(!found.zone.version.isEmpty)
        #expect(found.ledger?.path == Self.examples + "/kuzet.ledger")
        #expect(found.ledger?.measurements == Int64(35 * 86_400_000_000_000))
        let cameras = try #require(registry)
        #expect(cameras.cameras.count == 7)
        let gate = try #require(CameraID("school-1-gate"))
        #expect(cameras.camera(gate)?.declared.map(\.name) == ["protection", "wdr"])
        #expect(cameras.camera(gate)?.name == "Мектеп, бас кіреберіс")
    }

    @Test func `an agreement of the example begins at midnight in the system's zone`() throws {
        let registry = try #require(
            RegistryFiles.load(folder: Self.examples + "/registry").registry)
        let gate = try #require(CameraID("school-1-gate"))
        let midnight = try Instant(parsing: "2026-02-01T00:00:00+05:00")
        let before = midnight.advanced(byNanoseconds: -1)
        #expect(registry.thresholds(for: gate, at: before) == .annex2)
        let after = registry.thresholds(for: gate, at: midnight)
        #expect(after.maximumLoss == 10_000)
        #expect(after.annualDowntime == 26 * 3_600_000_000_000)
        let road = try #require(CameraID("road-12-east"))
        let spring = try Instant(parsing: "2026-04-01T00:00:00Z")
        #expect(registry.thresholds(for: road, at: spring).minimumBitrate == 8_000_000)
        #expect(registry.thresholds(for: road, at: spring).maximumClockOffset == 200_000_000)
        #expect(registry.thresholds(for: road, at: spring).maximumLoss == 10_000)
    }

    @Test func `what is left out has its default`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "kuzet.yaml", SampleFiles.registry + "ledger: {path: /var/lib/kuzet/ledger}\n")
        let settings = try #require(KuzetSettings.load(path).settings)
        #expect(settings.systemName.isEmpty)
        #expect(settings.zone.name == "Asia/Almaty")
        #expect(settings.ledger == KuzetSettings.Ledger(path: "/var/lib/kuzet/ledger"))
        #expect(settings.registry.separator == UInt8(ascii: ","))
        #expect(settings.registry.agreements.isEmpty)
        #expect(settings.registry.parties == [folder.path("p.yaml")])
        #expect(settings.signingKey == nil)
    }

    @Test func `files of one kind may be several`() throws {
        let folder = try TemporaryFolder()
        try SampleFiles.write(to: folder)
        try folder.write(
            "more.csv", SampleFiles.header + "cam-3,T,north,ring,indoor-overview,,10.0.0.3,\n")
        let path = try folder.write(
            "kuzet.yaml",
            """
            registry:
              parties: parties.yaml
              sites: [sites.yaml]
              channels: channels.yaml
              cameras: [cameras.csv, more.csv]

            """)
        #expect(KuzetSettings.loadWithRegistry(path).registry?.cameras.count == 3)
    }

    @Test func `credentials that no one declared are named with what was probably meant`() throws {
        let folder = try TemporaryFolder()
        try SampleFiles.write(to: folder)
        try folder.write(
            "cameras.csv",
            SampleFiles.header + "cam-1,One,north,ring,indoor-overview,,10.0.0.1,yrd\n")
        try folder.write("secret", Array("x".utf8), mode: 0o600)
        let path = try folder.write(
            "kuzet.yaml",
            """
            registry:
              {parties: parties.yaml, sites: sites.yaml, channels: channels.yaml,
              cameras: cameras.csv}
            credentials:
              yard: {user: a, password_file: secret}
              both: {user: a, password_file: secret, password_env: X}
              none: {user: a}
              path: {user: a, credential: ../x}

            """)
        #expect(
            folder.lines(KuzetSettings.load(path).problems) == [
                "kuzet.yaml:6:42: credentials.both.password: several places of one secret "
                    + "(expected one of password_file, password_env, credential)",
                "kuzet.yaml:7:9: credentials.none.password: no place of the secret (expected one "
                    + "of password_file, password_env, credential)",
                "kuzet.yaml:8:31: credentials.path.credential: a path (got \"../x\"; expected the "
                    + "name of a credential)",
            ])
        try folder.write(
            "kuzet.yaml",
            """
            registry:
              {parties: parties.yaml, sites: sites.yaml, channels: channels.yaml,
              cameras: cameras.csv}
            credentials:
              yard: {user: a, password_file: secret}

            """)
        #expect(
            folder.lines(KuzetSettings.loadWithRegistry(path).problems) == [
                "cameras.csv:2:48: cameras.cam-1.credentials: no such credentials (got \"yrd\"; "
                    + "expected a name in `credentials` of the settings); did you mean `yard`?"
            ])
    }
}
