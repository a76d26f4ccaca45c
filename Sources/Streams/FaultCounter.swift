// SPDX-License-Identifier: Apache-2.0
import Octets

/// How often one thing was wrong, or was passed over because it is no business of ours.
public struct FaultCount: Hashable, Sendable {
    /// Whose rules: `ipv4`, `rtp`, …
    public var layer: String
    /// What kind: `truncated`, `invalid`, `unsupported`, `over-limit`, `ignored`.
    public var kind: String
    /// The field or thing, in the words of the standard.
    public var field: String
    public var count: UInt64
}

/// Counts faults by layer, kind and field.
///
/// The keys are literals of the program, so their number is bounded by its text.
struct FaultCounter {
    private struct Key: Hashable {
        var layer: ParseFault.Layer
        var kind: String
        var field: String
    }

    private var table: [Key: UInt64] = [:]

    mutating func count(_ fault: ParseFault) {
        table[Key(layer: fault.layer, kind: fault.kind.rawValue, field: fault.field), default: 0] +=
            1
    }

    /// Counts something that is in order and not ours to measure.
    mutating func ignore(_ layer: ParseFault.Layer, _ what: String, packets: UInt64 = 1) {
        table[Key(layer: layer, kind: "ignored", field: what), default: 0] += packets
    }

    /// Counts something left out because a limit of ours was reached.
    mutating func refuse(_ layer: ParseFault.Layer, _ what: String, packets: UInt64 = 1) {
        guard packets > 0 else { return }
        let kind = ParseFault.Kind.overLimit.rawValue
        table[Key(layer: layer, kind: kind, field: what), default: 0] += packets
    }

    /// All counts, in a fixed order.
    var counts: [FaultCount] {
        table.map {
            FaultCount(
                layer: $0.key.layer.rawValue, kind: $0.key.kind, field: $0.key.field,
                count: $0.value)
        }.sorted { ($0.layer, $0.kind, $0.field) < ($1.layer, $1.kind, $1.field) }
    }
}
