// SPDX-License-Identifier: Apache-2.0

import Timekeeping

/// How an interface of a pcapng file counts time: its if_tsresol and if_tsoffset options.
struct PcapngTime {
    private enum Scale {
        case times(UInt64)
        case dividedBy(UInt64)
        /// Units of 2 to the minus this many seconds, 0...127.
        case binary(UInt64)
    }

    private var scale = Scale.times(1_000)
    private var offsetNanoseconds: Int64 = 0

    /// Microseconds since the epoch, the default.
    init() {}

    /// Sets the unit: 10 to the minus `resolution` seconds or, if the top bit is set, 2 to the
    /// minus the other seven bits.
    mutating func setResolution(_ resolution: UInt8) {
        let exponent = Int(resolution & 0x7f)
        if resolution & 0x80 != 0 {
            scale = .binary(UInt64(exponent))
        } else if exponent <= 9 {
            scale = .times(PcapngTime.powerOfTen(9 - exponent))
        } else {
            // 10^19 is the last that fits in 64 bits; by more, every time is zero.
            scale =
                exponent <= 28 ? .dividedBy(PcapngTime.powerOfTen(exponent - 9)) : .times(0)
        }
    }

    /// Sets what is added to every time, in seconds.
    mutating func setOffset(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        offsetNanoseconds = overflow ? (seconds > 0 ? .max : .min) : product
    }

    /// The instant of a timestamp, held inside the range of `Instant`.
    func instant(_ units: UInt64) -> Instant {
        let nanoseconds: UInt64
        switch scale {
        case .times(let factor):
            let (product, overflow) = units.multipliedReportingOverflow(by: factor)
            nanoseconds = overflow ? .max : product
        case .dividedBy(let divisor): nanoseconds = units / divisor
        case .binary(let bits): nanoseconds = PcapngTime.binary(units, bits)
        }
        return Instant(nanoseconds: Int64(clamping: nanoseconds))
            .advanced(byNanoseconds: offsetNanoseconds)
    }

    /// `units` times 10^9 divided by 2^bits, whole seconds and rest apart to stay in 64 bits.
    private static func binary(_ units: UInt64, _ bits: UInt64) -> UInt64 {
        guard bits < 64 else {
            return units.multipliedFullWidth(by: 1_000_000_000).high >> (bits - 64)
        }
        let (whole, overflow) = (units >> bits).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return .max }
        let rest = units & ((1 << bits) &- 1)
        let product = rest.multipliedFullWidth(by: 1_000_000_000)
        let fraction =
            bits == 0 ? 0 : product.high << (64 - bits) | product.low >> bits
        let (sum, isTooMuch) = whole.addingReportingOverflow(fraction)
        return isTooMuch ? .max : sum
    }

    private static func powerOfTen(_ exponent: Int) -> UInt64 {
        (0..<exponent).reduce(1) { product, _ in product * 10 }
    }
}
