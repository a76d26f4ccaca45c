// SPDX-License-Identifier: Apache-2.0
import Glibc
public import Packets
public import Registry

/// From a host to the one address that may be dialled.
public enum Resolver {
    /// Why a host cannot be dialled.
    public enum Refusal: Error, Hashable, Sendable {
        /// The system's resolver does not know the name; its words.
        case unknownName(String)
        /// Its addresses are not among those allowed; the first of them.
        case notAllowed(IPAddress)
    }

    /// Addresses of one name that are looked at.
    static let limit = 16

    /// The first address of a host, all of whose addresses are allowed.
    ///
    /// Waits for the system's resolver where the host is a name. A name with an address that is
    /// not allowed is refused whole: somebody else has a hand in it.
    public static func address(
        of host: Host, among allowed: AllowedAddresses
    ) throws(Refusal) -> IPAddress {
        let found = try addresses(of: host)
        for address in found where !allowed.allows(address) {
            throw .notAllowed(address)
        }
        guard let first = found.first else { throw .unknownName("no address") }
        return first
    }

    /// All addresses of a host, sixteen at most; waits for the system's resolver.
    public static func addresses(of host: Host) throws(Refusal) -> [IPAddress] {
        switch host {
        case .address(let address): [IPAddress(high: address.high, low: address.low)]
        case .name(let name): try lookUp(name)
        }
    }

    private static func lookUp(_ name: String) throws(Refusal) -> [IPAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(name, nil, &hints, &list)
        guard code == 0 else { throw .unknownName(unsafe String(cString: gai_strerror(code))) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var entry = unsafe list
        while let one = unsafe entry, addresses.count < limit {
            let bytes = unsafe UnsafeRawBufferPointer(
                start: one.pointee.ai_addr, count: Int(one.pointee.ai_addrlen))
            if let end = unsafe Endpoint(socketAddress: bytes), !addresses.contains(end.address) {
                addresses.append(end.address)
            }
            unsafe entry = one.pointee.ai_next
        }
        return addresses
    }
}
