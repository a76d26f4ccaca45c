// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// A length of time on the command line: a whole number with `ms`, `s`, `m`, `h` or `d`.
struct DurationArgument: ExpressibleByArgument, Equatable, Sendable {
    /// Always more than zero.
    let nanoseconds: Int64

    private static let units: [(suffix: String, nanoseconds: Int64)] = [
        ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
        ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
    ]

    init?(argument: String) {
        for unit in DurationArgument.units where argument.hasSuffix(unit.suffix) {
            guard let number = Int64(argument.dropLast(unit.suffix.count)), number > 0 else {
                continue
            }
            let (product, overflow) = number.multipliedReportingOverflow(by: unit.nanoseconds)
            guard !overflow else { return nil }
            nanoseconds = product
            return
        }
        return nil
    }
}
