// SPDX-License-Identifier: Apache-2.0

/// Writes JSON (RFC 8259) as it comes: keys in the order written, one member a line down to a depth.
struct JSONText {
    /// Levels that may be open at once: the form has six; more is a slip in this program.
    static let depthLimit = 32

    private let sink: DocumentSink
    private let linesTo: Int
    private var depth = 0
    /// One bit a level: set once the level has a member, so that the next needs a comma.
    private var hasMember: UInt64 = 0
    private var awaitsValue = false

    /// Makes a writer that breaks the outer `linesTo` levels into lines.
    init(to sink: DocumentSink, linesTo: Int) {
        self.sink = sink
        self.linesTo = linesTo
    }

    /// Writes an object whose members `body` writes.
    mutating func object(_ body: (inout JSONText) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes a member that is an object.
    mutating func object(_ name: String, _ body: (inout JSONText) -> Void) {
        key(name)
        object(body)
    }

    /// Writes a member that is an array with an element for each of `elements`.
    mutating func array<Elements: Sequence>(
        _ name: String, _ elements: Elements, _ body: (inout JSONText, Elements.Element) -> Void
    ) {
        key(name)
        open(UInt8(ascii: "["))
        for element in elements { body(&self, element) }
        close(UInt8(ascii: "]"))
    }

    /// Writes a member that is an array of strings.
    mutating func array(_ name: String, of texts: some Sequence<String>) {
        array(name, texts) { json, text in json.value(text) }
    }

    /// Writes a member's name, one of our own that needs no escape; its value must follow.
    mutating func key(_ name: String) {
        precondition(!awaitsValue)
        separate()
        sink.write("\"")
        sink.write(name)
        sink.write("\":")
        if depth <= linesTo { sink.write(" ") }
        awaitsValue = true
    }

    /// Writes a member that is a string, or null.
    mutating func member(_ name: String, _ text: String?) {
        key(name)
        if let text { value(text) } else { null() }
    }

    /// Writes a member that is a whole number, or null.
    mutating func member(_ name: String, _ number: (some FixedWidthInteger)?) {
        key(name)
        if let number { value(Int128(number)) } else { null() }
    }

    /// Writes a member that is true or false.
    mutating func member(_ name: String, _ flag: Bool) {
        key(name)
        separate()
        sink.write(flag ? "true" : "false")
    }

    /// Writes a string.
    mutating func value(_ text: String) {
        separate()
        sink.write("\"")
        // Almost every string needs no escape: it goes through whole.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c && $0 != 0x7f }) {
            sink.write(text)
        } else {
            for scalar in text.unicodeScalars { writeEscaped(scalar) }
        }
        sink.write("\"")
    }

    /// Writes a whole number.
    mutating func value(_ number: Int128) {
        separate()
        sink.write(number: number)
    }

    /// Writes null.
    mutating func null() {
        separate()
        sink.write("null")
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        precondition(depth < JSONText.depthLimit)
        sink.write(byte: bracket)
        depth += 1
        hasMember &= ~(1 << UInt64(depth))
    }

    private mutating func close(_ bracket: UInt8) {
        precondition(depth > 0 && !awaitsValue)
        let wasEmpty = hasMember & (1 << UInt64(depth)) == 0
        depth -= 1
        if depth < linesTo, !wasEmpty { breakLine() }
        sink.write(byte: bracket)
    }

    private mutating func separate() {
        if awaitsValue {
            awaitsValue = false
            return
        }
        guard depth > 0 else { return }
        let bit: UInt64 = 1 << UInt64(depth)
        if hasMember & bit != 0 { sink.write(byte: UInt8(ascii: ",")) }
        hasMember |= bit
        if depth <= linesTo { breakLine() }
    }

    private func breakLine() {
        sink.write("\n")
        for _ in 0..<depth { sink.write("  ") }
    }

    private func writeEscaped(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": sink.write("\\\"")
        case "\\": sink.write("\\\\")
        case "\n": sink.write("\\n")
        case "\r": sink.write("\\r")
        case "\t": sink.write("\\t")
        case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
            let digits = String(scalar.value, radix: 16)
            sink.write("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
        default: sink.write(String(Character(scalar)))
        }
    }
}
