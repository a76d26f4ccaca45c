// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct LookAlikeTests {
    @Test func `a Cyrillic letter in an id is named with its code`() {
        let fault = LookAlike.fault(ofIdentifier: "c\u{430}m-1")
        #expect(fault.code == .lookAlike)
        #expect(fault.what == "the Cyrillic letter U+0430 looks like the Latin `a`")
    }

    @Test(arguments: [
        ("Cam-1", RegistryProblem.Code.invalidValue), ("", .missing), ("a b", .invalidValue),
        ("cam-ж", .invalidValue), ("e\u{301}", .invalidValue), ("cam-\u{456}", .lookAlike),
    ])
    func `every text that is no id says why`(text: String, code: RegistryProblem.Code) {
        #expect(LookAlike.fault(ofIdentifier: text).code == code)
    }

    @Test(arguments: [
        ("Kамера 1", "Kамера"), ("Главный вxод", "вxод"), ("№1 мектеп", nil), ("IP-камера", nil),
        ("Camera 7", nil), ("Ұлттық көше", nil), ("К1а", nil), ("Wi-Fi роутер", nil),
    ])
    func `one word of two alphabets is found`(name: String, word: String?) {
        #expect(LookAlike.mixedWord(in: name) == word)
    }
}
