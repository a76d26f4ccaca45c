// SPDX-License-Identifier: Apache-2.0
import Registry

/// Reads a CSV file row by row (RFC 4180), in memory that does not grow with the file.
///
/// Beyond the RFC: lines may end in LF or CR LF, both in one file; a byte order mark at the
/// beginning is passed over; blank lines and lines that begin with `#` are remarks. A row that is
/// broken is reported and passed over, so that all are found.
struct CSVReader: ~Copyable {
    /// Octets of a file, at most: a million rows of a kibioctet (chosen).
    static let largestFile = 1 << 30
    /// Rows of a file, at most: three times a large country's cameras (chosen).
    static let mostRows = 1_000_000
    /// Octets of one cell, at most; what is longer is a quote that was not closed (chosen).
    static let largestCell = 4096
    /// Cells of a row, at most; ours have nine (chosen).
    static let mostCells = 64

    let name: String
    private let file: InputFile
    private let separator: UInt8
    private var block: [UInt8] = []
    private var position = 0
    /// Octets of the file in front of `block`.
    private var blockStart = 0
    private var isAtEnd = false
    private var line = 1
    private(set) var rowCount = 0
    private(set) var problems = ProblemList()

    /// One row: its octets without quotes, and where its cells begin and end.
    private(set) var row = CSVRow()

    init(path: String, separator: UInt8) throws(RegistryProblem) {
        let file = try InputFile.open(path, limit: CSVReader.largestFile)
        self.file = file
        name = path
        self.separator = separator
    }

