// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct DocumentSinkTests {
    @Test func `a long document is handed on in pieces that make it whole`() {
        var pieces = 0
        var bytes = 0
        let sink = DocumentSink { piece in
            pieces += 1
            bytes += piece.count
        }
        let line = String(repeating: "x", count: 1000)
        for _ in 0..<1000 { sink.write(line) }
        sink.flush()
        #expect(bytes == 1_000_000)
        #expect(sink.count == 1_000_000)
        #expect(pieces > 3)
    }

    @Test(arguments: [0, 7, 10, 999, .max, .min, -1] as [Int64])
    func `a number is written in decimal`(number: Int64) {
        #expect(DocumentSink.text { $0.write(number: Int128(number)) } == String(number))
    }

    @Test func `digits are filled to a width`() {
        #expect(DocumentSink.text { $0.write(digits: 42, width: 5) } == "00042")
        #expect(DocumentSink.text { $0.write(digits: .max) } == String(UInt64.max))
    }
}
