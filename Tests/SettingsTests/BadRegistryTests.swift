// SPDX-License-Identifier: Apache-2.0
import Foundation
import Registry
import Testing

@testable import Settings

/// The bad registry files that we promise to name, by their numbers.
@Suite struct BadRegistryTests {
    static let row = "cam-3,Three,north,ring,indoor-overview,,10.0.0.3,\n"

    @Test func `61: a byte order mark and mixed line ends are fine`() throws {
        let text = "\u{feff}" + SampleFiles.cameras.replacing("\n", with: "\r\n") + Self.row
        #expect(try SampleFiles.problems("cameras.csv", text).isEmpty)
        let yaml = "\u{feff}" + SampleFiles.sites.replacing("\n", with: "\r\n")
        #expect(try SampleFiles.problems("sites.yaml", yaml).isEmpty)
    }

    @Test func `61: Windows-1251 is refused with the octet's place and a hint`() throws {
        let name: [UInt8] = [0xcc, 0xe5, 0xea, 0xf2, 0xe5, 0xef]
        var octets = Array((SampleFiles.cameras + "cam-3,").utf8)
        let offset = octets.count
        octets += name + Array(",north,ring,indoor-overview,,10.0.0.3,\n".utf8)
        octets += Array("cam-4,".utf8) + name + Array(",north,ring,indoor-overview,,,\n".utf8)
        #expect(
            try SampleFiles.problems("cameras.csv", octets) == [
                "cameras.csv:4:7: cameras.cam-3.name: not UTF-8: octet 0xCC at byte offset "
                    + "\(offset) (expected UTF-8; this looks like Windows-1251 (iconv -f "
                    + "WINDOWS-1251 -t UTF-8 converts it))"
            ])
        var yaml = Array("sites:\n  - id: north\n    name: ".utf8)
        yaml += name + Array("\n    subscriber: school\n".utf8)
        #expect(
            try SampleFiles.problems("sites.yaml", yaml).first?
                .hasPrefix("sites.yaml:3:11: not UTF-8: octet 0xCC at byte offset 31") == true)
        let utf16: [UInt8] = [0xff, 0xfe] + SampleFiles.sites.utf8.flatMap { [$0, 0] }
        #expect(
            try SampleFiles.problems("sites.yaml", utf16).first?.contains("looks like UTF-16")
                == true)
    }

    @Test func `61: another separator must be declared`() throws {
        let text = SampleFiles.cameras.replacing(",", with: ";")
        #expect(
            try SampleFiles.problems("cameras.csv", text) == [
                "cameras.csv:1:1: the fields seem to be separated by `;` (got \"id;name;site;"
                    + "channel;kind;address;stream;credentials\"; expected `,`, or `separator: "
                    + "\";\"` in the settings)"
            ])
        let folder = try TemporaryFolder()
        try SampleFiles.write(to: folder)
        try folder.write("cameras.csv", text)
        let path = try folder.write(
            "kuzet.yaml",
            """
            registry:
              {parties: parties.yaml, sites: sites.yaml, channels: channels.yaml,
              cameras: [cameras.csv], separator: ";"}

            """)
        let (_, registry, problems) = KuzetSettings.loadWithRegistry(path)
        #expect(registry?.cameras.count == 2, "\(folder.lines(problems))")
    }

    @Test func `61: a file without header is refused with the header it needs`() throws {
        let text = SampleFiles.cameras.replacing(SampleFiles.header, with: "")
        #expect(
            try SampleFiles.problems("cameras.csv", text) == [
                "cameras.csv:1:1: no header line (got \"cam-1\"; expected id,name,site,channel,"
                    + "kind,address,stream,credentials,declared)"
            ])
    }

    @Test func `61: a header of unknown, missing and repeated columns is named`() throws {
        let text = "id,nmae,site,channel,site\n"
        #expect(
            try SampleFiles.problems("cameras.csv", text) == [
                "cameras.csv:1:1: name: no such column (expected the columns id, name, site, "
                    + "channel, kind)",
                "cameras.csv:1:1: kind: no such column (expected the columns id, name, site, "
                    + "channel, kind)",
                "cameras.csv:1:4: nmae: unknown column (expected one of id, name, site, channel, "
                    + "kind, address, stream, credentials, declared); did you mean `name`?",
                "cameras.csv:1:22: site: a column twice (first at column 9)",
            ])
    }

    @Test func `62: rows of too few or many fields are named by their lines`() throws {
        var text = SampleFiles.header
        for index in 2...211 {
            text += "cam-\(index),Cam,north,ring,indoor-overview,,10.0.1.\(index),\n"
        }
        text += "cam-212,Cam,north,ring,indoor-overview,,10.0.2.1,,extra\ncam-213,Cam\n"
        #expect(
            try SampleFiles.problems("cameras.csv", text) == [
                "cameras.csv:212:1: 9 fields (expected 8)",
                "cameras.csv:213:1: 2 fields (expected 8)",
            ])
    }

    @Test func `62: quotes that do not close, stand inside or are followed by text are named`()
        throws
    {
        let rest = ",north,ring,indoor-overview,,10.0.0.3,\n"
        #expect(
            try SampleFiles.problems(
                "cameras.csv", SampleFiles.cameras + "cam-3,\"Three" + rest + Self.row) == [
                    "cameras.csv:4:7: a quote that is not closed (expected the closing quote)"
                ])
        #expect(
            try SampleFiles.problems(
                "cameras.csv",
                SampleFiles.cameras + "cam-3,Th\"ree" + rest + "cam-4,\"Four\"x" + rest) == [
                    "cameras.csv:4:9: a quote inside a field (expected the whole field in quotes, "
                        + "and \"\" in it)",
                    "cameras.csv:5:13: text behind a closing quote (expected the separator or the "
                        + "line's end)",
                ])
        #expect(
            try SampleFiles.problems(
                "cameras.csv", SampleFiles.cameras + "cam-3,\"Th\nree\"" + rest) == [
                    "cameras.csv:4:7: cameras.cam-3.name: a control or invisible letter in the "
                        + "text (got \"Th\\nree\"; expected 1 to 200 letters on one line)"
                ])
    }

    @Test func `62: after a newline in quotes lines are still counted right`() throws {
        let text = SampleFiles.cameras + "cam-3,\"a\nb\",x\ncam-4\n"
        #expect(
            try SampleFiles.problems("cameras.csv", text) == [
                "cameras.csv:4:1: 3 fields (expected 8)", "cameras.csv:6:1: 1 fields (expected 8)",
            ])
    }

    @Test func `63: an id or a stream twice gives both lines`() throws {
        let text =
            SampleFiles.cameras + "cam-1,Again,north,ring,indoor-overview,,10.0.0.9,\n"
            + "cam-4,Four,north,ring,indoor-overview,10.0.0.4:80,,\n"
            + "cam-5,Five,north,ring,indoor-overview,10.0.0.4:80,,\n"
            + "cam-6,Six,north,ring,indoor-overview,,RTSP://10.0.0.1:554/a,\n"
        let folder = try TemporaryFolder()
        let lines = try SampleFiles.problems("cameras.csv", text)
        #expect(lines.count == 4, "\(lines) \(folder.url)")
        #expect(lines[0].hasPrefix("cameras.csv:4:1: cameras.cam-1.id: an id twice (first at "))
        #expect(lines[0].contains("cameras.csv:2:1)"))
        #expect(lines[1].hasPrefix("cameras.csv:6:39: cameras.cam-5.address: the same stream as"))
        #expect(lines[2].contains("the address and port of camera `cam-4` too (first at "))
        #expect(lines[2].contains("cameras.csv:5:39)"))
        #expect(lines[3].hasPrefix("cameras.csv:7:39: cameras.cam-6.stream: the same stream as"))
        #expect(lines[3].contains("cameras.csv:2:47)"))
    }

    @Test(arguments: [
        ("10.0.0.256", "256 is no octet of an address"),
        ("010.0.0.1", "a leading zero, which some programs read as octal"),
        ("cam 1.example", "not a host"), ("10.0.0.1:70000", "not a port"),
        ("239.1.1.1", "no address of one host"),
    ])
    func `64: an address that cannot be is named`(address: String, what: String) throws {
        let text = SampleFiles.cameras + "cam-3,Three,north,ring,indoor-overview,\(address),,\n"
        let lines = try SampleFiles.problems("cameras.csv", text)
        #expect(lines.count == 1)
        #expect(
            lines.first?.hasPrefix(
                "cameras.csv:4:40: cameras.cam-3.address: \(what) (got \"\(address)\"; expected ")
                == true)
    }

    @Test(arguments: ["=HYPERLINK(1)", "@SUM(A1)", "<img src=x onerror=alert(1)>", "+7", "-1"])
    func `65: what a table or page would act on is stored as the text it is`(name: String) throws {
        let folder = try TemporaryFolder()
        try SampleFiles.write(to: folder)
        try folder.write(
            "cameras.csv",
            SampleFiles.header + "cam-1,\(name),north,ring,indoor-overview,,10.0.0.1,\n")
        let (registry, _) = RegistryFiles.load(folder: folder.url.path)
        #expect(registry?.cameras.first?.name == name)
    }

    @Test func `66: a cell of 5 MB is refused by its limit`() throws {
        for quote in ["", "\""] {
            let cell = quote + String(repeating: "x", count: 5_000_000) + quote
            let text = SampleFiles.cameras + "cam-3,\(cell),north,ring,indoor-overview,,,\n"
            let lines = try SampleFiles.problems("cameras.csv", text)
            #expect(lines.count == 1)
            #expect(
                lines.first?.hasSuffix(
                    "a field of more than 4096 octets (expected at most 4096; is a quote not "
                        + "closed?)") == true)
        }
    }

    @Test func `66: rows beyond the limit end the reading`() throws {
        let folder = try TemporaryFolder()
        var octets = Array("id\n".utf8)
        octets.reserveCapacity(2_200_000)
        for _ in 0...CSVReader.mostRows { octets += [0x61, 0x0a] }
        let path = try folder.write("big.csv", octets)
        var problems = ProblemList()
        var count = 0
        CSVFile.read(
            path, separator: 0x2c, names: ["id"], required: ["id"], &problems
        ) { _, _, _ in count += 1 }
        #expect(count == CSVReader.mostRows)
        #expect(
            folder.lines(problems) == [
                "big.csv:1000002:1: more than 1000000 rows (expected at most 1000000)"
            ])
    }

    @Test func `66: an empty file is refused and a header alone removes every camera`() throws {
        let header = "id,name,site,channel,kind,address,stream,credentials,declared"
        #expect(
            try SampleFiles.problems("cameras.csv", "") == [
                "cameras.csv:1:1: an empty file (expected a header line: \(header))"
            ])
        let folder = try TemporaryFolder()
        try SampleFiles.write(to: folder)
        let old = try #require(RegistryFiles.load(folder: folder.url.path).registry)
        try folder.write("cameras.csv", SampleFiles.header)
        let (new, problems) = RegistryFiles.load(folder: folder.url.path)
        #expect(problems.problems.map(\.severity) == [.warning])
        #expect(
            RegistryDifference(from: old, to: try #require(new)).needsConfirmation)
    }

    @Test func `67: ids are ASCII and a look-alike letter is named`() throws {
        let text = SampleFiles.cameras + "c\u{430}m-3,Three,north,ring,indoor-overview,,,\n"
        #expect(
            try SampleFiles.problems("cameras.csv", text) == [
                "cameras.csv:4:1: cameras[3].id: the Cyrillic letter U+0430 looks like the Latin "
                    + "`a` (got \"c\u{430}m-3\"; expected 1 to 64 of a-z, 0-9 and -)"
            ])
    }

    @Test func `67: names are composed, so that the same name is the same octets`() throws {
        let folder = try TemporaryFolder()
        try SampleFiles.write(to: folder)
        // The letter й as и and a breve, as some systems write file names.
        try folder.write(
            "cameras.csv",
            SampleFiles.header + "cam-1,Аула\u{438}\u{306},north,ring,indoor-overview,,10.0.0.1,\n")
        let name = try #require(
            RegistryFiles.load(folder: folder.url.path).registry?.cameras.first?.name)
        #expect(Array(name.utf8) == Array("Аула\u{439}".utf8))
    }

    @Test func `a mixed word in a name is a warning and the registry stands`() throws {
        let text = SampleFiles.cameras + "cam-3,Kамера,north,ring,indoor-overview,,10.0.0.3,\n"
        #expect(
            try SampleFiles.problems("cameras.csv", text) == [
                "cameras.csv:4:7: warning: cameras.cam-3.name: a word of Latin and Cyrillic "
                    + "letters (got \"Kамера\"; expected one alphabet in a word)"
            ])
    }

    @Test func `a broken file does not make every reference to it a problem`() throws {
        #expect(
            try SampleFiles.problems("sites.yaml", "sites: [x\n").count == 1)
        #expect(
            try SampleFiles.problems("parties.yaml", "partys: []\n") == [
                "parties.yaml:1:1: partys: unknown key (expected one of parties); did you mean "
                    + "`parties`?",
                "parties.yaml:1:1: parties: missing (expected a list; an empty one is [])",
            ])
    }
}
