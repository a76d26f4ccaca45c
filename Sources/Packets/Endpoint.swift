// SPDX-License-Identifier: Apache-2.0

/// One end of a conversation: an address and a port.
public struct Endpoint: Hashable, Sendable {
    /// Which host, or which group.
    public let address: IPAddress
    /// Which UDP or TCP port on it.
    public let port: UInt16

    /// Makes an end.
    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

extension Endpoint: Comparable {
    /// Orders by address, then by port.
    public static func < (first: Endpoint, second: Endpoint) -> Bool {
        (first.address, first.port) < (second.address, second.port)
    }
}

extension Endpoint: CustomStringConvertible {
    /// `192.0.2.1:554`, or `[2001:db8::1]:554` (RFC 5952 section 6).
    public var description: String {
        address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }
}
