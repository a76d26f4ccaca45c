// SPDX-License-Identifier: Apache-2.0
import CSockets
import Glibc
public import Packets
public import Registry

/// An IPv4 address of an interface of this machine, and the network that it is in.
public struct LocalNetwork: Hashable, Sendable {
    /// The interface's name.
    public var interface: String
    /// The interface's address.
    public var address: IPAddress
    /// The addresses that are reached without a router.
    public var prefix: AddressPrefix
    /// Whether it reaches others than this machine.
    public var leadsOut: Bool

    /// Makes one of an address and its netmask; nil if the mask has holes.
    public init?(interface: String, address: IPAddress, mask: UInt32, leadsOut: Bool) {
        guard ~mask & (~mask &+ 1) == 0,
            let prefix = AddressPrefix(address, length: mask.nonzeroBitCount)
        else { return nil }
        self.interface = interface
        self.address = address
        self.prefix = prefix
        self.leadsOut = leadsOut
    }

    /// Those of all interfaces of this machine that are up.
    public static func all() -> [LocalNetwork] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return [] }
        defer { unsafe freeifaddrs(list) }
        var found: [LocalNetwork] = []
        var entry = unsafe list
        while let one = unsafe entry {
            unsafe entry = one.pointee.ifa_next
            let flags = unsafe one.pointee.ifa_flags
            guard flags & UInt32(IFF_UP) != 0, let address = unsafe bits(one.pointee.ifa_addr),
                let mask = unsafe bits(one.pointee.ifa_netmask)
            else { continue }
            let network = LocalNetwork(
                interface: unsafe String(cString: one.pointee.ifa_name),
                address: IPAddress(v4: address), mask: mask,
                leadsOut: flags & UInt32(IFF_LOOPBACK) == 0)
            if let network { found.append(network) }
        }
        return found
    }

    /// The bits of an IPv4 address; nil if it is none.
    private static func bits(_ place: UnsafeMutablePointer<sockaddr>?) -> UInt32? {
        guard let place = unsafe place, unsafe Int32(place.pointee.sa_family) == AF_INET
        else { return nil }
        return unsafe UnsafeRawPointer(place).loadUnaligned(as: sockaddr_in.self)
            .sin_addr.s_addr.bigEndian
    }
}

extension AllowedAddresses {
    /// Allows the networks that interfaces are in.
    ///
    /// Those of link-local addresses and the machine's own are left out: they must be listed by
    /// name.
    public init(onLink networks: [LocalNetwork]) {
        let wide = AllowedAddresses([AddressPrefix(IPAddress(v4: 0), length: 0)].compactMap { $0 })
        self.init(networks.filter { wide.allows($0.address) }.map(\.prefix))
    }
}
