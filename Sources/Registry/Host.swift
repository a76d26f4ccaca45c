// SPDX-License-Identifier: Apache-2.0

/// Where something is reached: an address, or a name that the system's resolver knows.
public enum Host: Hashable, Sendable {
    /// An IPv4 or IPv6 address.
    case address(NetworkAddress)
    /// A host name, in small letters.
    case name(String)

    /// Letters of a host name, at most (RFC 1035 section 2.3.4, without the root's dot).
    public static let longestName = 253

    /// The address, if it is one.
    public var address: NetworkAddress? {
        if case .address(let address) = self { address } else { nil }
    }

    /// Reads an address (IPv6 with or without brackets) or a host name.
    ///
    /// A text whose last label is a number can only be an IPv4 address (RFC 1123 section 2.1), so
    /// that `10.0.0.256` is a wrong address and not a strange name.
    public init(parsing text: String) throws(ValueFault) {
        let octets = Array(text.utf8)
        if octets.first == UInt8(ascii: "["), octets.last == UInt8(ascii: "]") {
            self = .address(try NetworkAddress(parsing: String(text.dropFirst().dropLast())))
        } else if octets.contains(UInt8(ascii: ":")) || Host.endsInNumber(octets) {
            self = .address(try NetworkAddress(octets: octets))
        } else {
            try Host.check(name: octets)
            self = .name(text.lowercased())
        }
    }

    private static func endsInNumber(_ octets: [UInt8]) -> Bool {
        let dot = octets.lastIndex(of: UInt8(ascii: ".")) ?? -1
        let label = octets[(dot + 1)...]
        return !label.isEmpty && label.allSatisfy(\.isASCIIDigit)
    }

    private static func check(name octets: [UInt8]) throws(ValueFault) {
        let labels = octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isName =
            octets.count <= longestName
            && labels.allSatisfy { label in
                (1...63).contains(label.count)
                    && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                    && label.allSatisfy {
                        $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-")
                            || $0 == UInt8(ascii: "_")
                    }
            }
        guard isName else {
            throw ValueFault(
                .invalidValue, "not a host",
                expected: "an address, or a name of letters, digits, - and dots")
        }
    }
}

extension Host: CustomStringConvertible {
    /// The address or the name.
    public var description: String {
        switch self {
        case .address(let address): address.description
        case .name(let name): name
        }
    }
}

/// A host, and where known a port on it.
public struct HostPort: Hashable, Sendable {
    /// The host.
    public let host: Host
    /// The port, 1 to 65535, if it was said.
    public let port: UInt16?

    /// Makes an end; a port of 0 is none.
    public init(host: Host, port: UInt16? = nil) {
        self.host = host
        self.port = port == 0 ? nil : port
    }

    /// Reads `192.0.2.1`, `192.0.2.1:554`, `camera.example:80`, `2001:db8::1`, `[2001:db8::1]:554`.
    public init(parsing text: String) throws(ValueFault) {
        let octets = text.utf8
        let colons = octets.count { $0 == UInt8(ascii: ":") }
        let isBracketed = octets.first == UInt8(ascii: "[")
        guard colons == 1 || isBracketed,
            let colon = octets.lastIndex(of: UInt8(ascii: ":")),
            !isBracketed || text[..<colon].utf8.last == UInt8(ascii: "]")
        else {
            self.init(host: try Host(parsing: text))
            return
        }
        self.init(
            host: try Host(parsing: String(text[..<colon])),
            port: try HostPort.port(parsing: String(text[octets.index(after: colon)...])))
    }

    /// Reads a port: a decimal number of 1 to 65535.
    static func port(parsing text: String) throws(ValueFault) -> UInt16 {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isASCIIDigit), text.utf8.first != 0x30,
            let port = UInt16(text)
        else {
            throw ValueFault(.outOfRange, "not a port", expected: "a port of 1 to 65535")
        }
        return port
    }
}

extension HostPort: CustomStringConvertible {
    /// `192.0.2.1:554`, `[2001:db8::1]:554` (RFC 5952 section 6), or the host alone.
    public var description: String {
        guard let port else { return host.description }
        if let address = host.address, !address.isV4 { return "[\(address)]:\(port)" }
        return "\(host):\(port)"
    }
}
