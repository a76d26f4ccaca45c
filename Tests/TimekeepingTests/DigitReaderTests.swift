// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Timekeeping

@Suite struct DigitReaderTests {
    @Test func `digits and marks are read in order`() {
        var reader = DigitReader("2026-W07x")
        let year = reader.number(4)
        let marks = [reader.take("W"), reader.take("-")]
        let next = reader.next
        let isWeek = reader.take("W")
        let week = reader.number(atMost: 3)
        #expect(year == 2026)
        #expect(marks == [false, true])
        #expect(next == UInt8(ascii: "W"))
        #expect(isWeek)
        #expect(week == 7)
        #expect(!reader.isAtEnd)
        let last = [reader.take("x"), reader.take("x")]
        #expect(last == [true, false])
        #expect(reader.isAtEnd)
        #expect(reader.next == nil)
    }

    @Test func `what is not as wide as asked is left alone`() {
        var reader = DigitReader("12a4")
        let numbers = [
            reader.number(3), reader.number(5), reader.number(2), reader.number(atMost: 9),
        ]
        #expect(numbers == [nil, nil, 12, nil])
        let isMark = reader.take("a")
        let last = reader.number(atMost: 9)
        #expect(isMark)
        #expect(last == 4)
    }

    @Test func `digits of other scripts are none`() {
        var reader = DigitReader("٢٠٢٦")
        let numbers = [reader.number(1), reader.number(atMost: 4)]
        #expect(numbers == [nil, nil])
        let isMark = reader.take("٢")
        #expect(!isMark)
    }
}
