// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Testing

@testable import Settings

/// The bad settings that we promise to name, by their numbers.
@Suite struct BadConfigurationTests {
    @Test func `53: a tab before the text and a key twice are named with their lines`() throws {
        #expect(
            try SampleFiles.settings("system:\n\tname: x\n") == [
                "kuzet.yaml:2:1: a tab before the text (expected spaces)"
            ])
        let text = """
            registry: {parties: p, sites: s, channels: c, cameras: x}
            system:
              name: a
            # again
            ledger:
              path: x
              path: y
            "system":
              name: b
            system: {}

            """
        #expect(
            try SampleFiles.settings(text) == [
                "kuzet.yaml:7:3: path: duplicate key (first at line 6)",
                "kuzet.yaml:8:1: system: duplicate key (first at line 2)",
                "kuzet.yaml:10:1: system: duplicate key (first at line 2)",
            ])
    }

    @Test func `54: an unknown key is an error with what was probably meant`() throws {
        let text =
            SampleFiles.registry + """
                ledger:
                  paht: x
                  path: x
                  retain: {hour: 790d, quux: 1}
                captures: {}

                """
        #expect(
            try SampleFiles.settings(text) == [
                "kuzet.yaml:3:3: ledger.paht: unknown key (expected one of path, retain); "
                    + "did you mean `path`?",
                "kuzet.yaml:5:12: ledger.retain.hour: unknown key (expected one of measurements, "
                    + "minutes, hours); did you mean `hours`?",
                "kuzet.yaml:5:24: ledger.retain.quux: unknown key (expected one of measurements, "
                    + "minutes, hours)",
                "kuzet.yaml:6:1: captures: unknown key (expected one of system, node, registry, "
                    + "ledger, capture, checks, reports, credentials); did you mean `capture`?",
            ])
    }

    @Test(arguments: ["no", "on", "1e3", "010", "12:30:45", "1_000", ".inf", "yes", "0x10", "2026"])
    func `55: what looks like a truth value or number is a text where a text is asked for`(
        text: String
    ) throws {
        let settings = "system: {name: \(text)}\n" + SampleFiles.registry
        let folder = try TemporaryFolder()
        let path = try folder.write("kuzet.yaml", settings)
        #expect(KuzetSettings.load(path).settings?.systemName == text)
        // And is none where a truth value or a quantity is asked for.
        let channels = SampleFiles.channels.replacing("encrypted: true", with: "encrypted: \(text)")
        #expect(
            try SampleFiles.problems("channels.yaml", channels) == [
                "channels.yaml:7:16: channels.ring.encrypted: no truth value (got \"\(text)\"; "
                    + "expected true or false)"
            ])
        let ledger = SampleFiles.registry + "ledger: {path: x, retain: {minutes: \(text)}}\n"
        let problems = try SampleFiles.settings(ledger)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("kuzet.yaml:2:37: ledger.retain.minutes: ") == true)
        #expect(
            problems.first?.contains("(got \"\(text)\"; expected a number with its unit") == true)
    }

    @Test(arguments: ["~", "null", ""])
    func `55: nothing is no value and never the text of it`(text: String) throws {
        let channels = SampleFiles.channels.replacing("encrypted: true", with: "encrypted: \(text)")
        #expect(
            try SampleFiles.problems("channels.yaml", channels).first?
                .hasSuffix("channels.ring.encrypted: missing (expected true or false)") == true)
    }

    @Test func `55: a list where a text is asked for is named`() throws {
        #expect(
            try SampleFiles.settings("system: {name: [a]}\n" + SampleFiles.registry) == [
                "kuzet.yaml:1:16: system.name: a list (expected a text)"
            ])
        #expect(
            try SampleFiles.settings("system: x\nregistry: [a]\n") == [
                "kuzet.yaml:1:9: system: a text (expected a mapping of name, time_zone)",
                "kuzet.yaml:2:11: registry: a list (expected a mapping of parties, agreements, "
                    + "sites, channels, cameras, separator)",
            ])
        #expect(
            try SampleFiles.settings("- a\n") == [
                "kuzet.yaml:1:1: a list (expected a mapping of system, node, registry, ledger, "
                    + "capture, checks, reports, credentials)"
            ])
    }

    @Test func `56: references are refused before they unfold`() throws {
        var bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
        for (old, new) in zip("abcdefgh", "bcdefghi") {
            let uses = repeatElement("*\(old)", count: 9).joined(separator: ", ")
            bomb += "\(new): &\(new) [\(uses)]\n"
        }
        let problems = try SampleFiles.settings(bomb)
        #expect(problems.first == "kuzet.yaml:1:4: an anchor (expected the value itself)")
        #expect(
            try SampleFiles.settings("system: {<<: *base}\n") == [
                "kuzet.yaml:1:14: an alias (expected the value itself; quote a text with *)"
            ])
        #expect(
            try SampleFiles.settings("system: !!python/object:os.system {name: x}\n") == [
                "kuzet.yaml:1:9: a tag (expected the value itself)"
            ])
    }

    @Test func `56: a file too large or nested too deep is refused with the limit`() throws {
        let large = "# " + String(repeating: "x", count: 2 << 20)
        #expect(
            try SampleFiles.settings(large) == [
                "kuzet.yaml:1:1: 2097154 octets (expected at most 1 MiB)"
            ])
        let limit = "(expected at most 16 mappings and lists in each other)"
        let flow = "a: " + String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        #expect(try SampleFiles.settings(flow) == ["kuzet.yaml:1:19: nested too deep \(limit)"])
        let block = (0..<200).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(try SampleFiles.settings(block) == ["kuzet.yaml:17:17: nested too deep \(limit)"])
        let compact = String(repeating: "- ", count: 400_000) + "x"
        #expect(try SampleFiles.settings(compact) == ["kuzet.yaml:1:31: nested too deep \(limit)"])
    }

    @Test func `57: times out of range, without unit or too fine are named`() throws {
        func retain(_ text: String) throws -> String? {
            let settings =
                SampleFiles.registry
                + "ledger: {path: x, retain: {measurements: \(text)}}\n"
            let problems = try SampleFiles.settings(settings)
            #expect(problems.count <= 1)
            return problems.first?.replacing(
                "kuzet.yaml:2:42: ledger.retain.measurements: ", with: "")
        }
        let unit = "expected a number with its unit (ns, us, ms, s, m, h, d), such as 35d)"
        #expect(try retain("35d") == nil)
        #expect(try retain("720h") == nil)
        #expect(try retain("0s") == "out of range (got \"0s\"; expected 30d to 3660d)")
        #expect(try retain("-5s") == "less than nothing (got \"-5s\"; \(unit)")
        #expect(try retain("10") == "a number without its unit (got \"10\"; \(unit)")
        #expect(try retain("1ns") == "out of range (got \"1ns\"; expected 30d to 3660d)")
        #expect(try retain("9999d") == "out of range (got \"9999d\"; expected 30d to 3660d)")
        #expect(try retain("35 days") == "not a quantity (got \"35 days\"; \(unit)")
    }

    @Test func `58: a secret in clear is refused and not shown`() throws {
        let text = SampleFiles.registry + "credentials: {yard: {user: a, password: hunter2}}\n"
        let problems = try SampleFiles.settings(text)
        #expect(
            problems == [
                "kuzet.yaml:2:31: credentials.yard.password: a secret in clear (expected its "
                    + "place: `password_file` (mode 0600), `password_env`, or `credential` (systemd))"
            ])
        let key = SampleFiles.registry + "reports: {signing_key: abcdef}\n"
        #expect(try SampleFiles.settings(key).count == 1)
        #expect(try !SampleFiles.settings(key)[0].contains("abcdef"))
    }

    @Test func `58: a secret that others can read or that is not there is named with its mode`()
        throws
    {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "kuzet.yaml",
            SampleFiles.registry + "credentials: {yard: {user: a, password_file: secret}}\n")
        let field = "kuzet.yaml:2:46: credentials.yard.password_file: "
        let expected = "expected 0600 or systemd credential)"
        try folder.write("secret", Array("hunter2\n".utf8), mode: 0o644)
        #expect(
            folder.lines(KuzetSettings.load(path).problems) == [
                field
                    + "a secret that others can reach: mode 0644 (got \"secret\"; \(expected)"
                    .replacing("\"secret\"", with: "\"secret\"")
            ])
        try folder.write("secret", Array("hunter2\n".utf8), mode: 0o600)
        #expect(folder.lines(KuzetSettings.load(path).problems).isEmpty)
        try FileManager.default.removeItem(atPath: folder.path("secret"))
        #expect(
            folder.lines(KuzetSettings.load(path).problems) == [
                field + "cannot be opened: No such file or directory (got \"secret\"; \(expected)"
            ])
    }

    @Test(arguments: [
        "Asia/Alma-Ata2", "UTC+6", "../../../etc/passwd", "/etc/localtime", "right/UTC",
    ])
    func `59: a zone that is none is named`(zone: String) throws {
        let problems = try SampleFiles.settings(
            "system: {time_zone: \(zone)}\n" + SampleFiles.registry)
        #expect(
            problems == [
                "kuzet.yaml:1:21: system.time_zone: unknown zone (got \"\(zone)\"; expected an "
                    + "IANA name such as Asia/Almaty)"
            ])
    }

    @Test func `59: an empty zone is no wish for the default, and a slip finds its zone`() throws {
        #expect(
            try SampleFiles.settings("system: {time_zone: \"\"}\n" + SampleFiles.registry) == [
                "kuzet.yaml:1:21: system.time_zone: unknown zone (got \"\"; expected an IANA name "
                    + "such as Asia/Almaty)"
            ])
        #expect(
            try SampleFiles.settings("system:\n  time_zone:\n" + SampleFiles.registry).first?
                .contains("system.time_zone: missing (expected an IANA name") == true)
        #expect(
            try SampleFiles.settings("system: {time_zone: Asia/Almatty}\n" + SampleFiles.registry)
                .first?.contains("unknown zone, did you mean `Asia/Almaty`?") == true)
    }

    @Test func `60: a folder, a pipe, a link out of the folder and an unreadable file are named`()
        throws
    {
        let folder = try TemporaryFolder()
        let path = folder.path("kuzet.yaml")
        func problems() -> [String] { folder.lines(KuzetSettings.load(path).problems) }
        #expect(
            problems() == [
                "kuzet.yaml:1:1: cannot be opened: No such file or directory (expected a file)"
            ])
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
        #expect(problems() == ["kuzet.yaml:1:1: a folder (expected a regular file)"])
        try FileManager.default.removeItem(atPath: path)
        #expect(unsafe mkfifo(path, 0o600) == 0)
        #expect(problems() == ["kuzet.yaml:1:1: a pipe (expected a regular file)"])
        try FileManager.default.removeItem(atPath: path)
        let other = try TemporaryFolder()
        let outside = try other.write("settings.yaml", SampleFiles.registry)
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: outside)
        #expect(
            problems() == [
                "kuzet.yaml:1:1: a link that leads out of its folder (expected a file in the folder)"
            ])
        try FileManager.default.removeItem(atPath: path)
        try folder.write("version-2/kuzet.yaml", SampleFiles.registry)
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: "version-2/kuzet.yaml")
        #expect(problems().isEmpty)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: "/dev/zero")
        #expect(problems() == ["kuzet.yaml:1:1: a device or socket (expected a regular file)"])
    }

    @Test func `text that is no YAML says where`() throws {
        #expect(
            try SampleFiles.settings("a: b: c\n").first?.hasPrefix("kuzet.yaml:1:5: ") == true)
        #expect(
            try SampleFiles.settings("a: \"b\n") == [
                "kuzet.yaml:1:4: a quote that is not closed on its line (expected the closing quote)"
            ])
        #expect(
            try SampleFiles.settings("a: |\n  b\n") == [
                "kuzet.yaml:1:4: a text over several lines (expected a text on one line)"
            ])
        #expect(try SampleFiles.settings("---\na: 1\n---\nb: 2\n").count == 1)
        #expect(
            try SampleFiles.settings("") == [
                "kuzet.yaml:1:1: registry: missing (expected the files of parties, agreements, "
                    + "sites, channels, cameras)"
            ])
    }
}
