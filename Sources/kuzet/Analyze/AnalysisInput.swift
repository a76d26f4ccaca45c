// SPDX-License-Identifier: Apache-2.0
import Octets
import Streams
import Timekeeping

/// What was analysed, and how much of it: the head of every answer.
struct AnalysisInput: Equatable, Sendable {
    /// Where packets came from.
    enum Origin: Equatable, Sendable {
        /// A capture file; `-` is standard input.
        case file(String)
        /// A network interface.
        case interface(String)
    }

    var origin: Origin
    /// `pcap`, `pcapng`, with `.gz` behind it if compressed, or `live`; nil if not recognised.
    var format: String?
    var packets: UInt64 = 0
    /// Octets of the packets on the wire, as the capture states them.
    var bytes: UInt64 = 0
    var firstPacket: Instant?
    var lastPacket: Instant?
    /// Packets that kernel or interface dropped before the probe saw them; nil for a file.
    var kernelDrops: UInt64?
    /// Packets that the capture cut short.
    var cutPackets: UInt64 = 0
    /// What the reader should know, such as a last record cut off; a sentence each.
    var notes: [String] = []
    /// How long the reading took, ns; nil where output must not depend on the machine.
    var elapsedNanoseconds: Int64?

    init(_ origin: Origin) {
        self.origin = origin
    }

    /// The file's or interface's name.
    var name: String {
        switch origin {
        case .file(let name), .interface(let name): name
        }
    }

    /// First to last packet, ns; nil without packets.
    var durationNanoseconds: Int64? {
        guard let firstPacket, let lastPacket else { return nil }
        return max(0, lastPacket.nanoseconds(since: firstPacket))
    }
}

extension [FaultCount] {
    /// All of them, most frequent first; of equals the one met first.
    var byFrequency: [FaultCount] {
        enumerated()
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .map(\.element)
    }
}
