// SPDX-License-Identifier: Apache-2.0

/// A long column of noisy numbers in little more than their entropy: of each distance from the
/// middle one the upper bits as an octet, compressed by how often each occurs, and the lower bits,
/// which are noise, as they are.
///
/// ```
/// signed    the middle value
/// octet     width of the lower bits, 0…56
/// varint    number of exceptions, then for each:
///   varint    values since the exception before
///   signed    its distance
/// varint    number of octets of the frame
/// octets    a zstd frame: for each value its upper bits and 128; 0 for an exception
/// octets    the lower bits of all, packed
/// ```
struct PlaneColumn {
    /// Fewest values for which the table of a frame pays (measured: 60 octets a column).
    static let fewest = 1_024
    /// Upper bits that most values need: finer steps gain nothing, coarser ones lose the shape.
    private static let upperBits = 5
    private static let greatestWidth = 56
    private static let bias: Int64 = 128

    private let middle: Int64
    private let width: Int
    /// About how many bits it takes.
    let bits: Int

    /// Plans the column of `values`, whose middle one is about `middle`.
    init(_ values: [Int64], middle: Int64) {
        self.middle = middle
        var lengths = [Int](repeating: 0, count: 65)
        for value in values {
            let distance = value &- middle
            lengths[64 - (distance ^ (distance >> 63)).leadingZeroBitCount] += 1
        }
        // The length that all but a hundredth stay within.
        var (beyond, length) = (0, 64)
        while length > 0, (beyond + lengths[length]) * 100 <= values.count {
            beyond += lengths[length]
            length -= 1
        }
        width = min(Self.greatestWidth, max(0, length - Self.upperBits))
        var counts = [Int](repeating: 0, count: 256)
        for value in values { counts[Self.upper(value &- middle, width)] += 1 }
        var entropy = 0
        for count in counts[1...] where count > 0 {
            // In sixteenths of a bit: −log₂ of the share, by a table's worth of precision.
            entropy += count * sixteenths(of: values.count, over: count)
        }
        let symbols = counts.count { $0 > 0 }
        bits =
            entropy / 16 + values.count * width + counts[0] * 56 + symbols * 5 + 160
    }

    /// The upper bits of a distance as an octet; 0 if they do not fit.
    @inline(__always)
    private static func upper(_ distance: Int64, _ width: Int) -> Int {
        let upper = distance >> Int64(width)
        return upper > -bias && upper < bias ? Int(upper + bias) : 0
    }

    /// Appends the column.
    func write(
        _ values: [Int64], to writer: inout ByteWriter, by zstandard: Zstandard
    ) throws(PackingFault) {
        writer.signed(middle)
        writer.octet(UInt8(width))
        var plane: [UInt8] = []
        plane.reserveCapacity(values.count)
        var packer = BitPacker(capacity: BitUnpacker.size(count: values.count, width: width) + 8)
        let mask = (1 << UInt64(width)) - 1 as UInt64
        var exceptions: [(index: Int, distance: Int64)] = []
        for (index, value) in values.enumerated() {
            let distance = value &- middle
            let upper = Self.upper(distance, width)
            if upper == 0 { exceptions.append((index, distance)) }
            plane.append(UInt8(truncatingIfNeeded: upper))
            if width > 0 { packer.append(UInt64(bitPattern: distance) & mask, width: width) }
        }
        writer.varint(UInt64(exceptions.count))
        var last = 0
        for exception in exceptions {
            writer.varint(UInt64(exception.index - last))
            writer.signed(exception.distance)
            last = exception.index
        }
        let packed = try zstandard.pack(plane)
        writer.varint(UInt64(packed.count))
        writer.octets(packed)
        packer.finish()
        writer.octets(packer.bytes)
    }

    /// Reads a column of `count` values.
    static func read(
        count: Int, from reader: inout ByteReader, by zstandard: Zstandard
    ) throws(PackingFault) -> [Int64] {
        let middle = try reader.signed()
        let width = Int(try reader.octet())
        guard width <= greatestWidth else {
            throw .outOfRange(field: "width", offset: reader.offset)
        }
        var exceptions: [(index: Int, distance: Int64)] = []
        var index = 0
        for _ in 0..<(try reader.count(upTo: count, of: "number of exceptions")) {
            index += try reader.count(upTo: count, of: "place of an exception")
            guard index < count else {
                throw .outOfRange(field: "exception", offset: reader.offset)
            }
            exceptions.append((index, try reader.signed()))
        }
        let length = try reader.count(upTo: reader.remaining, of: "length of a frame")
        let plane = try zstandard.unpack(Array(try reader.octets(length)), upTo: count)
        guard plane.count == count else {
            throw .outOfRange(field: "length of a plane", offset: reader.offset)
        }
        let packed = try reader.octets(BitUnpacker.size(count: count, width: width))
        let shift = Int64(width)
        var values = [Int64](repeating: middle, count: count)
        if width > 0 {
            var unpacker = BitUnpacker(packed)
            for index in 0..<count {
                let lower = Int64(bitPattern: unpacker.next(width: width))
                values[index] = middle &+ ((Int64(plane[index]) - bias) << shift | lower)
            }
        } else {
            for index in 0..<count { values[index] = middle &+ (Int64(plane[index]) - bias) }
        }
        for exception in exceptions { values[exception.index] = middle &+ exception.distance }
        return values
    }
}

/// log₂ of `whole / part` in sixteenths, a little too low at most.
private func sixteenths(of whole: Int, over part: Int) -> Int {
    func log(_ number: Int) -> Int {
        // Four bits behind the leading one, in a straight line: 0.09 bits wrong at most.
        let exponent = Int.bitWidth - 1 - number.leadingZeroBitCount
        let mantissa = exponent >= 4 ? number >> (exponent - 4) : number << (4 - exponent)
        return exponent * 16 + mantissa - 16
    }
    return max(0, log(whole) - log(part))
}
