// SPDX-License-Identifier: Apache-2.0
public import Packets
public import Registry

/// Addresses that begin with the same bits, as in `10.20.0.0/16`.
public struct AddressPrefix: Hashable, Sendable {
    /// The first address.
    public let address: IPAddress
    /// Bits that are the same, of the 128 that both families are held in.
    public let bits: Int

    /// Makes a prefix of `length` bits of the address's own family; nil beyond 32 or 128.
    ///
    /// Bits of the address beyond them are cleared.
    public init?(_ address: IPAddress, length: Int) {
        let longest = address.isV4 ? 32 : 128
        guard (0...longest).contains(length) else { return nil }
        bits = length + 128 - longest
        self.address = AddressPrefix.cut(address, bits)
    }

    /// Reads `10.20.0.0/16`, `2001:db8::/32`, or one address alone.
    ///
    /// Bits set beyond the length are refused: whoever wrote `10.20.0.7/16` meant something else.
    public init(parsing text: String) throws(ValueFault) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let host = try NetworkAddress(parsing: String(parts[0]))
        let address = IPAddress(high: host.high, low: host.low)
        var length = address.isV4 ? 32 : 128
        if parts.count == 2 {
            guard let stated = Int(parts[1]), (0...length).contains(stated),
                String(stated) == parts[1]
            else {
                throw ValueFault(
                    .outOfRange, "not a length of a prefix", expected: "0 to \(length)")
            }
            length = stated
        }
        guard let prefix = AddressPrefix(address, length: length), prefix.address == address else {
            throw ValueFault(
                .invalidValue, "bits beyond the prefix's length",
                expected: "the first address of the network, such as 10.20.0.0/16")
        }
        self = prefix
    }

    /// Whether the address begins with these bits.
    public func contains(_ other: IPAddress) -> Bool {
        AddressPrefix.cut(other, bits) == address && other.isV4 == address.isV4
    }

    private static func cut(_ address: IPAddress, _ bits: Int) -> IPAddress {
        let high = bits >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(bits))
        let low = bits <= 64 ? 0 : bits >= 128 ? UInt64.max : ~(UInt64.max >> UInt64(bits - 64))
        return IPAddress(high: address.high & high, low: address.low & low)
    }
}

extension AddressPrefix: CustomStringConvertible {
    /// As it is read.
    public var description: String {
        "\(address)/\(address.isV4 ? bits - 96 : bits)"
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
