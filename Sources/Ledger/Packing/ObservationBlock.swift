// SPDX-License-Identifier: Apache-2.0

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
        var reader = ByteReader(try zstandard.unpack(packed))
        let layout = try reader.octet()
        guard layout == Self.layout else { throw .unknownLayout(layout) }
        guard try reader.signed() == hour, try reader.signed() == view else { throw .wrongKey }
        let count = try reader.count(upTo: Self.mostRows, of: "number of observations")
        guard count > 0 else { throw .outOfRange(field: "number", offset: reader.offset) }
        var codecs: [String] = []
        for _ in 0..<(try reader.count(upTo: Self.mostRows, of: "number of codecs")) {
            codecs.append(try reader.text(upTo: 64, of: "codec"))
        }
        let means = [try reader.signed(), try reader.signed()]
        let starts = try IntegerColumn.read(count: count, from: &reader)
        let sources = try IntegerColumn.read(count: count, from: &reader)
        let sequences = try IntegerColumn.read(count: count, from: &reader)
        var columns: [[Int64]] = []
        columns.reserveCapacity(ObservationField.count)
        for _ in 0..<ObservationField.count {
            columns.append(try IntegerColumn.read(count: count, from: &reader))
        }
        for (place, field) in Self.perPacket.enumerated() where means[place] != 0 {
            for index in 0..<count {
                columns[field][index] &+= means[place] &* columns[Self.received][index]
            }
        }
        let origin = hour &* Self.hourNanoseconds
        self.hour = hour
        self.view = view
        rows = []
        rows.reserveCapacity(count)
        for index in 0..<count {
            var row = ObservationRow(
                view: view, start: origin &+ starts[index], source: sources[index],
                sequence: UInt64(bitPattern: sequences[index]),
                values: columns.map { $0[index] }, codec: nil)
            if let number = Int(exactly: row.values[Self.codec]), number > 0 {
                guard number <= codecs.count else {
                    throw .outOfRange(field: "codec", offset: reader.offset)
                }
                row.codec = codecs[number - 1]
                row.values[Self.codec] = 1
            }
            rows.append(row)
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
