// SPDX-License-Identifier: Apache-2.0

/// By what a camera's stream is known on the network.
public enum StreamSource: Hashable, Sendable {
    /// By the URL that signalling names.
    case url(StreamURL)
    /// By the group that its packets go to, and the port if several share the group.
    case group(NetworkAddress, port: UInt16?)
    /// By the address that its packets come from, and the port if several share the address.
    case sender(NetworkAddress, port: UInt16?)

    static let rule =
        "a URL, a multicast group with or without port (239.1.2.3:5004), or a sender's address"
        + " with or without port (192.0.2.10:5004)"

    /// Reads a URL, or an address with or without port; a multicast address is a group.
    public init(parsing text: String) throws(ValueFault) {
        let scheme = text.utf8.prefix { $0.isASCIILetter }
        if text.utf8.dropFirst(scheme.count).starts(with: "://".utf8) {
            self = .url(try StreamURL(parsing: text))
            return
        }
        let place = try HostPort(parsing: text)
        guard let address = place.host.address else {
            throw ValueFault(.invalidValue, "a host name", expected: StreamSource.rule)
        }
        if address.isUnspecified {
            throw ValueFault(.invalidValue, "the address of nobody", expected: StreamSource.rule)
        }
        self =
            address.isMulticast
            ? .group(address, port: place.port) : .sender(address, port: place.port)
    }
}

extension StreamSource: CustomStringConvertible {
    /// As it is read.
    public var description: String {
        switch self {
        case .url(let url): url.text
        case .group(let address, let port), .sender(let address, let port):
            HostPort(host: .address(address), port: port).description
        }
    }
}
