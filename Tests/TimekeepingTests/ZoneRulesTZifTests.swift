// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct ZoneRulesTZifTests {
    static let zones = [
        "Asia/Almaty", "Asia/Aqtobe", "Asia/Qyzylorda", "Europe/Berlin", "America/Havana",
        "America/St_Johns", "Pacific/Apia",
    ]

    /// Writes compiled zone data, right or wrong, field by field.
    private struct Writer {
        var times: [Int64] = []
        var indexes: [UInt8] = []
        /// Offset, daylight saving time, place of the name.
        var types: [(Int32, UInt8, UInt8)] = [(18_468, 0, 0), (18_000, 0, 4)]
        var names = Array("LMT\0+05\0".utf8)
        var leaps: [(Int64, Int32)] = []
        var standardCount: Int32 = 0
        var isUTCount: Int32 = 0

        private func big(_ number: Int64, _ size: Int) -> [UInt8] {
            (0..<size).reversed().map { UInt8(truncatingIfNeeded: number >> Int64(8 * $0)) }
        }

        func block(version: UInt8, timeSize: Int) -> [UInt8] {
            var octets = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
            octets += big(Int64(isUTCount), 4) + big(Int64(standardCount), 4)
            octets += big(Int64(leaps.count), 4) + big(Int64(times.count), 4)
            octets += big(Int64(types.count), 4) + big(Int64(names.count), 4)
            for time in times { octets += big(time, timeSize) }
            octets += indexes
            for (offset, isDaylight, place) in types {
                octets += big(Int64(offset), 4) + [isDaylight, place]
            }
            octets += names
            for (time, count) in leaps { octets += big(time, timeSize) + big(Int64(count), 4) }
            octets += [UInt8](repeating: 0, count: Int(standardCount + isUTCount))
            return octets
        }

        /// A file of version 2 or later, with the shortest first block.
        func file(version: Character = "2", footer: String = "\n<+05>-5\n") -> [UInt8] {
            var empty = Writer()
            (empty.types, empty.names) = ([(0, 0, 0)], [0])
            let octet = version.asciiValue ?? 0
            return empty.block(version: octet, timeSize: 4) + block(version: octet, timeSize: 8)
                + Array(footer.utf8)
        }
    }

    private func parse(_ octets: [UInt8]) throws(ZoneFault) -> ZoneRules {
        try ZoneRules.parse(name: "Test/Zone", version: "2025b", tzif: octets.span)
    }

    @Test(arguments: ["2", "3", "4"] as [Character])
    func `versions two to four have 64-bit times and a rule`(version: Character) throws {
        var writer = Writer()
        (writer.times, writer.indexes) = ([-5_000_000_000], [1])
        let rules = try parse(writer.file(version: version))
        #expect(rules.transitions.map(\.offset) == [18_468, 18_000])
        #expect(rules.transitions.map(\.abbreviation) == ["LMT", "+05"])
        #expect(rules.transitions[1].at == Instant(nanoseconds: -5_000_000_000_000_000_000))
        #expect(rules.offset(at: Instant(nanoseconds: 0)) == 18_000)
    }

    @Test func `version one has 32-bit times and no rule`() throws {
        var writer = Writer()
        (writer.times, writer.indexes) = ([-1_000_000_000, 1_000_000_000], [1, 0])
        let rules = try parse(writer.block(version: 0, timeSize: 4))
        #expect(
            rules.transitions.map(\.at.nanoseconds) == [
                .min, -1_000_000_000_000_000_000, 1_000_000_000_000_000_000,
            ])
        #expect(rules.offset(at: Instant(nanoseconds: .max)) == 18_468)
    }

    @Test func `without a change the rule holds at all times, and without a rule the first type`()
        throws
    {
        let instant = Instant(nanoseconds: 0)
        #expect(try parse(Writer().file()).offset(at: instant) == 18_000)
        #expect(try parse(Writer().file(footer: "\n\n")).offset(at: instant) == 18_468)
    }

    @Test func `changes before and after all time are taken as such`() throws {
        var writer = Writer()
        (writer.times, writer.indexes) = ([-(1 << 59), 0, 1 << 59], [1, 0, 1])
        let rules = try parse(writer.file(footer: "\n<+07>-7\n"))
        #expect(rules.transitions.map(\.offset) == [18_000, 18_468])
        #expect(rules.offset(at: Instant(nanoseconds: .max)) == 18_468)
    }

    @Test func `the short form of Berlin is as the long form`() throws {
        let long = try rules("Europe/Berlin")
        var writer = Writer()
        writer.types = [(3208, 0, 0), (7200, 1, 4), (3600, 0, 9)]
        writer.names = Array("LMT\0CEST\0CET\0".utf8)
        let start = try Instant(parsing: "1996-01-01T00:00:00Z")
        let short = long.transitions.filter { $0.at < start && $0.at.nanoseconds != .min }
        writer.times = short.suffix(3).map { $0.at.nanoseconds / 1_000_000_000 }
        writer.indexes = short.suffix(3).map { $0.isDaylight ? 1 : 2 }
        let built = try parse(writer.file(footer: "\nCET-1CEST,M3.5.0,M10.5.0/3\n"))
        let range = try #require(
            TimeRange(start: start, end: try Instant(parsing: "2100-01-01T00:00:00Z")))
        // From 1996 on, the rule of today holds.
        #expect(built.changes(in: range) == long.changes(in: range))
        #expect(built.changes(in: range).count == 208)
    }

    @Test func `fixtures have the changes that are known of them`() throws {
        let rules = try rules("Asia/Almaty")
        let almaty = rules.transitions
        let whole = try #require(
            TimeRange(start: Instant(nanoseconds: .min), end: Instant(nanoseconds: .max)))
        // The long form ends its record in 2038 with what changes nothing.
        #expect(almaty.last?.at == (try Instant(parsing: "2038-01-19T03:14:07Z")))
        let last = try #require(rules.changes(in: whole).last)
        #expect(last.at == (try Instant(parsing: "2024-02-29T18:00:00Z")))
        #expect((last.offset, last.isDaylight, last.abbreviation) == (18_000, false, "+05"))
        #expect(almaty.first?.abbreviation == "LMT")
        #expect(almaty.first?.offset == 18_468)
    }

    @Test(arguments: [
        (0, "magic", ZoneFault.Kind.invalid), (4, "ver", .invalid), (20, "isutcnt", .invalid),
        (24, "isstdcnt", .invalid), (28, "leapcnt", .overLimit), (32, "timecnt", .overLimit),
        (36, "typecnt", .overLimit), (40, "charcnt", .overLimit),
    ])
    func `a wrong field of the header is named`(
        place: Int, field: String, kind: ZoneFault.Kind
    ) {
        var octets = Writer().file()
        octets[place == 4 ? 4 : place + 1] = 1
        let fault = #expect(throws: ZoneFault.self) { try parse(octets) }
        #expect(fault?.field == field)
        #expect(fault?.kind == kind)
        #expect(fault?.offset == place)
    }

    @Test func `what the data may not say is refused`() {
        let changes: [(String?, (inout Writer) -> Void)] = [
            (nil, { _ in }),
            ("invalid transition time", { $0.times = [6, 6] }),
            ("invalid transition time", { $0.times = [6, 5] }),
            ("invalid transition type", { $0.indexes = [0, 2] }),
            ("invalid utoff", { $0.types[0].0 = 93_600 }),
            ("invalid utoff", { $0.types[0].0 = -90_000 }),
            ("invalid utoff", { $0.types[0].0 = .min }),
            ("invalid isdst", { $0.types[0].1 = 2 }),
            ("invalid desigidx", { $0.types[0].2 = 8 }),
            ("invalid desigidx", { $0.names[7] = 0x41 }),
            ("invalid time zone designation", { $0.names[0] = 0x1b }),
            ("invalid time zone designation", { $0.names[0] = 0xe9 }),
            ("unsupported leapcnt", { $0.leaps = [(78_796_800, 1)] }),
            ("invalid typecnt", { $0.types = [] }),
            ("invalid charcnt", { $0.names = [] }),
            ("invalid isstdcnt", { $0.standardCount = 1 }),
            (nil, { ($0.standardCount, $0.isUTCount) = (2, 2) }),
        ]
        for (finding, change) in changes {
            var writer = Writer()
            (writer.times, writer.indexes) = ([5, 6], [0, 1])
            change(&writer)
            var found: String?
            do throws(ZoneFault) {
                _ = try parse(writer.file())
            } catch {
                found = "\(error.kind.rawValue) \(error.field)"
            }
            #expect(found == finding)
        }
    }

    @Test(arguments: [
        ("", "truncated footer"), ("x", "invalid footer"), ("\n<+05>-5", "truncated footer"),
        ("\n<+05>\n", "invalid TZ string"), ("\n\u{7}\n", "invalid TZ string"),
        ("\n" + String(repeating: "A", count: 300) + "\n", "over-limit TZ string"),
    ])
    func `a rule that is none is refused`(footer: String, finding: String) {
        let fault = #expect(throws: ZoneFault.self) { try parse(Writer().file(footer: footer)) }
        #expect(fault.map { "\($0.kind.rawValue) \($0.field)" } == finding)
    }

    @Test func `a version of later days and a file too large are refused`() {
        let later = #expect(throws: ZoneFault.self) { try parse(Writer().file(version: "5")) }
        #expect(later?.description == "tzif: ver at byte 4: not supported (got 53)")
        let large = [UInt8](repeating: 0, count: ZoneRules.largestFile + 1)
        let fault = #expect(throws: ZoneFault.self) { try parse(large) }
        #expect(
            fault?.description
                == "tzif: file at byte 0: over the limit (got 65537; expected at most 65536)")
        let empty = #expect(throws: ZoneFault.self) { try parse([]) }
        #expect(
            empty?.description == "tzif: header at byte 0: truncated (got 0 bytes; expected 44)")
    }

    @Test(arguments: zones)
    func `no file cut short is read`(zone: String) throws {
        let whole = try tzif(zone)
        #expect(throws: Never.self) { try parse(whole) }
        for count in 0..<whole.count {
            #expect(throws: ZoneFault.self) { try parse(Array(whole.prefix(count))) }
        }
    }

    @Test(arguments: zones)
    func `no damaged file stops the reader, nor what is made of it`(zone: String) throws {
        let whole = try tzif(zone)
        var random = SeededRandom(seed: 9636)
        var readable = 0
        for step in 0..<1_500 {
            var octets = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                // Half of all changes near the counts and types, where they matter most.
                let place = Int.random(in: 0..<octets.count, using: &random)
                octets[place] =
                    Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random)
                    : octets[place] ^ 1 << UInt8.random(in: 0...7, using: &random)
            }
            guard let rules = try? parse(octets) else { continue }
            readable += 1
            let year = try #require(
                Period(year: Int.random(in: 1970...2261, using: &random)))
            let range = year.range(in: rules)
            let dates = try #require(year.dates)
            let middle = dates.first.adding(days: Int.random(in: 0...364, using: &random))
            let day = rules.day(middle)
            _ = rules.instants(ofLocal: middle, hour: 2, minute: 30)
            _ = rules.changes(in: range)
            if day.start < range.start || day.end > range.end {
                Issue.record("seed 9636, step \(step): \(zone) \(middle)")
            }
        }
        #expect(readable > 100)
    }
}
