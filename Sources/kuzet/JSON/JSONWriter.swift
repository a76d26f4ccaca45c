// SPDX-License-Identifier: Apache-2.0

/// Writes JSON (RFC 8259) to a sink as it comes, keeping nothing but how deep it is and what was
/// written of the line in progress.
///
/// The line is put together in memory of the writer's own, because a sink is shared and each
/// access to it is checked. It goes to the sink when a value ends that stands on a line of its
/// own, so that whoever else writes to the sink between values finds all of the last one there.
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
    /// What the sink has not been given yet.
    private var line: [UInt8] = []

    /// Octets of a line after which it is given to the sink although it goes on.
    private static let lineLimit = 8192

    /// Makes a writer; `linesTo` levels are broken into lines, none by default.
    init(to sink: ByteSink, linesTo: Int = 0) {
        self.sink = sink
        self.linesTo = linesTo
    }

    /// Opens an object.
    mutating func beginObject() { open(0x7b) }
    /// Closes the innermost object.
    mutating func endObject() { close(0x7d) }
    /// Opens an array.
    mutating func beginArray() { open(0x5b) }
    /// Closes the innermost array.
    mutating func endArray() { close(0x5d) }

    /// Writes a member's name, one of our own that needs no escape; its value must follow.
    mutating func key(_ name: String) {
        precondition(!awaitsValue)
        separate()
        line.append(0x22)
        line.append(contentsOf: name.utf8)
        line.append(0x22)
        line.append(0x3a)
        if depth <= linesTo { line.append(0x20) }
        awaitsValue = true
    }

    /// Writes a string.
    mutating func value(_ text: String) {
        separate()
        writeQuoted(text)
        settle()
    }

    /// Writes a whole number.
    mutating func value(_ number: some FixedWidthInteger) {
        separate()
        line.append(contentsOf: String(number).utf8)
        settle()
    }

    /// Writes a number, or null if it is not finite: JSON has no other way to say so.
    mutating func value(_ number: Double) {
        separate()
        line.append(contentsOf: (DecimalText.exact(number) ?? "null").utf8)
        settle()
    }

    /// Writes true or false.
    mutating func value(_ flag: Bool) {
        separate()
        line.append(contentsOf: (flag ? "true" : "false").utf8)
        settle()
    }

    /// Writes null.
    mutating func null() {
        separate()
        line.append(contentsOf: "null".utf8)
        settle()
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

    private mutating func open(_ bracket: UInt8) {
        separate()
        precondition(depth < JSONWriter.depthLimit)
        line.append(bracket)
        depth += 1
        hasMember &= ~(1 << UInt64(depth))
    }

    private mutating func close(_ bracket: UInt8) {
        precondition(depth > 0 && !awaitsValue)
        let wasEmpty = hasMember & (1 << UInt64(depth)) == 0
        depth -= 1
        if depth < linesTo, !wasEmpty { breakLine() }
        line.append(bracket)
        if depth <= linesTo { hand() } else { settle() }
    }

    private mutating func separate() {
        if awaitsValue {
            awaitsValue = false
            return
        }
        guard depth > 0 else { return }
        let bit: UInt64 = 1 << UInt64(depth)
        if hasMember & bit != 0 { line.append(0x2c) }
        hasMember |= bit
        if depth <= linesTo { breakLine() }
    }

    private mutating func breakLine() {
        line.append(0x0a)
        for _ in 0..<(2 * depth) { line.append(0x20) }
    }

    /// Gives the sink what it should have after a value.
    private mutating func settle() {
        if depth == 0 || line.count >= JSONWriter.lineLimit { hand() }
    }

    private mutating func hand() {
        sink.write(octets: line)
        line.removeAll(keepingCapacity: true)
    }

    private mutating func writeQuoted(_ text: String) {
        line.append(0x22)
        let start = line.count
        for octet in text.utf8 {
            // Almost every string needs no escape: it goes through as it is.
            guard octet >= 0x20, octet < 0x7f, octet != 0x22, octet != 0x5c else {
                line.removeSubrange(start...)
                for scalar in text.unicodeScalars { writeEscaped(scalar) }
                break
            }
            line.append(octet)
        }
        line.append(0x22)
    }

    /// Escapes what JSON demands and what a terminal or a browser would act upon: a name that a
    /// camera sent must not move the cursor of whoever reads the output.
    private mutating func writeEscaped(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": write("\\\"")
        case "\\": write("\\\\")
        case "\n": write("\\n")
        case "\r": write("\\r")
        case "\t": write("\\t")
        case _ where PrintableText.acts(scalar):
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                let digits = String(unit, radix: 16)
                write("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            }
        default: write(String(scalar))
        }
    }

    private mutating func write(_ text: String) { line.append(contentsOf: text.utf8) }
}
