// SPDX-License-Identifier: Apache-2.0
import GRDB

/// What GRDB's subscripts would end the program for: a damaged page may hold anything in any
/// column, also nothing where the schema allows no nothing.
extension Row {
    /// The value of a column, by its place.
    func read<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ place: Int
    ) throws(PackingFault) -> Value {
        do {
            return try decode(Value.self, atIndex: place)
        } catch {
            throw .outOfRange(field: "column", offset: place)
        }
    }

    /// The value of a column, by its name.
    func read<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ name: String
    ) throws(PackingFault) -> Value {
        do {
            return try decode(Value.self, forColumn: name)
        } catch {
            throw .outOfRange(field: name, offset: 0)
        }
    }
}
