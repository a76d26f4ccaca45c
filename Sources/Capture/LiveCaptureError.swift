// SPDX-License-Identifier: Apache-2.0

/// Why packets of an interface could not be captured.
public struct LiveCaptureError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        /// There is no such interface; these there are.
        case noSuchInterface(existing: [String])
        /// The process may not capture.
        case notPermitted
        /// The interface is down. Once capturing, packets come again when it is up again.
        case down
        /// The interface was taken away while capturing.
        case gone
        /// The filter has an error, in libpcap's words.
        case filter(String, message: String)
        /// Anything else, in libpcap's words.
        case other(String)
    }

    /// The interface.
    public let interface: String
    /// What is wrong with it.
    public let problem: Problem
}

extension LiveCaptureError: CustomStringConvertible {
    /// One line that begins with the name of the interface and says what to do.
    public var description: String {
        switch problem {
        case .noSuchInterface(let existing):
            "\(interface): no such interface (expected one of \(existing.joined(separator: ", ")))"
        case .notPermitted:
            "\(interface): not permitted: needs CAP_NET_RAW; run it with `sudo`, or give it once "
                + "to the program with `setcap cap_net_raw=ep`"
        case .down: "\(interface): the interface is down"
        case .gone: "\(interface): the interface is gone"
        case .filter(let filter, let message): "\(interface): filter `\(filter)`: \(message)"
        case .other(let message): "\(interface): \(message)"
        }
    }
}
