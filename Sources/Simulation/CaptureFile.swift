// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// How packets are laid in a capture file: pcap or pcapng, Ethernet.
///
/// Writes into a byte array that the owner empties to the disk. A record is begun, its packet
/// appended behind, and finished, so that the packet is never copied.
public struct CaptureFile: Hashable, Sendable {
    /// The two formats of draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng; raw values are
    /// those of the command line.
    public enum Format: String, CaseIterable, Hashable, Sendable {
        case pcap, pcapng
    }

    /// Which of the two formats.
    public var format: Format
    /// Whether times are kept in nanoseconds instead of microseconds.
    public var keepsNanoseconds: Bool
    /// Octets of a packet that are kept at most; the header states it.
    public var snapLength: Int

    /// Makes a layout; the snap length is held within 64…262144, where libpcap's limit lies.
    public init(format: Format = .pcap, keepsNanoseconds: Bool = true, snapLength: Int = 65_535) {
        self.format = format
        self.keepsNanoseconds = keepsNanoseconds
        self.snapLength = min(max(64, snapLength), 262_144)
    }

    /// Appends what a file begins with.
    public func appendHeader(to octets: inout [UInt8]) {
        switch format {
        case .pcap:
            octets.appendLittleEndian32(keepsNanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4)
            octets.appendLittleEndian16(2)
            octets.appendLittleEndian16(4)
            octets.appendLittleEndian32(0)
            octets.appendLittleEndian32(0)
            octets.appendLittleEndian32(UInt32(snapLength))
            octets.appendLittleEndian32(1)  // LINKTYPE_ETHERNET
        case .pcapng:
            // Section header block.
            for word: UInt32 in [0x0a0d_0d0a, 28, 0x1a2b_3c4d, 0x0000_0001, .max, .max, 28] {
                octets.appendLittleEndian32(word)
            }
            // Interface description block with if_tsresol and opt_endofopt.
            let resolution: UInt32 = keepsNanoseconds ? 9 : 6
            for word: UInt32 in [1, 32, 1, UInt32(snapLength), 0x0001_0009, resolution, 0, 32] {
                octets.appendLittleEndian32(word)
            }
        }
    }

    /// Reserves a record's header at the end and returns where the record begins.
    public func beginRecord(in octets: inout [UInt8]) -> Int {
        let start = octets.count
        octets.append(contentsOf: format == .pcap ? CaptureFile.blank16 : CaptureFile.blank28)
        return start
    }

    /// Fills in the header of the record begun at `start`; the packet is all that follows it.
    public func finishRecord(
        at start: Int, time: Instant, originalLength: Int, in octets: inout [UInt8]
    ) {
        let second = time.floored(toNanoseconds: 1_000_000_000)
        let fraction = time.nanoseconds(since: second) / (keepsNanoseconds ? 1 : 1000)
        let seconds = second.nanoseconds / 1_000_000_000
        switch format {
        case .pcap:
            let captured = octets.count - start - 16
            octets.putLittleEndian32(UInt32(truncatingIfNeeded: seconds), at: start)
            octets.putLittleEndian32(UInt32(fraction), at: start + 4)
            octets.putLittleEndian32(UInt32(captured), at: start + 8)
            octets.putLittleEndian32(UInt32(originalLength), at: start + 12)
        case .pcapng:
            let captured = octets.count - start - 28
            while (octets.count - start) % 4 != 0 { octets.append(0) }
            let ticks = seconds &* (keepsNanoseconds ? 1_000_000_000 : 1_000_000) &+ fraction
            let length = UInt32(octets.count - start + 4)
            octets.putLittleEndian32(6, at: start)
            octets.putLittleEndian32(length, at: start + 4)
            octets.putLittleEndian32(UInt32(truncatingIfNeeded: ticks >> 32), at: start + 12)
            octets.putLittleEndian32(UInt32(truncatingIfNeeded: ticks), at: start + 16)
            octets.putLittleEndian32(UInt32(captured), at: start + 20)
            octets.putLittleEndian32(UInt32(originalLength), at: start + 24)
            octets.appendLittleEndian32(length)
        }
    }

    /// Takes back the record begun at `start`.
    public func cancelRecord(at start: Int, in octets: inout [UInt8]) {
        octets.removeLast(octets.count - start)
    }

    private static let blank16 = [UInt8](repeating: 0, count: 16)
    private static let blank28 = [UInt8](repeating: 0, count: 28)
}
