// SPDX-License-Identifier: Apache-2.0

/// Writes JSON (RFC 8259) to a sink as it comes, keeping nothing but how deep it is.
///
/// Objects and arrays down to `linesTo` levels put each member on a line of its own, so that the
/// output can be read, searched by line and compared; what lies deeper stays on its line.
struct JSONWriter {
    /// Levels that may be open at once: our own output has six; more is a slip in this program.
    static let depthLimit = 32

    let sink: ByteSink
    private let linesTo: Int
    private var depth = 0
    /// One bit a level: set once the level has a member, so that the next needs a comma.
    private var hasMember: UInt64 = 0
    private var awaitsValue = false

    /// Makes a writer; `linesTo` levels are broken into lines, none by default.
    init(to sink: ByteSink, linesTo: Int = 0) {
        self.sink = sink
        self.linesTo = linesTo
    }

    /// Opens an object.
    mutating func beginObject() { open("{") }
    /// Closes the innermost object.
    mutating func endObject() { close("}") }
    /// Opens an array.
    mutating func beginArray() { open("[") }
    /// Closes the innermost array.
    mutating func endArray() { close("]") }

    /// Writes a member's name, one of our own that needs no escape; its value must follow.
    mutating func key(_ name: String) {
        precondition(!awaitsValue)
        separate()
        sink.write(byte: 0x22)
        sink.write(name)
        sink.write(depth <= linesTo ? "\": " : "\":")
        awaitsValue = true
    }

    /// Writes a string.
    mutating func value(_ text: String) {
        separate()
        writeQuoted(text)
    }

    /// Writes a whole number.
    mutating func value(_ number: some FixedWidthInteger) {
        separate()
        sink.write(String(number))
    }

    /// Writes a number, or null if it is not finite: JSON has no other way to say so.
    mutating func value(_ number: Double) {
        separate()
        sink.write(DecimalText.exact(number) ?? "null")
    }

    /// Writes true or false.
    mutating func value(_ flag: Bool) {
        separate()
        sink.write(flag ? "true" : "false")
    }

    /// Writes null.
    mutating func null() {
        separate()
        sink.write("null")
    }

    /// Writes a name with its value, or with null.
    mutating func member(_ name: String, _ text: String?) {
        key(name)
        if let text { value(text) } else { null() }
    }

    /// Writes a name with its value, or with null.
    mutating func member(_ name: String, _ number: (some FixedWidthInteger)?) {
        key(name)
        if let number { value(number) } else { null() }
    }

    /// Writes a name with its value, or with null.
    mutating func member(_ name: String, _ number: Double?) {
        key(name)
        if let number { value(number) } else { null() }
    }

    /// Ends a document or, in a file of many, its line.
    func endLine() {
        precondition(depth == 0)
        sink.write("\n")
    }

    private mutating func open(_ bracket: String) {
        separate()
        precondition(depth < JSONWriter.depthLimit)
        sink.write(bracket)
        depth += 1
        hasMember &= ~(1 << UInt64(depth))
    }

    private mutating func close(_ bracket: String) {
        precondition(depth > 0 && !awaitsValue)
        let wasEmpty = hasMember & (1 << UInt64(depth)) == 0
        depth -= 1
        if depth < linesTo, !wasEmpty { breakLine() }
        sink.write(bracket)
    }

    private mutating func separate() {
        if awaitsValue {
            awaitsValue = false
            return
        }
        guard depth > 0 else { return }
        let bit: UInt64 = 1 << UInt64(depth)
        if hasMember & bit != 0 { sink.write(byte: 0x2c) }
        hasMember |= bit
        if depth <= linesTo { breakLine() }
    }

    private func breakLine() {
        sink.write("\n")
        for _ in 0..<depth { sink.write("  ") }
    }

    private func writeQuoted(_ text: String) {
        sink.write("\"")
        // Almost every string needs no escape: it goes through whole.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x5c }) {
            sink.write(text)
        } else {
            for scalar in text.unicodeScalars { writeEscaped(scalar) }
        }
        sink.write("\"")
    }

    /// Escapes what JSON demands and what a terminal or a browser would act upon: a name that a
    /// camera sent must not move the cursor of whoever reads the output.
    private func writeEscaped(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": sink.write("\\\"")
        case "\\": sink.write("\\\\")
        case "\n": sink.write("\\n")
        case "\r": sink.write("\\r")
        case "\t": sink.write("\\t")
        case _ where PrintableText.acts(scalar):
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                let digits = String(unit, radix: 16)
                sink.write("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            }
        default: sink.write(String(scalar))
        }
    }
}
