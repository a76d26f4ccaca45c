// SPDX-License-Identifier: Apache-2.0

/// One column of whole numbers as few octets: the distance of each from a middle one, or of each
/// step from a middle step, in as many bits as most of them need; the few that need more follow
/// with their upper bits.
///
/// ```
/// octet   0x7f        every value is 0; nothing follows
///         0x7e        every value is the same; it follows, signed
///         s1111101    `PlaneColumn`, s = 1 for steps; only where the reader has a compressor
///         s0wwwwww    width w = 0…63 bits, s = 1 for steps between neighbours
///         s1000000    width 64
/// signed              first value                              (steps only)
/// signed              the middle value or step
/// varint              number of exceptions, then for each:
///   varint            values since the exception before
///   varint            its upper bits
/// octets              the lower bits of all, zigzag, packed
/// ```
enum IntegerColumn {
    private static let allZero: UInt8 = 0x7f
    private static let allSame: UInt8 = 0x7e
    private static let steps: UInt8 = 0x80
    private static let planes: UInt8 = 0x7d
    /// How many values are looked at to find the middle one: enough to be near it (measured).
    private static let sampled = 31

    /// Appends `values`, of which there must be at least one.
    ///
    /// - Parameter zstandard: packs long columns better; who reads them needs it too.
    static func write(
        _ values: [Int64], to writer: inout ByteWriter, by zstandard: Zstandard? = nil
    ) throws(PackingFault) {
        guard let first = values.first else { return }
        if values.allSatisfy({ $0 == first }) {
            writer.octet(first == 0 ? allZero : allSame)
            if first != 0 { writer.signed(first) }
            return
        }
        let plain = Plan(values)
        var differences: [Int64] = []
        differences.reserveCapacity(values.count - 1)
        for index in 1..<values.count {
            differences.append(values[index] &- values[index - 1])
        }
        let stepwise = Plan(differences)
        if let zstandard, values.count >= PlaneColumn.fewest {
            let plainPlane = PlaneColumn(values, middle: plain.middle)
            let stepPlane = PlaneColumn(differences, middle: stepwise.middle)
            let isStepwise = stepPlane.bits < plainPlane.bits
            let plane = isStepwise ? stepPlane : plainPlane
            if plane.bits < min(plain.bits, stepwise.bits) {
                writer.octet(isStepwise ? steps | planes : planes)
                if isStepwise { writer.signed(first) }
                try plane.write(isStepwise ? differences : values, to: &writer, by: zstandard)
                return
            }
        }
        if stepwise.bits + 16 < plain.bits {
            writer.octet(steps | UInt8(stepwise.width))
            writer.signed(first)
            stepwise.write(differences, to: &writer)
        } else {
            writer.octet(UInt8(plain.width))
            plain.write(values, to: &writer)
        }
    }

    /// Reads `count` values, at least one.
    static func read(
        count: Int, from reader: inout ByteReader, by zstandard: Zstandard? = nil
    ) throws(PackingFault) -> [Int64] {
        let layout = try reader.octet()
        if layout == allZero { return [Int64](repeating: 0, count: count) }
        if layout == allSame { return [Int64](repeating: try reader.signed(), count: count) }
        let width = layout & 0x7f
        guard width <= 64 || width == planes && zstandard != nil else {
            throw .outOfRange(field: "width", offset: reader.offset)
        }
        let isStepwise = layout & steps != 0
        let first = isStepwise ? try reader.signed() : 0
        let length = isStepwise ? count - 1 : count
        var values: [Int64]
        if width == planes, let zstandard {
            values = try PlaneColumn.read(count: length, from: &reader, by: zstandard)
        } else {
            values = try readDistances(count: length, width: Int(width), from: &reader)
        }
        guard isStepwise else { return values }
        values.insert(first, at: 0)
        for index in 1..<values.count { values[index] &+= values[index - 1] }
        return values
    }

    private static func readDistances(
        count: Int, width: Int, from reader: inout ByteReader
    ) throws(PackingFault) -> [Int64] {
        let middle = try reader.signed()
        let exceptions = try reader.count(upTo: count, of: "number of exceptions")
        var upper: [(index: Int, bits: UInt64)] = []
        upper.reserveCapacity(exceptions)
        var index = 0
        for _ in 0..<exceptions {
            index += try reader.count(upTo: count, of: "place of an exception")
            let bits = try reader.varint()
            guard index < count, width < 64 else {
                throw .outOfRange(field: "exception", offset: reader.offset)
            }
            upper.append((index, bits))
        }
        var values = [Int64](repeating: middle, count: count)
        var at = 0
        let packed = try reader.octets(BitUnpacker.size(count: count, width: width))
        var unpacker = BitUnpacker(packed)
        if width > 0 {
            for index in 0..<count {
                var bits = unpacker.next(width: width)
                if at < upper.count, upper[at].index == index {
                    bits |= upper[at].bits << UInt64(width)
                    at += 1
                }
                values[index] = middle &+ unzigzag(bits)
            }
        } else {
            for exception in upper {
                values[exception.index] = middle &+ unzigzag(exception.bits)
            }
        }
        return values
    }

    /// How a list of numbers is best written.
    private struct Plan {
        let middle: Int64
        let width: Int
        let exceptions: Int
        /// About how many bits it takes.
        let bits: Int

        init(_ values: [Int64]) {
            let stride = max(1, values.count / IntegerColumn.sampled)
            var sample: [Int64] = []
            sample.reserveCapacity(IntegerColumn.sampled + 2)
            var index = stride / 2
            while index < values.count {
                sample.append(values[index])
                index += stride
            }
            sample.sort()
            let middle = sample.isEmpty ? 0 : sample[sample.count / 2]
            var lengths = [Int](repeating: 0, count: 65)
            for value in values {
                lengths[64 - zigzag(value &- middle).leadingZeroBitCount] += 1
            }
            var best = (bits: Int.max, width: 0, exceptions: 0)
            for width in 0...64 {
                var bits = values.count * width
                var exceptions = 0
                for length in width..<65 where length > width && lengths[length] > 0 {
                    exceptions += lengths[length]
                    bits += lengths[length] * (8 + (length - width + 6) / 7 * 8)
                }
                if bits < best.bits { best = (bits, width, exceptions) }
            }
            self.middle = middle
            (bits, width, exceptions) = best
        }

        func write(_ values: [Int64], to writer: inout ByteWriter) {
            writer.signed(middle)
            writer.varint(UInt64(exceptions))
            var packer = BitPacker(
                capacity: BitUnpacker.size(count: values.count, width: width) + 8)
            var last = 0
            let mask = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
            for (index, value) in values.enumerated() {
                let bits = zigzag(value &- middle)
                if bits > mask {
                    writer.varint(UInt64(index - last))
                    writer.varint(bits >> UInt64(width))
                    last = index
                }
                if width > 0 { packer.append(bits & mask, width: width) }
            }
            packer.finish()
            writer.octets(packer.bytes)
        }
    }
}
