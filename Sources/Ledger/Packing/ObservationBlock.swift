// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// The observations of one camera by one vantage that begin in one stretch: an hour, or a day once
/// it is over; column by column.
///
/// ```
/// octet     layout, 2
/// fixed64   the latest end of an observation, ns since the epoch
/// fixed32   checksum over hours, first hour, view and that end
/// rest      a zstd frame
/// ```
/// Inside the zstd frame:
/// ```
/// octet     hours of the stretch, 1 or 24
/// signed    first hour since the epoch, then the view: the key, against blocks under a wrong one
/// varint    number of observations
/// varint    number of codecs, then each as text
/// varint    mean IP octets a packet, then mean overhead octets a packet
/// columns   start after the stretch's start (ns), source, sequence, greatest loss allowed (parts
///           per million), then `ObservationField`
/// ```
/// IP octets and overhead are what is left after packets times the mean.
///
/// Layout 1, before schema 2: the frame alone, of an hour, with the layout in place of the hours,
/// without the loss allowed and without the last two fields.
struct ObservationBlock {
    /// What the block is of: its key.
    let stretch: BlockStretch
    /// Sorted by start, each start once.
    private(set) var rows: [ObservationRow]
    /// Of each row the loss, parts per million, that was allowed when the block was packed.
    private(set) var maximumLosses: [Int64]

    /// Most observations of a block that is written: one each second would be 3,600 an hour; a
    /// day that has more stays in hours.
    static let mostRows = 16_384
    /// Most that are read: a day with an observation each second, late ones among them.
    static let mostRowsRead = 131_072
    /// Length of an hour.
    static let hourNanoseconds: Int64 = 3_600_000_000_000

    private static let layout: UInt8 = 2
    private static let received = ObservationField.received.rawValue
    private static let codec = ObservationField.codec.rawValue
    /// Columns of octets that go with the number of packets.
    private static let perPacket = [
        ObservationField.ipOctets.rawValue, ObservationField.overhead.rawValue,
    ]

    /// Makes a block; there must be a row, rows must be sorted by start, and each has its loss.
    init(_ stretch: BlockStretch, rows: [ObservationRow], maximumLosses: [Int64]) {
        precondition(!rows.isEmpty && rows.count <= Self.mostRowsRead)
        precondition(rows.count == maximumLosses.count)
        self.stretch = stretch
        self.rows = rows
        self.maximumLosses = maximumLosses
    }

    /// The hour in which `nanoseconds` since the epoch lies.
    static func hour(of nanoseconds: Int64) -> Int64 {
        let remainder = nanoseconds % hourNanoseconds
        return nanoseconds / hourNanoseconds - (remainder < 0 ? 1 : 0)
    }

