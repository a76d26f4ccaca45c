// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import GRDB

/// Octets in a column.
struct Blob: DatabaseValueConvertible, StatementColumnConvertible, Sendable {
    let octets: [UInt8]

    init(_ octets: [UInt8]) {
        self.octets = octets
    }

    init?(sqliteStatement: SQLiteStatement, index: CInt) {
        octets = Array(unsafe Data(sqliteStatement: sqliteStatement, index: index))
    }

    var databaseValue: DatabaseValue { Data(octets).databaseValue }

    static func fromDatabaseValue(_ value: DatabaseValue) -> Blob? {
        Data.fromDatabaseValue(value).map { Blob(Array($0)) }
    }
}
