// SPDX-License-Identifier: Apache-2.0

/// Writes CSV (RFC 4180): one header, then records of as many fields, lines ended by CR LF.
///
/// A text that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, tab or CR in front) gets
/// an apostrophe in front. Numbers of ours are written as they are, minus sign included.
struct CSVText {
    private let sink: DocumentSink
    private let columns: Int
    private var written = 0

    /// Begins a file with its header; `marksEncoding` puts a byte order mark in front, as some
    /// spreadsheets want it.
    init(to sink: DocumentSink, header: [String], marksEncoding: Bool) {
        self.sink = sink
        columns = header.count
        if marksEncoding { sink.write("\u{feff}") }
        sink.write(header.joined(separator: ","))
        sink.write("\r\n")
    }

    /// Writes a text of somebody else's as the next field.
    mutating func text(_ text: String) {
        separate()
        let first = text.utf8.first
        let isFormula = first.map { [0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d].contains($0) } ?? false
        let isPlain = text.utf8.allSatisfy { $0 != 0x2c && $0 != 0x22 && $0 != 0x0a && $0 != 0x0d }
        if isPlain && !isFormula {
            sink.write(text)
            return
        }
        sink.write("\"")
        if isFormula { sink.write("'") }
        sink.write(
            isPlain
                ? text
                : text.split(separator: "\"", omittingEmptySubsequences: false)
                    .joined(separator: "\"\""))
        sink.write("\"")
    }

    /// Writes a number, a code or a time of our own as the next field; empty if nil.
    mutating func plain(_ text: String?) {
        separate()
        if let text { sink.write(text) }
    }

    /// Writes a whole number as the next field; empty if nil.
    mutating func number(_ number: (some FixedWidthInteger)?) {
        separate()
        if let number { sink.write(number: Int128(number)) }
    }

    /// Ends the record; it must have as many fields as the header.
    mutating func endRecord() {
        precondition(written == columns, "\(written) fields under \(columns) columns")
        sink.write("\r\n")
        written = 0
    }

    private mutating func separate() {
        if written > 0 { sink.write(byte: UInt8(ascii: ",")) }
        written += 1
    }
}
