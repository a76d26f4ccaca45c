// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the kernel counts of an interface, as `/sys/class/net` tells it.
enum InterfaceStatistics {
    /// Packets lost in the adapter or its driver since it began; 0 where nobody tells.
    ///
    /// The same two counts that libpcap adds up.
    static func drops(of interface: String) -> UInt64 {
        count("rx_missed_errors", of: interface) &+ count("rx_fifo_errors", of: interface)
    }

    private static func count(_ name: String, of interface: String) -> UInt64 {
        let file = unsafe open(
            "/sys/class/net/\(interface)/statistics/\(name)", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var digits = [UInt8](repeating: 0, count: 20)
        let length = unsafe Glibc.read(file, &digits, digits.count)
        return digits.prefix(max(0, length)).prefix { (0x30...0x39).contains($0) }
            .reduce(0) { $0 &* 10 &+ UInt64($1 - 0x30) }
    }
}