    /// The row that starts so; nil if there is none.
    func row(startingAt start: Int64) -> ObservationRow? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].start < start { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low].start == start ? rows[low] : nil
    }

    /// Packs the block.
    func packed(by zstandard: Zstandard) throws(PackingFault) -> [UInt8] {
        var writer = ByteWriter(capacity: 64 + rows.count * 32)
        writer.octet(UInt8(stretch.hours))
        writer.signed(stretch.firstHour)
        writer.signed(stretch.view)
        writer.varint(UInt64(rows.count))
        var codecs: [String] = []
        let codecNumbers = rows.map { row -> Int64 in
            guard let codec = row.codec else { return 0 }
            if let place = codecs.firstIndex(of: codec) { return Int64(place + 1) }
            codecs.append(codec)
            return Int64(codecs.count)
        }
        writer.varint(UInt64(codecs.count))
        for codec in codecs { writer.text(codec) }
        let means = Self.perPacket.map { mean(of: $0) }
        for mean in means { writer.signed(mean) }
        let origin = stretch.start
        var columns = [
            rows.map { $0.start &- origin }, rows.map(\.source),
            rows.map { Int64(bitPattern: $0.sequence) }, maximumLosses,
        ]
        for field in 0..<ObservationField.count {
            if field == Self.codec {
                columns.append(codecNumbers)
            } else if let place = Self.perPacket.firstIndex(of: field) {
                columns.append(
                    rows.map { $0.values[field] &- means[place] &* $0.values[Self.received] })
            } else {
                columns.append(rows.map { $0.values[field] })
            }
        }
        for column in columns { try IntegerColumn.write(column, to: &writer, by: zstandard) }
        let end = rows.reduce(Int64.min) { max($0, $1.end) }
        var packed = ByteWriter()
        packed.octet(Self.layout)
        packed.fixed64(UInt64(bitPattern: end))
        packed.fixed32(stretch.checksum(with: end))
        packed.octets(try zstandard.pack(writer.bytes))
        return packed.bytes
    }

    /// Unpacks the block that is kept of `stretch`.
    init(
        _ stretch: BlockStretch, packed: [UInt8], by zstandard: Zstandard
    ) throws(PackingFault) {
        self.stretch = stretch
        let columns = try Columns(stretch, packed: packed, by: zstandard)
        rows = []
        rows.reserveCapacity(columns.count)
        maximumLosses = columns.maximumLosses
        var values = columns.first
        for index in 0..<columns.count {
            let codec = try columns.fill(&values, index)
            rows.append(
                ObservationRow(
                    view: stretch.view, start: columns.starts[index],
                    source: columns.sources[index],
                    sequence: UInt64(bitPattern: columns.sequences[index]), values: values,
                    codec: codec))
        }
    }

    /// Unpacks only what begins in `start ..< end`, without the identities, and hands it on.
    ///
    /// One by one, because an observation is half a kilobyte: a day of them copied from list to
    /// list took longer than unpacking it.
    static func visit(
        from start: Int64, to end: Int64, _ stretch: BlockStretch, packed: [UInt8],
        by zstandard: Zstandard, _ body: (Observation) -> Void
    ) throws(PackingFault) {
        let columns = try Columns(stretch, packed: packed, by: zstandard)
        var values = columns.first
        for index in 0..<columns.count
        where columns.starts[index] >= start && columns.starts[index] < end {
            let codec = try columns.fill(&values, index)
            body(
                try ObservationNumbers(values: values).observation(
                    start: Instant(nanoseconds: columns.starts[index]), codec: codec))
        }
    }

    /// The latest end of an observation in a packed block, from its first octets; nil where the
    /// layout does not tell it there.
    static func latestEnd(
        _ stretch: BlockStretch, packed: [UInt8]
    ) throws(PackingFault) -> Int64? {
        guard packed.first == layout else { return nil }
        var reader = ByteReader(packed, offset: 1)
        let end = Int64(bitPattern: try reader.fixed64())
        guard try reader.fixed32() == stretch.checksum(with: end) else { throw .checksum }
        return end
    }

    /// Octets before the frame.
    static let prefix = 13

    /// A block's columns as they are unpacked.
    private struct Columns {
        let count: Int
        private(set) var starts: [Int64]
        let sources: [Int64]
        let sequences: [Int64]
        let maximumLosses: [Int64]
        /// The numbers of the first row: those of all rows where a column does not vary.
        private(set) var first: [Int64] = []
        /// The columns that vary, by their fields.
        private var varying: [(field: Int, values: [Int64])] = []
        private var codecs: [String] = []

        init(
            _ stretch: BlockStretch, packed: [UInt8], by zstandard: Zstandard
        ) throws(PackingFault) {
            // Layout 1 begins with the frame, whose first octet is another (RFC 8878, 3.1.1).
            let isFirst = packed.first != ObservationBlock.layout
            if !isFirst { _ = try ObservationBlock.latestEnd(stretch, packed: packed) }
            let frame = isFirst ? packed : Array(packed[ObservationBlock.prefix...])
            var reader = ByteReader(try zstandard.unpack(frame))
            let hours = try reader.octet()
            guard hours == stretch.hours else {
                throw isFirst ? .unknownLayout(hours) : .wrongKey
            }
            guard try reader.signed() == stretch.firstHour, try reader.signed() == stretch.view
            else { throw .wrongKey }
            let count = try reader.count(upTo: mostRowsRead, of: "number of observations")
            self.count = count
            guard count > 0 else { throw .outOfRange(field: "number", offset: reader.offset) }
            for _ in 0..<(try reader.count(upTo: mostRowsRead, of: "number of codecs")) {
                codecs.append(try reader.text(upTo: 64, of: "codec"))
            }
            let means = [try reader.signed(), try reader.signed()]
            let compressor = isFirst ? nil : zstandard
            func column() throws(PackingFault) -> [Int64] {
                try IntegerColumn.read(count: count, from: &reader, by: compressor)
            }
            starts = try column()
            sources = try column()
            sequences = try column()
            maximumLosses =
                isFirst
                ? [Int64](repeating: Int64(Ledger.usualMaximumLoss), count: count)
                : try column()
            var packets: [Int64] = []
            let fields = isFirst ? ObservationField.countOfFirstLayout : ObservationField.count
            for field in 0..<fields {
                var values = try column()
                if field == received { packets = values }
                if let place = perPacket.firstIndex(of: field), means[place] != 0 {
                    for index in 0..<count { values[index] &+= means[place] &* packets[index] }
                }
                first.append(values[0])
                if values.contains(where: { $0 != values[0] }) { varying.append((field, values)) }
            }
            first += [Int64](repeating: 0, count: ObservationField.count - fields)
            for index in 0..<count { starts[index] &+= stretch.start }
        }

        /// Makes `values` those of row `index`; its codec.
        @inline(__always)
        func fill(_ values: inout [Int64], _ index: Int) throws(PackingFault) -> String? {
            values[codec] = first[codec]
            for column in varying { values[column.field] = column.values[index] }
            let number = values[codec]
            guard number != 0 else { return nil }
            guard number > 0, number <= Int64(codecs.count) else {
                throw .outOfRange(field: "codec", offset: 0)
            }
            values[codec] = 1
            return codecs[Int(number) - 1]
        }
    }

    /// The column's sum over the packets' sum; 0 without packets.
    private func mean(of field: Int) -> Int64 {
        var (octets, packets): (Int64, Int64) = (0, 0)
        for row in rows {
            octets = octets &+ row.values[field]
            packets = packets &+ row.values[Self.received]
        }
        return packets > 0 && octets > 0 ? octets / packets : 0
    }
}
