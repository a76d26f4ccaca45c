// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// An amount of memory on the command line: a whole number with `KiB`, `MiB` or `GiB`, or alone.
struct ByteSizeArgument: ExpressibleByArgument, Equatable, Sendable {
    /// Always more than zero.
    let bytes: Int

    private static let units: [(suffix: String, bytes: Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1),
    ]

    init(bytes: Int) {
        precondition(bytes > 0)
        self.bytes = bytes
    }

    init?(argument: String) {
        for unit in ByteSizeArgument.units where argument.hasSuffix(unit.suffix) {
            guard let number = Int(argument.dropLast(unit.suffix.count)), number > 0 else {
                continue
            }
            let (product, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
            guard !overflow else { return nil }
            bytes = product
            return
        }
        return nil
    }

    /// As it is written on the command line.
    var defaultValueDescription: String {
        let unit = ByteSizeArgument.units.last { bytes % $0.bytes == 0 && !$0.suffix.isEmpty }
        return unit.map { "\(bytes / $0.bytes)\($0.suffix)" } ?? String(bytes)
    }
}
