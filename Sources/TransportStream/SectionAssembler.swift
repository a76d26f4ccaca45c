// SPDX-License-Identifier: Apache-2.0
import Octets

/// Puts the sections of one PID together from the payloads of its packets.
///
/// ISO/IEC 13818-1 2.4.4: a packet that starts a unit begins with a pointer to the first
/// section that starts in it; sections follow each other until filling octets of 0xff.
public struct SectionAssembler: Hashable, Sendable {
    /// Octets of the longest section of a programme table: three and a section_length of at
    /// most 1021 (ISO/IEC 13818-1 2.4.4.4 and 2.4.4.9).
    ///
    /// Longer ones are skipped and counted.
    public static let limit = 1024

    private var buffer: [UInt8] = []
    private var isCollecting = false

    /// Sections longer than `limit`.
    public private(set) var oversized: UInt64 = 0
    /// Sections that a hole or a wrong pointer cut off.
    public private(set) var broken: UInt64 = 0

    /// Makes an assembler that waits for a section to begin.
    public init() {}

    /// Takes one packet's payload and returns the sections that are whole now, header included.
    public mutating func receive(_ payload: Span<UInt8>, startsUnit: Bool) -> [[UInt8]] {
        var sections: [[UInt8]] = []
        var rest = 0
        if startsUnit {
            guard let pointer = payload.isEmpty ? nil : Int(payload[0]),
                pointer < payload.count - 1
            else {
                drop()
                return []
            }
            if isCollecting { append(payload.extracting(1..<1 + pointer), to: &sections) }
            drop()
            rest = 1 + pointer
            isCollecting = true
        }
        if isCollecting { append(payload.extracting(rest..<payload.count), to: &sections) }
        return sections
    }

    /// Gives up the section begun: packets are missing.
    public mutating func drop() {
        if !buffer.isEmpty { broken &+= 1 }
        buffer.removeAll(keepingCapacity: true)
        isCollecting = false
    }

    private mutating func append(_ bytes: Span<UInt8>, to sections: inout [[UInt8]]) {
        var place = 0
        while place < bytes.count {
            if buffer.isEmpty, bytes[place] == 0xff {
                isCollecting = false
                return
            }
            // One octet at a time until the length is known: it may be split over packets.
            let wanted: Int
            if buffer.count < 3 {
                wanted = 3
            } else {
                wanted = 3 + (Int(buffer[1] & 0x0f) << 8 | Int(buffer[2]))
            }
            guard wanted <= Self.limit else {
                oversized &+= 1
                buffer.removeAll(keepingCapacity: true)
                isCollecting = false
                return
            }
            let take = min(wanted - buffer.count, bytes.count - place)
            for offset in 0..<take { buffer.append(bytes[place + offset]) }
            place += take
            if buffer.count >= 3, buffer.count == 3 + (Int(buffer[1] & 0x0f) << 8 | Int(buffer[2]))
            {
                sections.append(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
    }
}
