// SPDX-License-Identifier: Apache-2.0
import Registry

/// A row of CSV as a record: its header says which cell is which field.
struct CSVRecord: RecordFields {
    let header: CSVHeader
    let row: CSVRow

    var place: SourcePlace { SourcePlace(file: header.file, line: row.line) }

    var places: FieldPlaces {
        var columns = SIMD16<UInt16>()
        for (index, cell) in header.cells.enumerated() where cell >= 0 {
            columns[index] = UInt16(clamping: row.column(of: cell))
        }
        return .columns(names: header.names, columns)
    }

    private func cell(_ key: String) -> Int? {
        guard let index = header.names.firstIndex(of: key) else { return nil }
        let cell = header.cells[index]
        return cell >= 0 && cell < row.count ? cell : nil
    }

    func has(_ key: String) -> Bool { cell(key) != nil }

    func text(
        _ key: String, _ path: @autoclosure () -> String, _ problems: inout ProblemList
    ) -> FieldValue? {
        guard let cell = cell(key) else { return nil }
        let octets = row.octets(cell)
        if octets.isEmpty { return nil }
        let place = SourcePlace(file: header.file, line: row.line, column: row.column(of: cell))
        // What is ASCII alone needs no more looks.
        if octets.allSatisfy({ $0 < 0x80 }) {
            return FieldValue(
                text: String(decoding: octets, as: UTF8.self), place: place, isQuoted: true)
        }
        if let text = Unicode8.text(octets) {
            return FieldValue(text: text, place: place, isQuoted: true)
        }
        let fault = Unicode8.firstFault(in: Array(octets))
        problems.append(
            Unicode8.problem(
                octet: octets[octets.startIndex + fault], offset: row.offset(of: cell) + fault,
                begins: octets, at: place, field: path()))
        return nil
    }

    func texts(
        _ key: String, _ path: @autoclosure () -> String, _ problems: inout ProblemList
    ) -> [FieldValue] {
        guard let value = text(key, path(), &problems) else { return [] }
        return value.text.split(separator: " ").map {
            FieldValue(text: String($0), place: value.place, isQuoted: true)
        }
    }
}

/// The first row of a CSV file: the names of the fields.
final class CSVHeader {
    let file: String
    /// All fields that such a file may have, at most 16.
    let names: [String]
    /// For each of them the cell that holds it, or -1.
    let cells: [Int]
    /// How many cells each row must have.
    let count: Int

    /// Reads the header from the first row, or gives nil with the reasons in `problems`.
    init?(
        _ row: CSVRow, file: String, names: [String], required: [String], separator: UInt8,
        _ problems: inout ProblemList
    ) {
        precondition(names.count <= SIMD16<UInt16>.scalarCount)
        self.file = file
        self.names = names
        count = row.count
        var cells = [Int](repeating: -1, count: names.count)
        let texts = (0..<row.count).map { Unicode8.text(row.octets($0)) ?? "\u{fffd}" }
        let place = SourcePlace(file: file, line: row.line)
        let example = names.joined(separator: String(Unicode.Scalar(separator)))
        guard texts.contains(where: names.contains) else {
            problems.append(
                CSVHeader.noHeader(texts, row, place, separator, example: example))
            return nil
        }
        var isWhole = true
        for (cell, text) in texts.enumerated() {
            let place = SourcePlace(file: file, line: row.line, column: row.column(of: cell))
            guard let index = names.firstIndex(of: text) else {
                problems.append(
                    RegistryProblem(
                        .error, .unknownField, at: place, field: text, what: "unknown column",
                        expected: "one of " + names.joined(separator: ", "),
                        suggestion: NearestWord.nearest(to: text, in: names)))
                isWhole = false
                continue
            }
            if cells[index] >= 0 {
                problems.append(
                    RegistryProblem(
                        .error, .duplicate, at: place, field: text,
                        what: "a column twice (first at column \(row.column(of: cells[index])))"))
                isWhole = false
            }
            cells[index] = cell
        }
        for name in required where !texts.contains(name) {
            problems.append(
                RegistryProblem(
                    .error, .missing, at: place, field: name, what: "no such column",
                    expected: "the columns " + required.joined(separator: ", ")))
            isWhole = false
        }
        self.cells = cells
        guard isWhole else { return nil }
    }

    /// What to say of a first row that names nothing we know.
    private static func noHeader(
        _ texts: [String], _ row: CSVRow, _ place: SourcePlace, _ separator: UInt8,
        example: String
    ) -> RegistryProblem {
        let isOne = texts.count == 1
        let other: String? = [",", ";", "\t"].first { text in
            isOne && texts[0].contains(text) && text.utf8.first != separator
        }
        if let other {
            let name = other == "\t" ? "tab" : other
            return RegistryProblem(
                .error, .syntax, at: place, what: "the fields seem to be separated by `\(name)`",
                got: texts[0],
                expected:
                    "`\(Unicode.Scalar(separator))`, or `separator: \"\(name)\"` in the settings"
            )
        }
        return RegistryProblem(
            .error, .missing, at: place, what: "no header line", got: texts.first,
            expected: example)
    }
}

/// Reads a whole CSV file, record by record.
enum CSVFile {
    /// Hands each record to `body`, with its number from 1; problems of the file itself go to
    /// `problems`.
    static func read(
        _ path: String, separator: UInt8, names: [String], required: [String],
        _ problems: inout ProblemList, body: (CSVRecord, Int, inout ProblemList) -> Void
    ) {
        do {
            var reader = try CSVReader(path: path, separator: separator)
            try read(&reader, separator, names, required, &problems, body)
            problems.append(contentsOf: reader.problems)
        } catch {
            problems.append(error)
        }
    }

    private static func read(
        _ reader: inout CSVReader, _ separator: UInt8, _ names: [String], _ required: [String],
        _ problems: inout ProblemList, _ body: (CSVRecord, Int, inout ProblemList) -> Void
    ) throws(RegistryProblem) {
        guard try reader.next() else {
            if !reader.problems.hasErrors {
                problems.append(
                    RegistryProblem(
                        .error, .missing, at: SourcePlace(file: reader.name), what: "an empty file",
                        expected: "a header line: " + names.joined(separator: ",")))
            }
            return
        }
        guard
            let header = CSVHeader(
                reader.row, file: reader.name, names: names, required: required,
                separator: separator, &problems)
        else { return }
        var number = 0
        while try reader.next() {
            number += 1
            guard reader.row.count == header.count else {
                problems.append(
                    RegistryProblem(
                        .error, .syntax, at: SourcePlace(file: reader.name, line: reader.row.line),
                        what: "\(reader.row.count) fields (expected \(header.count))"))
                continue
            }
            let errors = problems.errorCount
            body(CSVRecord(header: header, row: reader.row), number, &problems)
            // A file in another encoding has a fault in every row; one says it all.
            if problems.errorCount > errors, problems.problems.last?.code == .encoding { return }
        }
    }
}
