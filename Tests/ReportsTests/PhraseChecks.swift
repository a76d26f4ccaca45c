// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

/// What is wrong with texts of one language, as a reader would mark it.
enum PhraseChecks {
    /// Letters that Kazakh has and Russian has not.
    static let kazakhLetters: Set<Character> = [
        "ә", "ғ", "қ", "ң", "ө", "ұ", "ү", "һ", "і", "Ә", "Ғ", "Қ", "Ң", "Ө", "Ұ", "Ү", "Һ", "І",
    ]
    /// What may stand in Latin letters in any language: names of protocols and the like.
    static let latin: Set<String> = [
        "RFC", "RTCP", "RTP", "RTSP", "IP", "JPEG", "SPS", "VOL", "ITU", "T", "G", "SHA", "CSV",
        "JSON", "HTML", "PDF", "UTC", "HTTPS", "ONVIF", "U", "D", "N", "X", "Df", "Dm", "Dw", "L",
        "w", "o", "u", "I", "II", "III", "IV", "UDP", "HTTP", "MPEG", "figures", "tsv", "tzdata",
        "Ed", "TEARDOWN", "kuzet",
    ]

    static func check(_ wording: Wording, _ name: String) {
        for (language, text) in [("kk", wording.kk), ("ru", wording.ru), ("en", wording.en)] {
            #expect(!text.isEmpty, "\(name) \(language) is empty")
            #expect(text.first?.isWhitespace != true && text.last?.isWhitespace != true, "\(name)")
            for wrong in ["  ", " ,", " .", "..", "%@", "\\(", "\t", "\n", "( ", " )"] {
                #expect(!text.contains(wrong), "\(name) \(language) has '\(wrong)'")
            }
            #expect(text.filter { $0 == "«" }.count == text.filter { $0 == "»" }.count, "\(name)")
        }
        #expect(wording.ru != wording.en && wording.kk != wording.en, "\(name) is not translated")
        for (language, text) in [("kk", wording.kk), ("ru", wording.ru)] {
            let words = text.split { !($0.isASCII && $0.isLetter) }.map(String.init)
            for word in words where !latin.contains(word) {
                Issue.record("\(name) \(language) has Latin letters: \(word)")
            }
        }
        // The order's own number ends in a Kazakh letter in every language.
        let russian = wording.ru.replacing("69-қе", with: "")
        #expect(!russian.contains { kazakhLetters.contains($0) }, "\(name) ru has Kazakh letters")
        let english = wording.en.replacing("69-қе", with: "")
        let cyrillic = english.unicodeScalars.contains { (0x400...0x52f).contains($0.value) }
        #expect(!cyrillic, "\(name) en has Cyrillic letters")
        // A letter of one alphabet inside a word of the other looks right and is found by nobody.
        for text in [wording.kk, wording.ru, wording.en] {
            for word in text.split(whereSeparator: { !$0.isLetter }) where isMixed(word) {
                Issue.record("\(name): letters of two alphabets in \(word)")
            }
        }
    }

    static func isMixed(_ word: Substring) -> Bool {
        let hasLatin = word.unicodeScalars.contains { $0.isASCII }
        return hasLatin && word.unicodeScalars.contains { (0x400...0x52f).contains($0.value) }
    }

    /// All of a closed list.
    static func check<List: Phrase>(_ list: List.Type, mayAgree: Bool = false) {
        for phrase in list.allCases { check(phrase.wording, "\(list).\(phrase)") }
        guard !mayAgree else { return }
        for texts in [
            list.allCases.map(\.wording.kk), list.allCases.map(\.wording.ru),
            list.allCases.map(\.wording.en),
        ] {
            let twice = Dictionary(grouping: texts) { $0 }.filter { $1.count > 1 }.keys
            #expect(
                twice.isEmpty, "\(list): \(twice.joined(separator: ", ")) stands for two things")
        }
    }
}
