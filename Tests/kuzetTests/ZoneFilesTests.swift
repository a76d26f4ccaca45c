// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing
import Timekeeping

@testable import kuzet

@Suite struct ZoneFilesTests {
    /// A folder of zone data that goes with the last who holds it.
    private final class Folder {
        let path: String

        init() throws {
            var template = Array("/tmp/kuzet-zones-XXXXXX".utf8CString)
            let made = unsafe mkdtemp(&template) != nil
            try #require(made)
            path = String(
                decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            for part in ["Asia", "Europe"] { unsafe mkdir("\(path)/\(part)", 0o700) }
        }

        func write(_ name: String, _ octets: [UInt8]) {
            guard let file = unsafe fopen("\(path)/\(name)", "wb") else { return }
            unsafe fwrite(octets, 1, octets.count, file)
            unsafe fclose(file)
        }

        deinit {
            let files = [
                "Asia/Almaty", "Europe/Berlin", "tzdata.zi", "+VERSION", "Europe", "Asia",
            ]
            for file in files {
                unsafe remove("\(path)/\(file)")
            }
            unsafe rmdir(path)
        }
    }

    /// The octets of the fixture of another room.
    private func fixture(_ name: String) throws -> [UInt8] {
        let tests = #filePath.dropLast("kuzetTests/ZoneFilesTests.swift".count)
        let path = "\(tests)TimekeepingTests/Fixtures/\(name).tzif"
        guard let file = unsafe fopen(path, "rb") else { return [] }
        defer { unsafe fclose(file) }
        var octets = [UInt8](repeating: 0, count: ZoneRules.largestFile)
        let count = unsafe fread(&octets, 1, octets.count, file)
        return Array(octets.prefix(count))
    }

    private func folder(_ list: String = "# version 2025b\n# more\n") throws -> Folder {
        let folder = try Folder()
        folder.write("Asia/Almaty", try fixture("Asia_Almaty"))
        folder.write("Europe/Berlin", try fixture("Europe_Berlin"))
        folder.write("tzdata.zi", Array(list.utf8))
        return folder
    }

    @Test func `a zone has its rules and the version of the data`() throws {
        let folder = try folder()
        let files = ZoneFiles(folder: folder.path)
        let almaty = try files.rules(named: "Asia/Almaty")
        #expect(almaty.description == "Asia/Almaty (tzdata 2025b)")
        #expect(
            try Period(parsing: "2024-02-29").range(in: almaty).nanoseconds
                == 90_000_000_000_000)
        #expect(try files.rules(named: "Europe/Berlin").version == "2025b")
        #expect(try files.version() == "2025b")
    }

    @Test func `the version is told by either of two files`() throws {
        let folder = try folder("# tzdb data\n")
        let files = ZoneFiles(folder: folder.path)
        #expect(throws: ZoneFileFault.noVersion(folder: folder.path)) {
            try files.rules(named: "Europe/Berlin")
        }
        folder.write("+VERSION", Array("2024b\n".utf8))
        #expect(try files.rules(named: "Europe/Berlin").version == "2024b")
    }

    @Test(arguments: ["UTC", "Etc/UTC"])
    func `UTC needs no data`(name: String) throws {
        #expect(try ZoneFiles(folder: "/nonexistent").rules(named: name) == .utc)
    }

    @Test(arguments: [
        "", "Asia/Alma-Ata2", "UTC+6", "asia/almaty", "Asia", "Asia/", "/Asia/Almaty",
        "Asia//Almaty", "../Asia/Almaty", "Asia/../Asia/Almaty", "Europe/../../etc/passwd",
        "tzdata.zi", "posix/Asia/Almaty", "Asia/Almaty\0", "Asia/Almaty ", "Асия/Алматы",
        "A/" + String(repeating: "b", count: 63),
    ])
    func `what is no zone is refused by name`(name: String) throws {
        let folder = try folder()
        let files = ZoneFiles(folder: folder.path)
        #expect(throws: ZoneFileFault.unknownZone(name)) { try files.rules(named: name) }
    }

    @Test(arguments: [
        ("2024a", true), ("2024b", true), ("2025a", true), ("2023d", false), ("2023dd", false),
        ("1999z", false),
    ])
    func `data that do not know the time of Kazakhstan are refused for it`(
        version: String, isTaken: Bool
    ) throws {
        let folder = try folder("# version \(version)\n")
        let files = ZoneFiles(folder: folder.path)
        #expect(try files.rules(named: "Europe/Berlin").version == version)
        if isTaken {
            #expect(try files.rules(named: "Asia/Almaty").version == version)
        } else {
            #expect(throws: ZoneFileFault.tooOld("Asia/Almaty", version: version)) {
                try files.rules(named: "Asia/Almaty")
            }
        }
    }

    @Test func `old data are refused under the name of a new version too`() throws {
        let folder = try folder()
        // Any zone whose clocks do not show UTC+5 since March 2024 stands for it.
        folder.write("Asia/Almaty", try fixture("Europe_Berlin"))
        #expect(throws: ZoneFileFault.tooOld("Asia/Almaty", version: "2025b")) {
            try ZoneFiles(folder: folder.path).rules(named: "Asia/Almaty")
        }
    }

    @Test func `a damaged file is named`() throws {
        let folder = try folder()
        folder.write("Europe/Berlin", Array("TZif".utf8))
        let fault = #expect(throws: ZoneFileFault.self) {
            try ZoneFiles(folder: folder.path).rules(named: "Europe/Berlin")
        }
        #expect(
            fault?.description == "\(folder.path)/Europe/Berlin: "
                + "tzif: header at byte 0: truncated (got 4 bytes; expected 44)")
    }

    static let sentences: [(ZoneFileFault, String)] = [
        (
            ZoneFileFault.unknownZone("Asia/Alma-Ata2"),
            "unknown zone \"Asia/Alma-Ata2\"; expected an IANA name such as Asia/Almaty"
        ),
        (
            .unknownZone("\u{1b}]0;\"" + String(repeating: "x", count: 100)),
            "unknown zone \"\\u{1B}]0;\\\"" + String(repeating: "x", count: 59)
                + "…\"; expected an IANA name such as Asia/Almaty"
        ),
        (
            .tooOld("Asia/Almaty", version: "2023d"),
            "zone data too old for Asia/Almaty (got tzdata 2023d; expected 2024a or later, which "
                + "know the time of Kazakhstan since 2024-03-01)"
        ),
        (
            .noVersion(folder: "/zones"),
            "zone data without a version in /zones; expected tzdata.zi or +VERSION there, as the "
                + "package tzdata brings them"
        ),
    ]

    @Test(arguments: sentences)
    func `a fault is one sentence`(fault: ZoneFileFault, text: String) {
        #expect(fault.description == text)
    }

    @Test(arguments: [
        "2024", "24a", "2024A", "", "2024a\r", "version", "2024abcdef",
    ])
    func `what is no version is none`(text: String) {
        #expect(!ZoneFiles.isVersion(text, from: ""))
    }
}
