// SPDX-License-Identifier: Apache-2.0

/// How many unproven streams each flow began in this interval, by a table of fixed size.
///
/// A flow of arbitrary datagrams looks like a new stream with every packet that happens to begin
/// as RTP does. The count stops it; two flows that share a cell share their allowance, which
/// stands far above what one camera needs.
struct FlowSketch {
    /// 64 KiB whatever the traffic; at 50,000 flows fewer than one a cell.
    private var cells = [UInt8](repeating: 0, count: 1 << 16)

    /// Streams that a flow may begin in one interval: a port that carries video, audio and
    /// metadata begins three, and a broken sender changes its SSRC some times.
    static let allowance: UInt8 = 64

    /// Counts one more; whether the flow may begin it.
    mutating func admit(flow hash: UInt64) -> Bool {
        let cell = Int(truncatingIfNeeded: hash >> 40) & 0xffff
        guard cells[cell] < FlowSketch.allowance else { return false }
        cells[cell] += 1
        return true
    }

    /// Forgets the counts.
    mutating func beginInterval() {
        for cell in cells.indices { cells[cell] = 0 }
    }
}
