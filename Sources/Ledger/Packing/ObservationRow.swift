// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// One observation as it is kept while its hour is open.
///
/// ```
/// octet     layout, 1
/// bitmap    one bit for each field that is not 0, six octets, the first field in the lowest bit
/// signed    the fields that are not 0, in order
/// text      the codec, if its field is 1
/// fixed32   checksum over view, start, source, sequence and all the above
/// ```
struct ObservationRow: Hashable {
    /// Camera and vantage, by the key of their row in `view`.
    var view: Int64
    /// Start of the range, ns since the epoch.
    var start: Int64
    /// Node and epoch, by the key of their row in `source`.
    var source: Int64
    /// The record's number at its source.
    var sequence: UInt64
    /// The numbers in the order of `ObservationField`; the codec's is 1 if there is one.
    var values: [Int64]
    /// The codec's name.
    var codec: String?

    /// End of the range, ns since the epoch; the last instant there is if it lies behind.
    var end: Int64 {
        let (end, overflow) = start.addingReportingOverflow(
            values[ObservationField.length.rawValue])
        return overflow ? .max : end
    }

    private static let layout: UInt8 = 1
    private static let bitmapOctets = (ObservationField.count + 7) / 8

    /// The row's body.
    var body: [UInt8] {
        var writer = ByteWriter(capacity: 128)
        writer.octet(Self.layout)
        var bitmap: UInt64 = 0
        for (index, value) in values.enumerated() where value != 0 {
            bitmap |= 1 << UInt64(index)
        }
        for place in 0..<Self.bitmapOctets {
            writer.octet(UInt8(truncatingIfNeeded: bitmap >> UInt64(8 * place)))
        }
        for value in values where value != 0 { writer.signed(value) }
        if let codec { writer.text(codec) }
        writer.fixed32(checksum(of: writer.bytes[...]))
        return writer.bytes
    }

    /// Reads the body of the row with this key.
    init(
        view: Int64, start: Int64, source: Int64, sequence: UInt64, body: [UInt8]
    ) throws(PackingFault) {
        self.view = view
        self.start = start
        self.source = source
        self.sequence = sequence
        values = [Int64](repeating: 0, count: ObservationField.count)
        guard body.count > 4 else { throw .truncated(offset: body.count) }
        var end = ByteReader(body, offset: body.count - 4)
        guard try end.fixed32() == checksum(of: body.dropLast(4)) else { throw .checksum }
        var reader = ByteReader(body)
        let layout = try reader.octet()
        guard layout == Self.layout else { throw .unknownLayout(layout) }
        var bitmap: UInt64 = 0
        for place in 0..<Self.bitmapOctets {
            bitmap |= UInt64(try reader.octet()) << UInt64(8 * place)
        }
        guard bitmap >> UInt64(ObservationField.count) == 0 else {
            throw .outOfRange(field: "bitmap", offset: reader.offset)
        }
        while bitmap != 0 {
            values[bitmap.trailingZeroBitCount] = try reader.signed()
            bitmap &= bitmap - 1
        }
        if values[ObservationField.codec.rawValue] != 0 {
            codec = try reader.text(upTo: 64, of: "codec")
        }
    }

    /// Makes a row of numbers read elsewhere.
    init(
        view: Int64, start: Int64, source: Int64, sequence: UInt64, values: [Int64],
        codec: String?
    ) {
        self.view = view
        self.start = start
        self.source = source
        self.sequence = sequence
        self.values = values
        self.codec = codec
    }

    /// Makes the row of an observation that `kept` has rounded.
    init(view: Int64, start: Int64, source: Int64, sequence: UInt64, observation: Observation) {
        let numbers = ObservationNumbers(kept: observation, codec: observation.codec == nil ? 0 : 1)
        self.init(
            view: view, start: start, source: source, sequence: sequence,
            values: numbers.values, codec: observation.codec)
    }

    /// The observation that the row keeps.
    func observation() throws(PackingFault) -> Observation {
        try ObservationNumbers(values: values)
            .observation(start: Instant(nanoseconds: start), codec: codec)
    }

    /// Whether both say the same, whoever recorded it.
    func saysTheSame(as other: ObservationRow) -> Bool {
        values == other.values && codec == other.codec
    }

    private func checksum(of octets: ArraySlice<UInt8>) -> UInt32 {
        var checksum = Checksum()
        checksum.add(view)
        checksum.add(start)
        checksum.add(source)
        checksum.add(Int64(bitPattern: sequence))
        checksum.add(octets)
        return checksum.value
    }
}
