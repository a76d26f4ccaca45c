// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// The observations that begin in one hour, of one camera by one vantage, column by column.
///
/// Inside the zstd frame:
/// ```
/// octet     layout, 1
/// signed    hour since the epoch, then the view: the key, against blocks under a wrong one
/// varint    number of observations
/// varint    number of codecs, then each as text
/// varint    mean IP octets a packet, then mean overhead octets a packet
/// columns   start after the hour's start (ns), source, sequence, then `ObservationField`
/// ```
/// IP octets and overhead are what is left after packets times the mean.
struct ObservationBlock {
    /// Hours since the epoch.
    var hour: Int64
    /// Camera and vantage, by the key of their row in `view`.
    var view: Int64
    /// Sorted by start, each start once.
    var rows: [ObservationRow]

    /// Most observations of a block: one each second would be 3,600, and probes restart.
    static let mostRows = 16_384
    /// Length of an hour.
    static let hourNanoseconds: Int64 = 3_600_000_000_000

    private static let layout: UInt8 = 1
    private static let mostCodecs = 256
    private static let received = ObservationField.received.rawValue
    private static let codec = ObservationField.codec.rawValue
    /// Columns of octets that go with the number of packets.
    private static let perPacket = [
        ObservationField.ipOctets.rawValue, ObservationField.overhead.rawValue,
    ]

    /// Makes a block; there must be a row, and rows must be sorted by start.
    init(hour: Int64, view: Int64, rows: [ObservationRow]) {
        precondition(!rows.isEmpty && rows.count <= Self.mostRows)
        self.hour = hour
        self.view = view
        self.rows = rows
    }

    /// The hour in which `nanoseconds` since the epoch lies.
    static func hour(of nanoseconds: Int64) -> Int64 {
        let remainder = nanoseconds % hourNanoseconds
        return nanoseconds / hourNanoseconds - (remainder < 0 ? 1 : 0)
    }

    /// Packs the block.
    func packed(by zstandard: Zstandard) throws(PackingFault) -> [UInt8] {
        var writer = ByteWriter(capacity: 64 + rows.count * 32)
        writer.octet(Self.layout)
        writer.signed(hour)
        writer.signed(view)
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
        let origin = hour &* Self.hourNanoseconds
        IntegerColumn.write(rows.map { $0.start &- origin }, to: &writer)
        IntegerColumn.write(rows.map(\.source), to: &writer)
        IntegerColumn.write(rows.map { Int64(bitPattern: $0.sequence) }, to: &writer)
        for field in 0..<ObservationField.count {
            if field == Self.codec {
                IntegerColumn.write(codecNumbers, to: &writer)
            } else if let place = Self.perPacket.firstIndex(of: field) {
                let column = rows.map {
                    $0.values[field] &- means[place] &* $0.values[Self.received]
                }
                IntegerColumn.write(column, to: &writer)
            } else {
                IntegerColumn.write(rows.map { $0.values[field] }, to: &writer)
            }
        }
        return try zstandard.pack(writer.bytes)
    }

    /// Unpacks the block that is kept under `hour` and `view`.
    init(
        hour: Int64, view: Int64, packed: [UInt8], by zstandard: Zstandard
    ) throws(PackingFault) {
        self.hour = hour
        self.view = view
        let columns = try Columns(hour: hour, view: view, packed: packed, by: zstandard)
        rows = []
        rows.reserveCapacity(columns.count)
        var values = columns.first
        for index in 0..<columns.count {
            let codec = try columns.fill(&values, index)
            rows.append(
                ObservationRow(
                    view: view, start: columns.starts[index], source: columns.sources[index],
                    sequence: UInt64(bitPattern: columns.sequences[index]), values: values,
                    codec: codec))
        }
    }

    /// Unpacks only what begins in `start ..< end`, without the identities, and hands it on.
    ///
    /// One by one, because an observation is half a kilobyte: a day of them copied from list to
    /// list took longer than unpacking it.
    static func visit(
        from start: Int64, to end: Int64, hour: Int64, view: Int64, packed: [UInt8],
        by zstandard: Zstandard, _ body: (Observation) -> Void
    ) throws(PackingFault) {
        let columns = try Columns(hour: hour, view: view, packed: packed, by: zstandard)
        var values = columns.first
        for index in 0..<columns.count
        where columns.starts[index] >= start && columns.starts[index] < end {
            let codec = try columns.fill(&values, index)
            body(
                try ObservationNumbers(values: values).observation(
                    start: Instant(nanoseconds: columns.starts[index]), codec: codec))
        }
    }

    /// A block's columns as they are unpacked.
    private struct Columns {
        let count: Int
        private(set) var starts: [Int64]
        let sources: [Int64]
        let sequences: [Int64]
        /// The numbers of the first row: those of all rows where a column does not vary.
        private(set) var first: [Int64] = []
        /// The columns that vary, by their fields.
        private var varying: [(field: Int, values: [Int64])] = []
        private var codecs: [String] = []

        init(
            hour: Int64, view: Int64, packed: [UInt8], by zstandard: Zstandard
        ) throws(PackingFault) {
            var reader = ByteReader(try zstandard.unpack(packed))
            let layout = try reader.octet()
            guard layout == ObservationBlock.layout else { throw .unknownLayout(layout) }
            guard try reader.signed() == hour, try reader.signed() == view else {
                throw .wrongKey
            }
            count = try reader.count(upTo: mostRows, of: "number of observations")
            guard count > 0 else { throw .outOfRange(field: "number", offset: reader.offset) }
            for _ in 0..<(try reader.count(upTo: mostRows, of: "number of codecs")) {
                codecs.append(try reader.text(upTo: 64, of: "codec"))
            }
            let means = [try reader.signed(), try reader.signed()]
            starts = try IntegerColumn.read(count: count, from: &reader)
            sources = try IntegerColumn.read(count: count, from: &reader)
            sequences = try IntegerColumn.read(count: count, from: &reader)
            var packets: [Int64] = []
            for field in 0..<ObservationField.count {
                var values = try IntegerColumn.read(count: count, from: &reader)
                if field == received { packets = values }
                if let place = perPacket.firstIndex(of: field), means[place] != 0 {
                    for index in 0..<count { values[index] &+= means[place] &* packets[index] }
                }
                first.append(values[0])
                if values.contains(where: { $0 != values[0] }) { varying.append((field, values)) }
            }
            let origin = hour &* ObservationBlock.hourNanoseconds
            for index in 0..<count { starts[index] &+= origin }
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
