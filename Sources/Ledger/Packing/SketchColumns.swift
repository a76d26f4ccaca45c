// SPDX-License-Identifier: Apache-2.0

/// Encoded quantile sketches, taken apart into columns: neighbours differ little.
struct SketchColumns {
    /// Bins of each sketch.
    private var bins: [Int64] = []
    /// The first key of each sketch that has a bin.
    private var firstKeys: [Int64] = []
    /// From each key to the next within a sketch.
    private var steps: [Int64] = []
    private var counts: [Int64] = []

    /// Most bins of all sketches of a block: what a month of hours can fill.
    private static let mostBins = 4_000_000

    /// Takes sketches apart: per bin the step of its key and its count, both LEB128.
    init(_ encoded: [[UInt8]]) throws(PackingFault) {
        for sketch in encoded {
            var reader = ByteReader(sketch)
            var number: Int64 = 0
            while reader.remaining > 0 {
                let step = Int64(bitPattern: try reader.varint())
                if number == 0 { firstKeys.append(step) } else { steps.append(step) }
                counts.append(Int64(bitPattern: try reader.varint()))
                number += 1
            }
            bins.append(number)
        }
    }

    /// Writes the columns, each behind the number of its values.
    func write(to writer: inout ByteWriter) throws(PackingFault) {
        for column in [bins, firstKeys, steps, counts] {
            writer.varint(UInt64(column.count))
            try IntegerColumn.write(column, to: &writer)
        }
    }

    /// Reads the columns of `count` sketches and puts these together again.
    static func read(
        count: Int, from reader: inout ByteReader
    ) throws(PackingFault) -> [[UInt8]] {
        var columns: [[Int64]] = []
        for _ in 0..<4 {
            let length = try reader.count(upTo: mostBins, of: "number of bins")
            columns.append(
                length == 0 ? [] : try IntegerColumn.read(count: length, from: &reader))
        }
        guard columns[0].count == count else {
            throw .outOfRange(field: "number of sketches", offset: reader.offset)
        }
        var (first, step, bin) = (columns[1][...], columns[2][...], columns[3][...])
        var sketches: [[UInt8]] = []
        sketches.reserveCapacity(count)
        for number in columns[0] {
            var writer = ByteWriter()
            guard number >= 0, number <= bin.count else {
                throw .outOfRange(field: "number of bins", offset: reader.offset)
            }
            for place in 0..<number {
                guard let key = place == 0 ? first.popFirst() : step.popFirst(),
                    let count = bin.popFirst()
                else { throw .truncated(offset: reader.offset) }
                writer.varint(UInt64(bitPattern: key))
                writer.varint(UInt64(bitPattern: count))
            }
            sketches.append(writer.bytes)
        }
        return sketches
    }
}
