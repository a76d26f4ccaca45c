// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct DrawingTests {
    @Test(arguments: [
        (0, "0"), (1_00, "1"), (50, ".5"), (5, ".05"), (1_23, "1.23"), (12_30, "12.3"),
        (-50, "-.5"), (-1_05, "-1.05"), (680_00, "680"),
    ])
    func `hundredths are written as briefly as can be`(_ hundredths: Int, _ text: String) {
        #expect(number(hundredths) == text)
    }

    @Test func `signs of XML in names of cameras do no harm`() {
        #expect(escaped("a<b>&\"c'") == "a&lt;b&gt;&amp;&quot;c&#39;")
        #expect(escaped("\u{0}\u{8}\u{1f}\u{ffff}") == String(repeating: "\u{fffd}", count: 4))
        #expect(escaped("Қ\tж\n") == "Қ\tж\n")
        var strip = ChartSamples.strip(.english)
        strip.title = "</title><script>alert(1)</script>"
        #expect(!strip.svg(prefix: "x").contains("<script"))
    }

    @Test func `a prefix is the beginning of an identifier`() {
        #expect(Drawing.isPrefix("c") && Drawing.isPrefix("s-12_a"))
        for wrong in ["", "1a", "a b", "a\"", "ә", "-a"] { #expect(!Drawing.isPrefix(wrong)) }
    }

    @Test func `a drawing says what it is to those who cannot see it`() {
        let text = Drawing(prefix: "p").finished(
            width: 10_00, height: 5_50, title: "T", summary: "S")
        #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 5.5\""))
        #expect(text.contains("role=\"img\" aria-labelledby=\"p-t p-d\""))
        #expect(text.contains("<title id=\"p-t\">T</title>"))
        #expect(text.contains("<desc id=\"p-d\">S</desc>"))
        #expect(text.hasSuffix("</svg>\n"))
    }
}
