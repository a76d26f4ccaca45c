// SPDX-License-Identifier: Apache-2.0
import Packets

/// Finds the streams that an RTCP packet may speak of: by SSRC and one address.
///
/// Ports do not help, as signalling may put RTCP anywhere; the SSRC with the sender's address (or
/// the group's) does. Entries are hashes of 32 bits with an index; the asker compares the
/// stream's key.
struct AssociationTable {
    private var slots: [UInt64] = Array(repeating: 0, count: 1024)
    private var count = 0
    /// Places looked at before giving up: streams of one address that share one SSRC, if any,
    /// are few unless somebody makes them.
    static let probeLimit = 64

    private static func hash(_ ssrc: UInt32, _ address: IPAddress) -> UInt64 {
        var hash = (address.low ^ UInt64(ssrc) << 32) &* 0x9e37_79b9_7f4a_7c15
        hash = (hash ^ hash >> 32 ^ address.high) &* 0xbf58_476d_1ce4_e5b9
        return hash ^ hash >> 29
    }

    mutating func insert(_ index: Int, ssrc: UInt32, address: IPAddress) {
        if (count + 1) * 2 > slots.count { grow() }
        let hash = AssociationTable.hash(ssrc, address)
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        for _ in 0..<AssociationTable.probeLimit {
            if slots[place] == 0 {
                // The lower hash bits are kept as well: growing needs them.
                slots[place] = hash << 32 | UInt64(index + 1)
                count += 1
                return
            }
            place = (place + 1) & (slots.count - 1)
        }
    }

    /// Indices that may be meant, as long as `visit` asks for more.
    func visit(ssrc: UInt32, address: IPAddress, _ visit: (Int) -> Bool) {
        let hash = AssociationTable.hash(ssrc, address)
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        for _ in 0..<AssociationTable.probeLimit {
            let slot = slots[place]
            if slot == 0 { return }
            if slot >> 32 == hash & 0xffff_ffff, !visit(Int(slot & 0xffff_ffff) - 1) { return }
            place = (place + 1) & (slots.count - 1)
        }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        for slot in old where slot != 0 {
            var place = Int(truncatingIfNeeded: slot >> 32) & (slots.count - 1)
            while slots[place] != 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = slot
        }
    }
}
