// SPDX-License-Identifier: Apache-2.0

/// How values are spread, so kept that two can be added without loss and any quantile read within
/// 1 % of the true value.
///
/// A DDSketch (Masson, Rim, Lee 2019) with linear interpolation between powers of two: values
/// below 64 have a bin each, and every power of two above is cut into 64 equal bins, whose middle
/// is at most 1/128 away from any value inside. All is integer: the same values give the same
/// bytes on every machine and in every order. Zero has a bin of its own. There are 3,776 bins in
/// all, so that none ever need be joined.
public struct QuantileSketch: Hashable, Sendable {
    /// Bins a power of two: 2⁶, the least whose middle is within 1 %.
    static let bitsPerOctave = 6
    /// The greatest number of bins: 64 below 64, and 64 for each of 58 powers of two.
    public static let mostBins = 64 * 59

    /// One bin that holds something.
    struct Bin: Hashable, Sendable {
        var key: UInt16
        var count: UInt64
    }

    /// Ascending by key; no count is zero.
    private(set) var bins: [Bin] = []

    /// Makes the sketch of no value.
    public init() {}

    /// How many values were added; sticks to the top.
    public var count: UInt64 { bins.reduce(0) { sum($0, $1.count) } }

    /// Whether no value was added.
    public var isEmpty: Bool { bins.isEmpty }

    /// Adds `value`, `count` times.
    public mutating func add(_ value: UInt64, count: UInt64 = 1) {
        guard count > 0 else { return }
        let key = QuantileSketch.key(of: value)
        let place = index(atOrAfter: key)
        if place < bins.count, bins[place].key == key {
            bins[place].count = sum(bins[place].count, count)
        } else {
            bins.insert(Bin(key: key, count: count), at: place)
        }
    }

    /// Adds all that `other` holds.
    public mutating func merge(_ other: QuantileSketch) {
        guard !other.bins.isEmpty else { return }
        guard !bins.isEmpty else {
            self = other
            return
        }
        var merged: [Bin] = []
        merged.reserveCapacity(max(bins.count, other.bins.count))
        var (mine, theirs) = (0, 0)
        while mine < bins.count || theirs < other.bins.count {
            if theirs == other.bins.count
                || mine < bins.count && bins[mine].key < other.bins[theirs].key
            {
                merged.append(bins[mine])
                mine += 1
            } else if mine == bins.count || other.bins[theirs].key < bins[mine].key {
                merged.append(other.bins[theirs])
                theirs += 1
            } else {
                merged.append(
                    Bin(
                        key: bins[mine].key, count: sum(bins[mine].count, other.bins[theirs].count))
                )
                mine += 1
                theirs += 1
            }
        }
        bins = merged
    }

    /// The value that `partsPerMillion` of all values do not exceed, within 1 %; nil if there are
    /// none.
    ///
    /// The rank is ⌈count × share⌉, at least the first: 0 gives the least, 1,000,000 the greatest.
    public func quantile(partsPerMillion: Int) -> UInt64? {
        precondition((0...1_000_000).contains(partsPerMillion))
        let all = count
        guard all > 0 else { return nil }
        let (high, low) = all.multipliedFullWidth(by: UInt64(partsPerMillion))
        let (quotient, rest) = UInt64(1_000_000).dividingFullWidth((high, low))
        let rank = max(1, rest == 0 ? quotient : quotient + 1)
        var seen: UInt64 = 0
        for bin in bins {
            seen = sum(seen, bin.count)
            if seen >= rank { return QuantileSketch.value(of: bin.key) }
        }
        return bins.last.map { QuantileSketch.value(of: $0.key) }
    }

    /// The bin of a value.
    static func key(of value: UInt64) -> UInt16 {
        guard value >= 64 else { return UInt16(truncatingIfNeeded: value) }
        let exponent = 63 - value.leadingZeroBitCount
        let within = (value >> UInt64(exponent - bitsPerOctave)) & 63
        return UInt16(truncatingIfNeeded: 64 * (exponent - bitsPerOctave + 1)) + UInt16(within)
    }

    /// The middle of a bin.
    static func value(of key: UInt16) -> UInt64 {
        guard key >= 64 else { return UInt64(key) }
        let shift = UInt64(key / 64 - 1)
        let start = (64 + UInt64(key % 64)) << shift
        return shift == 0 ? start : start + (1 << (shift - 1))
    }

    private func index(atOrAfter key: UInt16) -> Int {
        var (low, high) = (0, bins.count)
        while low < high {
            let middle = (low + high) / 2
            if bins[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension QuantileSketch {
    /// The sketch as bytes: per bin the step of its key and its count, both LEB128.
    public func encode() -> [UInt8] {
        var bytes: [UInt8] = []
        var last: UInt16 = 0
        for bin in bins {
            bytes.appendVariable(UInt64(bin.key - last))
            bytes.appendVariable(bin.count)
            last = bin.key
        }
        return bytes
    }

    /// Reads what `encode` wrote; nil for anything that it cannot have written.
    public init?(decoding bytes: [UInt8]) {
        var rest = bytes[...]
        var key: UInt64 = 0
        while !rest.isEmpty {
            guard let step = rest.takeVariable(), let count = rest.takeVariable(), count > 0,
                step > 0 || bins.isEmpty, step < UInt64(QuantileSketch.mostBins)
            else { return nil }
            key += step
            guard key < UInt64(QuantileSketch.mostBins) else { return nil }
            bins.append(Bin(key: UInt16(key), count: count))
        }
        // Another spelling of the same numbers is not what `encode` writes.
        guard encode() == bytes else { return nil }
    }
}

extension [UInt8] {
    fileprivate mutating func appendVariable(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func takeVariable() -> UInt64? {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = popFirst(), shift < 64 {
            number |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return number }
            shift += 7
        }
        return nil
    }
}

/// The sum, or the top of the type.
private func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
}
