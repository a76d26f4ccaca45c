// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing
import Timekeeping

@testable import Settings

@Suite struct ZoneFilesTests {
    @Test(arguments: ["Asia/Almaty", "Asia/Aqtobe", "Asia/Qyzylorda", "UTC", "Etc/GMT-5"])
    func `zones of the system are read with the version of their data`(name: String) throws {
        let rules = try ZoneFiles.rules(name)
        #expect(rules.name == name)
        #expect(rules.version == ZoneFiles.version)
        #expect(ZoneFiles.version.hasPrefix("20"))
    }

    @Test(arguments: [
        "", "Asia", "Asia/", "/Asia/Almaty", "Asia//Almaty", "Asia/Almaty ", "..",
        "../zoneinfo/UTC",
        "zone.tab", "tzdata.zi", "localtime", "posixrules", "posix/UTC", "5", "+05:00", "UTC+6",
        "Asia/Almaty\u{0}x",
    ])
    func `what names no zone is refused`(name: String) {
        #expect(throws: ValueFault.self) { try ZoneFiles.rules(name) }
    }
}
