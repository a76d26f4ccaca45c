// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Settings

@Suite struct CSVReaderTests {
    /// The cells of each row, and what was wrong.
    static func read(
        _ text: String, separator: Character = ","
    ) throws -> (rows: [[String]], problems: [String]) {
        let folder = try TemporaryFolder()
        let path = try folder.write("f.csv", text)
        var reader = try CSVReader(path: path, separator: separator.asciiValue ?? 0)
        var rows: [[String]] = []
        while try reader.next() {
            let row = reader.row
            rows.append((0..<row.count).map { String(decoding: row.octets($0), as: UTF8.self) })
        }
        return (rows, folder.lines(reader.problems))
    }

    @Test(arguments: [
        ("a,b\n", [["a", "b"]]), ("a,b", [["a", "b"]]), ("", []), ("\n\r\n\n", []),
        ("a,\n", [["a", ""]]), (",\n", [["", ""]]), ("\"\"\n", [[""]]), ("\"\"", [[""]]),
        ("\"a,b\",\"c\"\"d\",\"e\nf\"\r\n", [["a,b", "c\"d", "e\nf"]]), ("# a,b\na\n", [["a"]]),
        ("a\r\nb\n\r\nc", [["a"], ["b"], ["c"]]), ("a,\"b\"\r\n", [["a", "b"]]),
        ("#", []), ("a,b,", [["a", "b", ""]]), ("Ұ,қ\n", [["Ұ", "қ"]]), ("a\n#", [["a"]]),
    ])
    func `rows are read as RFC 4180 writes them`(text: String, rows: [[String]]) throws {
        let found = try Self.read(text)
        #expect(found.rows == rows)
        #expect(found.problems.isEmpty)
    }

    @Test func `the separator is what was declared`() throws {
        #expect(try Self.read("a;b,c\n", separator: ";").rows == [["a", "b,c"]])
        #expect(try Self.read("a\tb,c\n", separator: "\t").rows == [["a", "b,c"]])
    }

    @Test func `a broken row is named and the next is read`() throws {
        let found = try Self.read("a,b\n\"c\"d,e\nf,g\nh\"i\nj\rk\nl,m\n")
        #expect(found.rows == [["a", "b"], ["f", "g"], ["j\rk"], ["l", "m"]])
        #expect(
            found.problems.map { $0.prefix { $0 != "(" } } == [
                "f.csv:2:4: text behind a closing quote ", "f.csv:4:2: a quote inside a field ",
            ])
    }

    @Test func `rows that cross the blocks of reading are whole`() throws {
        // Every length around the size of a block, so that each octet falls on its edge once.
        for extra in 0..<12 {
            let long =
                String(repeating: "#", count: 1)
                + String(repeating: "x", count: InputFile.blockSize - 8 - extra) + "\n"
            let found = try Self.read(long + "\"a\"\"\nЖ\",b\r\nc,d\r\n")
            #expect(found.rows == [["a\"\nЖ", "b"], ["c", "d"]], "\(extra)")
            #expect(found.problems.isEmpty)
        }
    }

    @Test func `a row of too many cells is refused`() throws {
        let found = try Self.read(String(repeating: ",", count: 1000) + "\na,b\n")
        #expect(found.rows == [["a", "b"]])
        #expect(found.problems == ["f.csv:1:65: more than 64 fields"])
    }
}
