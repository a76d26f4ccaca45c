// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import kuzet

@Suite struct JSONWriterTests {
    private func json(linesTo: Int = 0, _ body: (inout JSONWriter) -> Void) -> String {
        let sink = ByteSink()
        var json = JSONWriter(to: sink, linesTo: linesTo)
        body(&json)
        return sink.text
    }

    @Test func `members and elements are separated once`() {
        let text = json { json in
            json.beginObject()
            json.member("a", 1)
            json.key("b")
            json.beginArray()
            json.value("x")
            json.value(true)
            json.null()
            json.beginObject()
            json.endObject()
            json.endArray()
            json.member("c", Double?.none)
            json.endObject()
        }
        #expect(text == #"{"a":1,"b":["x",true,null,{}],"c":null}"#)
    }

    @Test func `outer levels have a line for each member`() {
        let text = json(linesTo: 2) { json in
            json.beginObject()
            json.key("a")
            json.beginArray()
            json.beginObject()
            json.member("b", 1)
            json.member("c", 2)
            json.endObject()
            json.endArray()
            json.key("d")
            json.beginArray()
            json.endArray()
            json.endObject()
        }
        #expect(
            text == """
                {
                  "a": [
                    {"b":1,"c":2}
                  ],
                  "d": []
                }
                """)
    }

    @Test(arguments: [
        ("plain", #""plain""#), ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{1b}[2J\u{7f}\u{9b}", #""\u0000\u001b[2J\u007f\u009b""#),
        ("қақпа 東京", #""қақпа 東京""#), ("a\u{202e}b\u{2028}", #""a\u202eb\u2028""#), ("", #""""#),
    ])
    func `strings are escaped so that neither JSON nor a terminal minds`(
        text: String, expected: String
    ) {
        #expect(json { $0.value(text) } == expected)
    }

    @Test(arguments: [
        (0, "0"), (-0.0, "0"), (25, "25"), (24.98, "24.98"), (1.0 / 3, "0.333333"),
        (5_603_735.823_882_588, "5603735.823883"), (5e-7, "5e-07"),
        (0.000_123_456_789, "0.000123457"),
        (1e-13, "0"), (-1.25, "-1.25"), (1e300, "1e+300"), (1_234_567_890.125, "1234567890.125"),
        (0.1 + 0.2, "0.3"), (.nan, "null"), (.infinity, "null"),
    ])
    func `numbers are short, rounded and always JSON`(number: Double, expected: String) {
        #expect(json { $0.value(number) } == expected)
    }

    @Test func `the greatest counts stay whole`() {
        #expect(json { $0.value(UInt64.max) } == "18446744073709551615")
        #expect(json { $0.value(Int64.min) } == "-9223372036854775808")
    }
}

@Suite struct ByteSinkTests {
    @Test func `a sink keeps no more than its buffer however much is written`() throws {
        let null = unsafe open("/dev/null", O_WRONLY)
        let sink = ByteSink(descriptor: null)
        var greatest = 0
        for number in 0..<200_000 {
            sink.write("stream \(number) ")
            greatest = max(greatest, sink.held)
        }
        #expect(greatest < ByteSink.bufferLimit)
        try sink.finish()
        #expect(sink.held == 0)
        close(null)
    }
}

@Suite struct DecimalTextTests {
    @Test(arguments: [
        (12.345, 2, "12.35"), (0.005, 1, "0.0"), (-0.04, 1, "0.0"), (-7.265, 1, "-7.3"),
        (3, 0, "3"), (.nan, 2, "-"), (1e300, 2, "-"), (0.07, 3, "0.070"),
    ])
    func `fixed decimals`(number: Double, decimals: Int, expected: String) {
        #expect(DecimalText.fixed(number, decimals: decimals) == expected)
    }

    @Test func `groups of three and eight hexadecimal digits`() {
        #expect(DecimalText.grouped(0) == "0")
        #expect(DecimalText.grouped(999) == "999")
        #expect(DecimalText.grouped(2_000_000) == "2,000,000")
        #expect(DecimalText.hexadecimal(0xab) == "0x000000ab")
    }
}
