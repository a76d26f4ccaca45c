// SPDX-License-Identifier: Apache-2.0

extension RegistryFiles {
    /// The columns of a CSV file of the registry, in the file's order; nil where there is no such
    /// file or no header.
    ///
    /// For whoever adds rows to a file that was read: what is wrong with it, reading has said.
    public static func columns(of path: String, separator: UInt8) -> [String]? {
        guard path.hasSuffix(".csv"), var reader = try? CSVReader(path: path, separator: separator),
            (try? reader.next()) == true
        else { return nil }
        return (0..<reader.row.count).map {
            let text = String(decoding: reader.row.octets($0), as: UTF8.self)
            return String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}
