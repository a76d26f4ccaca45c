// SPDX-License-Identifier: Apache-2.0
import Foundation
import Registry
import Testing
import Timekeeping

@testable import Settings

@Suite struct RegistryFilesTests {
    @Test func `the example written and read again is the same registry and the same octets`()
        throws
    {
        let (loaded, _) = RegistryFiles.load(folder: KuzetSettingsTests.examples + "/registry")
        let registry = try #require(loaded)
        let folder = try TemporaryFolder()
        try RegistryFiles.write(registry, to: folder.path("out"))
        let (again, problems) = RegistryFiles.load(folder: folder.path("out"))
        #expect(folder.lines(problems).isEmpty)
        let second = try #require(again)
        #expect(RegistryDifference(from: registry, to: second).isEmpty)
        #expect(second.agreements == registry.agreements)
        #expect(second.parties == registry.parties)
        #expect(
            RegistryFiles.texts(of: second).map(\.text)
                == RegistryFiles.texts(of: registry).map(\.text))
    }

    @Test func `names with every sign come back as they were`() throws {
        let signs = [
            "a,b", "a\"b", "#1", "a: b", "- a", "no", "~", "'x'", "{a}", "[a]", "&a", "*a", "!a",
            "a\\b", "%a", "@a", "`a`", " a ", "1e3", "=1+1", "Ұлттық №7", "a;b", "x # y", "|", ">",
        ]
        var drafts = RegistryDrafts()
        let owner = try #require(PartyID("owner")), runner = try #require(PartyID("runner"))
        drafts.parties = [
            Drafted(
                Party(
                    id: owner, name: "no", role: .subscriber, language: .russian,
                    contacts: .init(emails: ["a@b.c"], phones: ["+7 100", "112"], webhooks: ["on"])),
                at: SourcePlace(file: "p")),
            Drafted(
                Party(id: runner, name: "#", role: .networkOperator), at: SourcePlace(file: "p")),
        ]
        let date = try #require(CalendarDate(year: 2026, month: 3, day: 1))
        for (index, sign) in signs.enumerated() {
            let place = SourcePlace(file: "x", line: index)
            let site = try #require(SiteID("s-\(index)")),
                channel = try #require(
                    ChannelID("c-\(index)"))
            drafts.sites.append(
                Drafted(
                    Site(
                        id: site, name: sign, subscriber: owner, address: sign,
                        connectionActDate: date, autonomousPowerMinutes: 90,
                        gateway: try NetworkAddress(parsing: "10.0.0.1")), at: place))
            drafts.channels.append(
                Drafted(
                    Channel(
                        id: channel, name: sign, operator: runner, isEncrypted: true,
                        capacityBitsPerSecond: 1234, sites: [site]), at: place))
            let value = sign.contains(";") ? "x" : sign
            drafts.cameras.append(
                Drafted(
                    Camera(
                        id: try #require(CameraID("k-\(index)")), name: sign, site: site,
                        channel: channel, address: try HostPort(parsing: "[2001:db8::\(index)]:80"),
                        stream: try StreamSource(parsing: "rtsp://h/\(index)?a=1&b=2"),
                        credentials: "yard",
                        declared: [
                            .init(
                                name: "lens", value: value, declaredBy: owner, declaredOn: date),
                            .init(
                                name: "wdr", value: "120 dB by = on", declaredBy: runner,
                                declaredOn: date),
                        ]), at: place))
        }
        let registry = try #require(Registry.make(drafts).registry)
        let folder = try TemporaryFolder()
        try RegistryFiles.write(registry, to: folder.path("out"))
        let (again, problems) = RegistryFiles.load(folder: folder.path("out"))
        #expect(folder.lines(problems).isEmpty)
        #expect(try RegistryDifference(from: registry, to: #require(again)).changes == [])
        #expect(again?.cameras == registry.cameras)
        #expect(again?.parties == registry.parties)
    }

    @Test func `sites that fit no YAML file are written as CSV and the old file goes`() throws {
        var drafts = RegistryDrafts()
        let owner = try #require(PartyID("owner"))
        drafts.parties = [
            Drafted(Party(id: owner, name: "o", role: .subscriber), at: SourcePlace(file: "p"))
        ]
        let folder = try TemporaryFolder()
        let small = try #require(Registry.make(drafts).registry)
        try RegistryFiles.write(small, to: folder.path("out"))
        #expect(InputFile.exists(folder.path("out/sites.yaml")))
        for index in 0..<8000 {
            drafts.sites.append(
                Drafted(
                    Site(
                        id: try #require(SiteID("s-\(index)")), name: "Мектеп \(index)",
                        subscriber: owner), at: SourcePlace(file: "s", line: index)))
        }
        let large = try #require(Registry.make(drafts).registry)
        try RegistryFiles.write(large, to: folder.path("out"))
        #expect(!InputFile.exists(folder.path("out/sites.yaml")))
        let again = try #require(RegistryFiles.load(folder: folder.path("out")).registry)
        #expect(again.sites == large.sites)
    }

    @Test func `a list in two forms is an error and a missing one too`() throws {
        let folder = try TemporaryFolder()
        try SampleFiles.write(to: folder)
        try folder.write("cameras.yaml", "cameras: []\n")
        let (_, problems) = RegistryFiles.load(folder: folder.url.path)
        #expect(problems.problems.map(\.code) == [.duplicate])
        try FileManager.default.removeItem(atPath: folder.path("cameras.yaml"))
        try FileManager.default.removeItem(atPath: folder.path("channels.yaml"))
        let (_, missing) = RegistryFiles.load(folder: folder.url.path)
        #expect(
            folder.lines(missing) == [
                "channels.csv:1:1: cannot be opened: No such file or directory (expected a file)"
            ])
    }

    @Test func `cameras, sites and channels may be YAML or CSV alike`() throws {
        let folder = try TemporaryFolder()
        try folder.write("parties.yaml", SampleFiles.parties)
        try folder.write(
            "sites.csv", "id,name,subscriber,object_class\nnorth,North,school,crowded-place\n")
        try folder.write(
            "channels.csv",
            "id,name,operator,medium,role,encrypted,sites\nring,Ring,telecom,fibre,main,true,north\n"
        )
        try folder.write(
            "cameras.yaml",
            """
            cameras:
              - {id: cam-1, name: One, site: north, channel: ring, kind: indoor-overview,
                 address: 10.0.0.1, stream: "rtsp://10.0.0.1/a"}
              - {id: cam-2, name: Two, site: north, channel: ring, kind: indoor-overview,
                 stream: "239.1.1.1:5004"}

            """)
        let first = try #require(RegistryFiles.load(folder: folder.url.path).registry)
        let other = try TemporaryFolder()
        try SampleFiles.write(to: other)
        let second = try #require(RegistryFiles.load(folder: other.url.path).registry)
        #expect(RegistryDifference(from: first, to: second).isEmpty)
    }
}
