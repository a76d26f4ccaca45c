// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct FormattingTests {
    static let kk = Formatting(.kazakh)
    static let ru = Formatting(.russian)
    static let en = Formatting(.english)

    /// With ordinary spaces, for reading.
    static func plain(_ text: String) -> String { text.replacing("\u{a0}", with: " ") }

    @Test(arguments: [
        (0, "0"), (7, "7"), (5000, "5000"), (10_000, "10 000"), (1_234_567, "1 234 567"),
        (-12_345, "−12 345"), (Int64.min, "−9 223 372 036 854 775 808"),
    ])
    func `digits stand in groups from five on`(_ number: Int64, _ text: String) {
        #expect(Self.plain(Self.ru.integer(number)) == text)
    }

    @Test func `decimals are cut off, never rounded up`() {
        #expect(Self.en.decimal(99_999, scale: 3, decimals: 2) == "99.99")
        #expect(Self.ru.decimal(99_999, scale: 3, decimals: 2) == "99,99")
        #expect(Self.en.decimal(-1_999, scale: 3, decimals: 0) == "−1")
        #expect(Self.en.decimal(-4, scale: 3, decimals: 2) == "0.00")
        #expect(Self.en.decimal(Int64.min, scale: 18, decimals: 3) == "−9.223")
    }

    @Test func `a percentage is never better than it is`() {
        #expect(Self.plain(Self.en.percentage(999_999, of: 1_000_000)) == "99.99 %")
        #expect(Self.plain(Self.kk.percentage(999_999, of: 1_000_000, decimals: 4)) == "99,9999 %")
        #expect(Self.plain(Self.ru.percentage(1, of: 3, decimals: 9)) == "33,333333333 %")
        #expect(Self.plain(Self.ru.percentage(1, of: 1, decimals: 0)) == "100 %")
        #expect(Self.ru.percentage(1, of: 0) == "–")
        let camerasYear: Int64 = 9_000_000_000_000_000_000
        #expect(Self.plain(Self.en.percentage(camerasYear - 1, of: camerasYear)) == "99.99 %")
        #expect(
            Self.plain(Self.en.percentage(Int64.max, of: 100)).hasPrefix(
                "9 223 372 036 854 775 807.00"))
    }

    @Test func `bounds that print alike are one figure`() {
        #expect(Self.en.bounds("99 %", "99 %") == "99 %")
        #expect(Self.en.bounds("99.1\u{a0}%", "99.9\u{a0}%") == "99.1–99.9\u{a0}%")
        #expect(Self.en.bounds("1 h", "2 h") == "1 h\u{a0}– 2 h")
    }

    @Test func `between signs stands no dash that could be read as one more`() {
        #expect(Self.en.bounds("−2 h", "1 h") == "−2 h\u{a0}to 1 h")
        #expect(Formatting(.russian).bounds("−2 ч", "−1 ч") == "−2 ч\u{a0}… −1 ч")
        #expect(Formatting(.kazakh).bounds("−2 сағ", "1 сағ") == "−2 сағ\u{a0}… 1 сағ")
    }

    @Test func `bit rates and frame rates carry their units`() {
        #expect(Self.plain(Self.ru.bitRate(5_000_000)) == "5000 кбит/с")
        #expect(Self.plain(Self.en.bitRate(4_999_999)) == "4999 kbit/s")
        #expect(Self.plain(Self.kk.bitRate(1_250_000_000)) == "1250,0 Мбит/с")
        #expect(Self.plain(Self.kk.frameRate(millihertz: 25_000)) == "25 кадр/с")
        #expect(Self.plain(Self.en.frameRate(millihertz: 24_976)) == "24.97 frames/s")
        #expect(Self.plain(Self.ru.share(partsPerMillion: 200_000, decimals: 0)) == "20 %")
        #expect(Self.ru.pictureSize(width: 1920, height: 1080) == "1920×1080")
    }

    @Test func `things in a row are joined as a sentence has them`() {
        #expect(Self.ru.list(["а", "б", "в"]) == "а, б и в")
        #expect(Self.kk.list(["а", "б"]) == "а және б")
        #expect(Self.en.list(["a"]) == "a" && Self.en.list([]).isEmpty)
        #expect(Self.kk.capitalised("қолжетімділік") == "Қолжетімділік")
    }

    @Test(arguments: [
        (1, "1 видеокамера"), (2, "2 видеокамеры"), (5, "5 видеокамер"), (11, "11 видеокамер"),
        (12, "12 видеокамер"), (21, "21 видеокамера"), (22, "22 видеокамеры"),
        (111, "111 видеокамер"), (0, "0 видеокамер"), (1001, "1001 видеокамера"),
    ])
    func `Russian nouns follow their number`(_ number: Int, _ text: String) {
        #expect(Self.plain(Self.ru.count(number, .camera)) == text)
    }

    @Test func `Kazakh nouns stay singular and English ones have two forms`() {
        #expect(Self.plain(Self.kk.count(1, .camera)) == "1 бейнекамера")
        #expect(Self.plain(Self.kk.count(10_000, .camera)) == "10 000 бейнекамера")
        #expect(Self.plain(Self.en.count(1, .outage)) == "1 outage")
        #expect(Self.plain(Self.en.count(0, .outage)) == "0 outages")
    }

    @Test func `every noun has all of its forms`() {
        for noun in CountedNoun.allCases {
            let wording = Wording(kk: noun.kazakh, ru: noun.russian.many, en: noun.english.many)
            PhraseChecks.check(wording, "\(noun)")
            #expect(
                !noun.russian.few.isEmpty && !noun.russian.one.isEmpty && !noun.english.one.isEmpty)
        }
    }
}
