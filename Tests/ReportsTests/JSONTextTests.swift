// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct JSONTextTests {
    @Test func `members come in the order written, the outer ones line by line`() {
        let text = DocumentSink.text { sink in
            var json = JSONText(to: sink, linesTo: 1)
            json.object { json in
                json.member("b", 1)
                json.array("a", [Int128.max, -1]) { json, number in json.value(number) }
                json.member("none", String?.none)
                json.array("empty", of: [])
            }
        }
        let expected = """
            {
              "b": 1,
              "a": [170141183460469231731687303715884105727,-1],
              "none": null,
              "empty": []
            }
            """
        #expect(text == expected)
    }

    @Test func `whatever a text holds, the string stays one`() {
        let text = DocumentSink.text { sink in
            var json = JSONText(to: sink, linesTo: 0)
            json.value("\"\\\n\r\t\u{0}\u{1b}\u{7f}\u{9b}é\u{1F600}")
        }
        #expect(text == "\"\\\"\\\\\\n\\r\\t\\u0000\\u001b\\u007f\\u009bé\u{1F600}\"")
    }
}