    private mutating func fill() throws(RegistryProblem) {
        let isFirst = blockStart == 0 && block.isEmpty
        blockStart += block.count
        block.removeAll(keepingCapacity: true)
        position = 0
        isAtEnd = try !file.read(into: &block)
        if isFirst, block.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    /// The next octet without taking it; nil at the end of the file.
    private mutating func peek() throws(RegistryProblem) -> UInt8? {
        if position >= block.count {
            if isAtEnd { return nil }
            try fill()
            if position >= block.count { return nil }
        }
        return block[position]
    }

    /// Reads the next row into `row`; false at the end of the file.
    mutating func next() throws(RegistryProblem) -> Bool {
        while let first = try peek() {
            if first == 0x0a || first == 0x0d {
                position += 1
                if first == 0x0a { line += 1 }
                continue
            }
            if first == UInt8(ascii: "#") {
                try skipLine()
                continue
            }
            guard rowCount <= CSVReader.mostRows else {
                throw RegistryProblem(
                    .error, .tooLarge, at: SourcePlace(file: name, line: line),
                    what: "more than \(CSVReader.mostRows) rows",
                    expected: "at most \(CSVReader.mostRows)")
            }
            rowCount += 1
            row.begin(line: line)
            if try readRow() { return true }
        }
        return false
    }

    private mutating func skipLine() throws(RegistryProblem) {
        while let octet = try peek() {
            position += 1
            if octet == 0x0a {
                line += 1
                return
            }
        }
    }

    /// Reads cells up to the end of the row; false if the row is broken.
    private mutating func readRow() throws(RegistryProblem) -> Bool {
        while true {
            row.beginCell(offset: blockStart + position)
            let isWhole =
                try peek() == UInt8(ascii: "\"") ? try readQuoted() : try readPlain()
            guard isWhole else {
                try skipLine()
                return false
            }
            row.endCell()
            guard let octet = try peek() else { return true }
            position += 1
            if octet == separator {
                row.column += 1
                guard row.count < CSVReader.mostCells else {
                    report(.tooLarge, "more than \(CSVReader.mostCells) fields", nil)
                    try skipLine()
                    return false
                }
            } else {
                // LF, or CR LF.
                if octet == 0x0d, let next = try peek() {
                    guard next == 0x0a else {
                        report(.syntax, "a lone carriage return", "LF or CR LF")
                        try skipLine()
                        return false
                    }
                    position += 1
                }
                line += 1
                return true
            }
        }
    }

    private mutating func readPlain() throws(RegistryProblem) -> Bool {
        while true {
            // All that lies between here and a sign goes over at once.
            let end = block[position...].firstIndex { octet in
                octet == separator || octet == 0x0a || octet == 0x0d || octet == 0x22
            }
            guard add(until: end ?? block.count) else { return false }
            guard let octet = try peek() else { return true }
            if end == nil { continue }
            if octet == separator || octet == 0x0a { return true }
            if octet == UInt8(ascii: "\"") {
                report(
                    .syntax, "a quote inside a field", "the whole field in quotes, and \"\" in it")
                return false
            }
            // A lone CR is no line's end; it is refused with the field's text.
            if position + 1 >= block.count || block[position + 1] == 0x0a { return true }
            guard add(until: position + 1) else { return false }
        }
    }

    private mutating func readQuoted() throws(RegistryProblem) -> Bool {
        let start = (line: line, column: row.column)
        position += 1
        row.column += 1
        while let octet = try peek() {
            switch octet {
            case UInt8(ascii: "\""):
                position += 1
                row.column += 1
                guard let next = try peek() else { return true }
                if next == UInt8(ascii: "\"") {
                    guard add(until: position + 1) else { return false }
                } else if next == separator || next == 0x0a || next == 0x0d {
                    return true
                } else {
                    report(
                        .syntax, "text behind a closing quote", "the separator or the line's end")
                    return false
                }
            case 0x0a:
                line += 1
                guard add(until: position + 1) else { return false }
            default:
                let end = block[position...].firstIndex { $0 == 0x22 || $0 == 0x0a }
                guard add(until: end ?? block.count) else { return false }
            }
        }
        problems.append(
            RegistryProblem(
                .error, .syntax,
                at: SourcePlace(file: name, line: start.line, column: start.column),
                what: "a quote that is not closed", expected: "the closing quote"))
        return false
    }

    /// Takes the octets up to `end` into the cell; false if it is too large then.
    private mutating func add(until end: Int) -> Bool {
        // No more than one too many: what is larger is not kept.
        let last = min(end, position + CSVReader.largestCell + 1 - row.cellCount)
        row.append(block[position..<last])
        position = last
        guard row.cellCount <= CSVReader.largestCell else {
            report(
                .tooLarge, "a field of more than \(CSVReader.largestCell) octets",
                "at most \(CSVReader.largestCell); is a quote not closed?")
            return false
        }
        return true
    }

    private mutating func report(
        _ code: RegistryProblem.Code, _ what: String, _ expected: String?
    ) {
        problems.append(
            RegistryProblem(
                .error, code, at: SourcePlace(file: name, line: line, column: row.column),
                what: what, expected: expected))
    }
}

/// The cells of one row.
struct CSVRow {
    private struct Cell {
        var start: Int
        var end: Int
        /// The column at which it begins, in characters.
        var column: Int
        /// Where in the file it begins, in octets.
        var offset: Int
    }

    private var octets: [UInt8] = []
    private var cells: [Cell] = []
    /// The line on which it begins.
    private(set) var line = 1
    /// The column of the next octet, in characters.
    var column = 1

    /// How many cells there are.
    var count: Int { cells.count }
    /// Octets of the cell that is being read.
    var cellCount: Int { octets.count - (cells.last?.start ?? 0) }

    mutating func begin(line: Int) {
        octets.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        self.line = line
        column = 1
    }

    mutating func beginCell(offset: Int) {
        cells.append(Cell(start: octets.count, end: octets.count, column: column, offset: offset))
    }

    mutating func endCell() {
        if !cells.isEmpty { cells[cells.count - 1].end = octets.count }
    }

    mutating func append(_ more: ArraySlice<UInt8>) {
        octets += more
        // Octets that continue a letter are no column.
        for octet in more where octet & 0xc0 != 0x80 { column += 1 }
    }

    /// The octets of a cell.
    func octets(_ cell: Int) -> ArraySlice<UInt8> { octets[cells[cell].start..<cells[cell].end] }

    /// The column at which a cell begins.
    func column(of cell: Int) -> Int { cells[cell].column }

    /// Where in the file a cell begins, in octets.
    func offset(of cell: Int) -> Int { cells[cell].offset }
}
