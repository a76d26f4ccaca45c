// SPDX-License-Identifier: Apache-2.0

/// Why no report was made or none could be verified; nothing was written.
struct ReportFault: Error, Equatable, CustomStringConvertible {
    /// One line for each thing that is wrong.
    var lines: [String]

    init(_ line: String) { lines = [line] }

    init(lines: [String]) { self.lines = lines }

    var description: String { lines.joined(separator: "\n") }
}
