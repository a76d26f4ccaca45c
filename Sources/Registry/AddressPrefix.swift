// SPDX-License-Identifier: Apache-2.0

/// Addresses that begin with the same bits, as in `10.20.0.0/16`.
public struct AddressPrefix: Hashable, Sendable {
    /// The first address.
    public let address: NetworkAddress
    /// Bits that are the same, of the 128 that both families are held in.
    public let bits: Int

    /// Makes a prefix of `length` bits of the address's own family; nil beyond 32 or 128.
    ///
    /// Bits of the address beyond them are cleared.
    public init?(_ address: NetworkAddress, length: Int) {
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
        let address = try NetworkAddress(parsing: String(parts[0]))
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
    public func contains(_ other: NetworkAddress) -> Bool {
        AddressPrefix.cut(other, bits) == address && other.isV4 == address.isV4
    }

    private static func cut(_ address: NetworkAddress, _ bits: Int) -> NetworkAddress {
        let high = bits >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(bits))
        let low = bits <= 64 ? 0 : bits >= 128 ? UInt64.max : ~(UInt64.max >> UInt64(bits - 64))
        return NetworkAddress(high: address.high & high, low: address.low & low)
    }
}

extension AddressPrefix: CustomStringConvertible {
    /// As it is read.
    public var description: String {
        "\(address)/\(address.isV4 ? bits - 96 : bits)"
    }
}
