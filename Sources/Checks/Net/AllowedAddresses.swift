// SPDX-License-Identifier: Apache-2.0
public import Packets
public import Registry

extension AddressPrefix {
    /// Makes a prefix of `length` bits of the address's own family; nil beyond 32 or 128.
    public init?(_ address: IPAddress, length: Int) {
        self.init(NetworkAddress(high: address.high, low: address.low), length: length)
    }

    /// Whether the address begins with these bits.
    public func contains(_ other: IPAddress) -> Bool {
        contains(NetworkAddress(high: other.high, low: other.low))
    }
}

/// Where checks may dial: nowhere but at what is listed.
///
/// The address is checked, and then that very address is dialled: a name that changes its mind
/// in between changes nothing. Loopback and link-local addresses must be listed by a prefix of
/// their own; a wide prefix such as `0.0.0.0/0` does not let them in, so that nobody is lured to
/// the probe itself or to a cloud's metadata.
public struct AllowedAddresses: Hashable, Sendable {
    /// Prefixes that are read of one site.
    ///
    /// Chosen: a site has a few networks.
    public static let limit = 256

    /// The prefixes.
    public let prefixes: [AddressPrefix]

    /// Allows what lies in `prefixes`; beyond `limit` they are ignored.
    public init(_ prefixes: [AddressPrefix]) {
        self.prefixes = Array(prefixes.prefix(AllowedAddresses.limit))
    }

    /// Allows these addresses alone, as somebody who names a host himself does.
    public init(only addresses: [IPAddress]) {
        self.init(addresses.compactMap { AddressPrefix($0, length: $0.isV4 ? 32 : 128) })
    }

    /// Whether that address may be dialled.
    public func allows(_ address: IPAddress) -> Bool {
        guard !address.isUnspecified, !address.isMulticast else { return false }
        let special = AllowedAddresses.special.first { $0.contains(address) }
        return prefixes.contains { prefix in
            prefix.contains(address) && (special.map { prefix.bits >= $0.bits } ?? true)
        }
    }

    /// 127.0.0.0/8, 169.254.0.0/16, ::1 and fe80::/10.
    private static let special: [AddressPrefix] = [
        AddressPrefix(IPAddress(127, 0, 0, 0), length: 8),
        AddressPrefix(IPAddress(169, 254, 0, 0), length: 16),
        AddressPrefix(IPAddress(high: 0, low: 1), length: 128),
        AddressPrefix(IPAddress(high: 0xfe80 << 48, low: 0), length: 10),
    ].compactMap { $0 }
}
