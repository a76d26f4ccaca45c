// SPDX-License-Identifier: Apache-2.0

/// What tells one life of a node's ledger from another: drawn at random when the ledger is made.
///
/// A ledger that was lost and begun anew counts from 1 again; its epoch keeps the two apart.
public struct Epoch: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The upper 64 bits.
    public let high: UInt64
    /// The lower 64 bits.
    public let low: UInt64

    /// Makes an epoch of 128 bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 32 hexadecimal digits in lower case; nil for anything else.
    public init?(_ text: String) {
        guard text.utf8.count == 32 else { return nil }
        var halves: [UInt64] = [0, 0]
        for (index, byte) in text.utf8.enumerated() {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            halves[index / 16] = halves[index / 16] << 4 | UInt64(digit)
        }
        self.init(high: halves[0], low: halves[1])
    }

    /// Whether `left` is the lesser number.
    public static func < (left: Epoch, right: Epoch) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// 32 hexadecimal digits in lower case.
    public var description: String { hexadecimal(high) + hexadecimal(low) }
}

/// What tells a record from every other, for ever and everywhere.
///
/// Whoever gets a record of a known identity again stores nothing: sending anything again, at any
/// time, changes nothing.
public struct RecordIdentity: Hashable, Comparable, Sendable {
    /// The node that made it.
    public var node: NodeID
    /// The life of that node's ledger.
    public var epoch: Epoch
    /// Counted from 1 in the order in which records were committed.
    public var sequence: UInt64

    /// Makes an identity.
    public init(node: NodeID, epoch: Epoch, sequence: UInt64) {
        self.node = node
        self.epoch = epoch
        self.sequence = sequence
    }

    /// Whether `left` comes before `right`: by node, then epoch, then sequence.
    public static func < (left: RecordIdentity, right: RecordIdentity) -> Bool {
        if left.node != right.node { return left.node < right.node }
        if left.epoch != right.epoch { return left.epoch < right.epoch }
        return left.sequence < right.sequence
    }
}

private func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
