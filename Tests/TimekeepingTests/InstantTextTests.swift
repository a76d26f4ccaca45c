// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct InstantTextTests {
    private static let second: Int64 = 1_000_000_000

    static let stamps: [(String, Int64, Int64)] = [
        ("2024-02-29T23:30:00+06:00", 1_709_227_800, 0),
        ("2024-02-29T23:30:00+05:00", 1_709_231_400, 0),
        ("2024-02-29T17:30:00Z", 1_709_227_800, 0),
        ("2024-02-29t17:30:00z", 1_709_227_800, 0),
        ("1970-01-01T00:00:00-00:00", 0, 0),
        ("1969-12-31T19:30:00-04:30", 0, 0),
        ("1969-12-31T23:59:59.5Z", -1, 500_000_000),
        ("1985-04-12T23:20:50.52Z", 482_196_050, 520_000_000),
        ("1970-01-01T00:00:00.0000000019Z", 0, 1),
        ("1937-01-01T12:00:27.87+00:20", -1_041_337_173, 870_000_000),
        // A leap second is told apart from what follows by nobody who counts as POSIX does.
        ("1990-12-31T23:59:60Z", 662_688_000, 0), ("1990-12-31T15:59:60-08:00", 662_688_000, 0),
        ("2016-12-31T23:59:60.25Z", 1_483_228_800, 250_000_000),
    ]

    @Test(arguments: stamps)
    func `a time stamp of RFC 3339 is read`(text: String, seconds: Int64, rest: Int64) throws {
        #expect(try Instant(parsing: text) == Instant(nanoseconds: seconds * Self.second + rest))
    }

    static let faults: [(String, TimestampFault)] = [
        ("2024-02-29T23:30:00", TimestampFault.noOffset),
        ("2024-02-29T24:00:00Z", .hour24), ("2024-02-29T24:00", .hour24),
        ("2024-02-29T25:00:00Z", .hour(25)), ("2024-02-29T23:60:00Z", .minute(60)),
        ("2024-02-29T23:00:61Z", .second(61)), ("2024-02-29T23:00:60Z", .second(60)),
        ("2024-02-27T23:59:60Z", .second(60)), ("1990-12-31T23:59:60+01:00", .second(60)),
        ("2024-13-01T00:00:00Z", .month(13)), ("2024-00-01T00:00:00Z", .month(0)),
        ("2023-02-29T00:00:00Z", .day(29, year: 2023, month: 2)),
        ("2023-04-31T00:00:00Z", .day(31, year: 2023, month: 4)),
        ("2024-02-29T23:30:00+24:00", .offset), ("2024-02-29T23:30:00+05:60", .offset),
        ("2024-02-29", .malformed), ("2024-02-29 23:30:00Z", .malformed), ("", .malformed),
        ("2024-02-29T23:30:00+0600", .malformed), ("2024-02-29T23:30:00+06", .malformed),
        ("2024-02-29T23:30:00Zzz", .malformed), ("2024-02-29T23:30:00.Z", .malformed),
        ("2024-02-29T23:30Z", .malformed), ("2024-02-29T23:30:00 Z", .malformed),
        ("2024-02-29T23:30:00−06:00", .malformed), ("1600-01-01T00:00:00Z", .beyondRange),
        ("9999-12-31T23:59:59Z", .beyondRange),
    ]

    @Test(arguments: faults)
    func `what is wrong with a time stamp is told`(text: String, fault: TimestampFault) {
        #expect(throws: fault) { try Instant(parsing: text) }
    }

    static let localTexts: [(Int, Int, String)] = [
        (0, 21_600, "2024-02-29T23:30:00+06:00"), (3, 18_000, "2024-02-29T22:30:00.123+05:00"),
        (9, 0, "2024-02-29T17:30:00.123456789+00:00"), (0, -12_600, "2024-02-29T14:00:00-03:30"),
        // Local mean time of Almaty; RFC 3339 has no seconds there.
        (0, 18_468, "2024-02-29T22:37:00+05:07"), (0, -18_468, "2024-02-29T12:23:00-05:07"),
        (0, 93_599, "2024-03-01T17:29:00+23:59"),
    ]

    @Test(arguments: localTexts)
    func `local text has its offset and names the same instant`(
        decimals: Int, offset: Int, text: String
    ) throws {
        let instant = Instant(nanoseconds: 1_709_227_800 * Self.second + 123_456_789)
        let written = instant.text(decimals: decimals, offsetSeconds: offset)
        #expect(written == text)
        let cut = [0: 123_456_789, 3: 456_789, 9: 0][decimals] ?? 0
        #expect(try Instant(parsing: written) == instant.advanced(byNanoseconds: -Int64(cut)))
    }

    @Test(arguments: [31, 32, 33] as [UInt64])
    func `every instant is read back from its text`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let instant = Instant(nanoseconds: Int64.random(in: .min ... .max, using: &random))
            let offset = 60 * Int.random(in: -1439...1439, using: &random)
            #expect(try Instant(parsing: instant.text()) == instant, "seed \(seed)")
            #expect(
                try Instant(parsing: instant.text(decimals: 9, offsetSeconds: offset)) == instant,
                "seed \(seed)")
        }
    }

    @Test func `no text stops the reader`() {
        var random = SeededRandom(seed: 34)
        let good = Array("2024-02-29T23:30:00.5+06:00".utf8)
        for _ in 0..<20_000 {
            var octets = good
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<octets.count, using: &random)
                octets[place] = UInt8.random(in: 0x20...0x7E, using: &random)
            }
            octets.removeLast(Int.random(in: 0...4, using: &random))
            _ = try? Instant(parsing: String(decoding: octets, as: UTF8.self))
        }
    }
}
