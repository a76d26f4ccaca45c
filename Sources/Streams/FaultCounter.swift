// SPDX-License-Identifier: Apache-2.0
public import Octets

/// How often one kind of fault was met, with its first case.
public struct FaultCount: Hashable, Sendable {
    /// The first fault of its kind.
    public var first: ParseFault
    /// Faults of the same layer, kind and field.
    public var count: UInt64
    /// The number of the packet that had the first, from 1; nil if it belonged to none.
    public var firstPacketNumber: UInt64?

    /// Makes a count.
    public init(first: ParseFault, count: UInt64, firstPacketNumber: UInt64? = nil) {
        self.first = first
        self.count = count
        self.firstPacketNumber = firstPacketNumber
    }
}

/// Counts faults by layer, kind and field.
///
/// The keys are literals of the program, so their number is bounded by its text.
struct FaultCounter {
    private struct Key: Hashable {
        var layer: ParseFault.Layer
        var kind: ParseFault.Kind
        var field: String
    }

    private var table: [Key: FaultCount] = [:]
    /// The number of the packet that is being worked on.
    var packetNumber: UInt64?

    mutating func count(_ fault: ParseFault, packets: UInt64 = 1) {
        guard packets > 0 else { return }
        let key = Key(layer: fault.layer, kind: fault.kind, field: fault.field)
        table[
            key, default: FaultCount(first: fault, count: 0, firstPacketNumber: packetNumber)
        ].count += packets
    }

    /// Counts something that is in order and not ours to measure.
    mutating func ignore(_ layer: ParseFault.Layer, _ what: String, packets: UInt64 = 1) {
        count(ParseFault(.ignored, layer, what, offset: 0, needed: 0, had: 0), packets: packets)
    }

    /// Counts something left out because a limit of ours was reached.
    mutating func refuse(_ layer: ParseFault.Layer, _ what: String, limit: Int) {
        count(ParseFault(.overLimit, layer, what, offset: 0, needed: limit, had: limit + 1))
    }

    /// All counts, in a fixed order.
    var counts: [FaultCount] {
        table.values.sorted {
            ($0.first.layer.rawValue, $0.first.kind.rawValue, $0.first.field)
                < ($1.first.layer.rawValue, $1.first.kind.rawValue, $1.first.field)
        }
    }
}
