// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct CSVTextTests {
    static func record(_ text: String) -> String {
        DocumentSink.text { sink in
            var csv = CSVText(to: sink, header: ["a", "b"], marksEncoding: false)
            csv.text(text)
            csv.number(-5)
            csv.endRecord()
        }
    }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""),
        ("two\nlines", "\"two\nlines\""), ("", ""), ("Қақпа", "Қақпа"),
    ])
    func `a text is quoted where RFC 4180 asks for it`(text: String, field: String) {
        #expect(Self.record(text) == "a,b\r\n\(field),-5\r\n")
    }

    @Test(arguments: ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
    func `a text that a spreadsheet would compute is held back`(text: String) {
        #expect(Self.record(text).hasPrefix("a,b\r\n\"'\(text)\","))
    }

    @Test func `a byte order mark is written where it is asked for`() {
        let text = DocumentSink.text { sink in
            _ = CSVText(to: sink, header: ["a"], marksEncoding: true)
        }
        #expect(Array(text.utf8.prefix(3)) == [0xef, 0xbb, 0xbf])
    }
}
