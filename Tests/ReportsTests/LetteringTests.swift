// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct LetteringTests {
    @Test func `wide letters take more room than narrow ones`() {
        let size = 10_00
        #expect(Lettering.width("Шщщ", size: size) > Lettering.width("ііі", size: size))
        #expect(Lettering.width("", size: size) == 1)
        #expect(
            Lettering.width("жол", size: size, isBold: true) > Lettering.width("жол", size: size))
    }

    @Test func `a text that fits stays whole, another ends in an ellipsis`() {
        let text = "Бейнебақылау жүйесі «Орталық саябақ»"
        #expect(Lettering.fitted(text, to: 1000_00, size: 11_00) == text)
        let cut = Lettering.fitted(text, to: 100_00, size: 11_00)
        #expect(cut.hasSuffix("…") && cut.count < text.count)
        #expect(Lettering.width(cut, size: 11_00) <= 100_00)
        #expect(Lettering.fitted(text, to: 0, size: 11_00) == "…")
    }

    @Test func `words are divided at spaces and no line is too wide`() {
        let text = "Видеокамера стационарная уличная – обзорная, контрольно-пропускной пункт № 12"
        let lines = Lettering.wrapped(text, to: 220_00, size: 11_00, limit: 4)
        #expect(lines.joined(separator: " ").replacing("\u{a0}", with: " ") == text)
        #expect(lines.allSatisfy { Lettering.width($0, size: 11_00) <= 220_00 })
        #expect(lines.contains { $0.contains("№\u{a0}12") })
        let two = Lettering.wrapped(text, to: 220_00, size: 11_00, limit: 2)
        #expect(two.count == 2 && two[1].hasSuffix("…"))
    }
}
