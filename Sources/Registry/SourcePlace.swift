// SPDX-License-Identifier: Apache-2.0

/// Where in which file something was written, as editors count: lines and columns from 1.
public struct SourcePlace: Hashable, Sendable {
    /// The file's name as it was given.
    public let file: String
    /// The line, from 1.
    public let line: UInt32
    /// The column in characters, from 1.
    public let column: UInt32

    /// Makes a place; numbers below 1 become 1.
    public init(file: String, line: Int = 1, column: Int = 1) {
        self.file = file
        self.line = UInt32(clamping: max(1, line))
        self.column = UInt32(clamping: max(1, column))
    }
}

extension SourcePlace: Comparable {
    /// Orders by file, then line, then column.
    public static func < (first: SourcePlace, second: SourcePlace) -> Bool {
        (first.file, first.line, first.column) < (second.file, second.line, second.column)
    }
}

extension SourcePlace: CustomStringConvertible {
    /// `cameras.csv:212:9`.
    public var description: String { "\(RegistryProblem.plain(file)):\(line):\(column)" }
}
