// SPDX-License-Identifier: Apache-2.0

/// Writes a transport stream as a camera sends it (ISO/IEC 13818-1), right or wrong as a test
/// wants it.
struct TransportStreamWriter {
    /// Frames sent; each is of three packets, with a PCR in the first.
    private(set) var frames = 0
    private var counters: [Int: UInt8] = [:]

    static let video = 0x100
    static let map = 0x1000

    /// One packet of 188 octets; the rest of it is filled by an adaptation field.
    mutating func packet(
        _ pid: Int, unitStart: Bool = false, pcr: Int64? = nil, flags: UInt8 = 0,
        _ payload: [UInt8]
    ) -> [UInt8] {
        let counter = counters[pid, default: 0]
        if !payload.isEmpty { counters[pid] = (counter + 1) & 15 }
        var field: [UInt8] = []
        if payload.count < 184 {
            field = payload.count == 183 ? [] : [flags | (pcr == nil ? 0 : 0x10)]
            if let pcr { field += Self.reference(pcr) }
            field += [UInt8](repeating: 0xff, count: max(0, 183 - payload.count - field.count))
            field.insert(UInt8(field.count), at: 0)
        }
        let control: UInt8 = (field.isEmpty ? 0 : 0x20) | (payload.isEmpty ? 0 : 0x10)
        return [0x47, UInt8(pid >> 8) | (unitStart ? 0x40 : 0), UInt8(pid & 0xff)]
            + [control | counter] + field + payload
    }

    /// Six octets of a programme clock reference (section 2.4.3.5).
    static func reference(_ ticks: Int64) -> [UInt8] {
        let bits = UInt64(ticks / 300) << 15 | 0x7e00 | UInt64(ticks % 300)
        return (0..<6).map { UInt8(truncatingIfNeeded: bits >> UInt64(40 - 8 * $0)) }
    }

    /// A section with its check sum (annex A).
    static func section(_ table: UInt8, id: Int = 1, _ body: [UInt8]) -> [UInt8] {
        let octets = [table] + big16(0xb000 | (body.count + 9)) + big16(id) + [0xc1, 0, 0] + body
        var sum: UInt32 = .max
        for octet in octets {
            sum ^= UInt32(octet) << 24
            for _ in 0..<8 { sum = sum & 0x8000_0000 == 0 ? sum << 1 : sum << 1 ^ 0x04c1_1db7 }
        }
        return octets + big32(sum)
    }

    static func association(map pid: Int = TransportStreamWriter.map) -> [UInt8] {
        section(0, [0, 1] + big16(0xe000 | pid))
    }

    static func programmeMap(type: UInt8 = 0x1b) -> [UInt8] {
        section(2, big16(0xe000 | video) + [0xf0, 0, type] + big16(0xe000 | video) + [0xf0, 0])
    }

    /// A packet that holds one whole section.
    mutating func table(_ pid: Int, _ section: [UInt8]) -> [UInt8] {
        let payload = [0] + section
        return packet(
            pid, unitStart: true,
            payload + [UInt8](repeating: 0xff, count: 184 - payload.count))
    }

    /// The two tables that come before everything else.
    mutating func tables() -> [[UInt8]] {
        [table(0, Self.association()), table(Self.map, Self.programmeMap())]
    }

    /// The three packets of the next frame, at 25 a second; a key frame has a parameter set.
    mutating func frame(isKey: Bool = false) -> [[UInt8]] {
        let time = UInt64(frames) * 3_600 + 9_000
        let head: [UInt8] = [
            0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, 0x21 | UInt8(time >> 30 & 7) << 1,
            UInt8(time >> 22 & 0xff), UInt8(time >> 15 & 0x7f) << 1 | 1, UInt8(time >> 7 & 0xff),
            UInt8(time & 0x7f) << 1 | 1,
        ]
        let set = isKey ? [0, 0, 0, 1] + CameraWriter.largeSet : []
        let slice = [0, 0, 0, 1] + CameraWriter.slice(isKey: isKey, count: 80)
        let packets = [
            packet(
                Self.video, unitStart: true, pcr: Int64(frames) * 1_080_000,
                flags: isKey ? 0x40 : 0, head + set + slice),
            packet(Self.video, [UInt8](repeating: UInt8(frames & 0xff), count: 184)),
            packet(Self.video, [UInt8](repeating: UInt8(frames & 0x7f), count: 150)),
        ]
        frames += 1
        return packets
    }
}
