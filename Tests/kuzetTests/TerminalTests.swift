// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import kuzet

@Suite struct TerminalStyleTests {
    private func style(
        isTerminal: Bool = true, columns: Int? = 100, wantsColour: Bool = true,
        _ environment: [String: String]
    ) -> TerminalStyle {
        TerminalStyle(
            isTerminal: isTerminal, windowColumns: columns, wantsColour: wantsColour
        ) { environment[$0] }
    }

    @Test func `a terminal has colour and its width`() {
        let style = style(["TERM": "xterm", "LANG": "kk_KZ.UTF-8"])
        #expect(
            style
                == TerminalStyle(colour: true, ascii: false, columns: 100, isTerminal: true))
    }

    @Test func `NO_COLOR of any value, the option, and a dumb terminal turn colour off`() {
        #expect(!style(["TERM": "xterm", "NO_COLOR": "0"]).colour)
        #expect(style(["TERM": "xterm", "NO_COLOR": ""]).colour)
        #expect(!style(wantsColour: false, ["TERM": "xterm"]).colour)
        #expect(!style(["TERM": "dumb"]).colour)
        #expect(!style(["TERM": "dumb"]).isTerminal)
        #expect(!style([:]).colour)
    }

    @Test func `a pipe has neither colour nor width`() {
        let style = style(isTerminal: false, columns: nil, ["TERM": "xterm", "LANG": "C.UTF-8"])
        #expect(style == .pipe)
        #expect(self.style(isTerminal: false, ["COLUMNS": "90"]).columns == 90)
    }

    @Test(arguments: [
        (["LANG": "C"], true), ([:], true), (["LANG": "ru_RU.utf8"], false),
        (["LC_ALL": "C", "LANG": "ru_RU.UTF-8"], true),
        (["LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"], false),
    ])
    func `the locale decides what letters there are`(
        environment: [String: String], ascii: Bool
    ) {
        #expect(style(environment).ascii == ascii)
    }
}

@Suite struct PrintableTextTests {
    @Test(arguments: [
        ("camera", 6), ("қақпа", 5), ("東京", 4), ("e\u{301}", 1), ("📷", 2), ("❤\u{fe0f}", 2),
        ("👨‍👩‍👧", 2), ("", 0), ("한국", 4), ("ａ", 2),
    ])
    func `width is in columns of the terminal`(text: String, width: Int) {
        #expect(PrintableText.width(text) == width)
    }

    @Test func `what would act upon the terminal is shown as a question mark`() {
        #expect(PrintableText.shown("a\u{1b}[2J\r\nb", ascii: false) == "a?[2J??b")
        #expect(PrintableText.shown("a\u{202e}b\u{9b}", ascii: false) == "a?b?")
        #expect(PrintableText.shown("қ1", ascii: true) == "?1")
    }

    @Test(arguments: 0...30)
    func `a shortened text never takes more than its place`(limit: Int) {
        for text in ["10.20.0.12/Streaming/Channels/101", "東京東京東京東京東京", "abc", ""] {
            for ascii in [true, false] {
                let short = PrintableText.shortened(text, to: limit, ascii: ascii)
                #expect(PrintableText.width(short) <= limit)
                let name = StreamName.shortened(text, to: limit, ascii: ascii)
                #expect(PrintableText.width(name) <= limit)
            }
        }
    }

    @Test func `a shortened name keeps host and end`() {
        let name = "10.20.0.12/Streaming/Channels/101"
        #expect(StreamName.shortened(name, to: 23, ascii: false) == "10.20.0.12/…hannels/101")
        #expect(StreamName.shortened(name, to: 23, ascii: true) == "10.20.0.12/..annels/101")
    }

    @Test func `names with numbers are in order of the numbers`() {
        let names = ["10.0.0.10/a", "10.0.0.9/b", "10.0.0.9/a", "10.0.0.9"]
        #expect(
            names.sorted(by: StreamName.precedes)
                == ["10.0.0.9", "10.0.0.9/a", "10.0.0.9/b", "10.0.0.10/a"])
    }

    @Test func `a clipped line keeps its inks and whole characters`() {
        var line = StyledLine("ab", .title)
        line.append("東京", .broken)
        #expect(line.clipped(to: 5).plainText == "ab東")
        #expect(line.clipped(to: 5).pieces.last?.ink == .broken)
        #expect(line.rendered(colour: false) == "ab東京")
        #expect(StyledLine("  ").rendered(colour: false).isEmpty)
    }
}

@Suite struct TerminalKeyTests {
    @Test func `keys are told from their sequences`() {
        let bytes = Array("q\u{1b}[A\u{1b}OB\u{1b}[5~\u{1b}[6~\u{1b}[1~\r\u{1b}".utf8)
        #expect(
            TerminalKey.keys(in: bytes) == [
                .character("q"), .up, .down, .pageUp, .pageDown, .home, .enter, .escape,
            ])
    }

    @Test func `what is not known is passed over whole`() {
        #expect(TerminalKey.keys(in: Array("\u{1b}[1;5Cx\u{1b}[200~ж".utf8)) == [.character("x")])
        #expect(TerminalKey.keys(in: [0x1b, 0x5b]) == [])
    }

    @Test func `no bytes trap`() {
        var random = SeededGenerator(state: 3)
        for _ in 0..<5_000 {
            let length = Int.random(in: 0...12, using: &random)
            let bytes = (0..<length).map { _ in
                [0x1b, 0x5b, 0x4f, UInt8.random(in: 0...255, using: &random)]
                    .randomElement(using: &random) ?? 0
            }
            _ = TerminalKey.keys(in: bytes)
        }
    }
}

@Suite struct ProgressLineTests {
    private let style = TerminalStyle(colour: true, ascii: true, columns: 100, isTerminal: true)

    @Test func `half a second passes in silence`() {
        var line = ProgressLine(total: 1_000, style: style)
        #expect(line.update(done: 500, packets: 5, elapsed: 499_999_999) == nil)
        #expect(line.end() == nil)
    }

    @Test func `then it tells share, pace and what is left, at its own pace`() {
        var line = ProgressLine(total: 400_000_000, style: style)
        #expect(
            line.update(done: 100_000_000, packets: 1_234, elapsed: 1_000_000_000)
                == "\r######.................. 25 %, 1,234 packets, 100 MB/s, 3 s left\u{1b}[K")
        #expect(line.update(done: 100_000_001, packets: 1_235, elapsed: 1_050_000_000) == nil)
        #expect(line.end() == "\r\u{1b}[K")
    }

    @Test func `a pipe sees nothing`() {
        var line = ProgressLine(total: 1_000, style: .pipe)
        #expect(line.update(done: 500, packets: 5, elapsed: 9_000_000_000) == nil)
    }
}

@Suite struct SparklineTests {
    @Test func `bars rise from zero and the unknown is a gap`() {
        #expect(Sparkline.text([0, 50, nil, 100, .nan], ascii: false) == "▁▅ █ ")
        #expect(Sparkline.text([0, 50, nil, 100], ascii: true) == "_= #")
        #expect(Sparkline.text([0, 0], ascii: false) == "▁▁")
        #expect(Sparkline.text([], ascii: false).isEmpty)
    }
}
