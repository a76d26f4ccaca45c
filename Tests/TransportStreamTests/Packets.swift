// SPDX-License-Identifier: Apache-2.0
import Timekeeping

@testable import TransportStream

/// Writes transport packets octet by octet, right or wrong as a test wants them.
enum Write {
    /// A packet whose payload is `payload`, filled up by an adaptation field as senders do.
    static func packet(
        pid: UInt16, counter: UInt8, unitStart: Bool = false, flags: UInt8 = 0,
        pcr: Int64? = nil, scrambling: UInt8 = 0, _ payload: [UInt8]
    ) -> [UInt8] {
        var field: [UInt8] = []
        let flags = flags | (pcr == nil ? 0 : 0x10)
        if flags != 0 || payload.count < 184 {
            field = flags == 0 && payload.count == 183 ? [] : [flags]
            if let pcr { field += reference(pcr) }
            let room = 183 - payload.count - field.count
            field += [UInt8](repeating: 0xff, count: max(0, room))
            field.insert(UInt8(field.count), at: 0)
        }
        let control: UInt8 = (field.isEmpty ? 0 : 0x20) | (payload.isEmpty ? 0 : 0x10)
        var bytes: [UInt8] = [
            0x47, UInt8(pid >> 8) | (unitStart ? 0x40 : 0), UInt8(pid & 0xff),
            scrambling << 6 | control | counter & 0x0f,
        ]
        bytes += field + payload
        precondition(bytes.count == 188)
        return bytes
    }

    /// Six octets of PCR.
    static func reference(_ ticks: Int64) -> [UInt8] {
        let base = UInt64(ticks / 300)
        let rest = UInt64(ticks % 300)
        let bits = base << 15 | 0x7e00 | rest
        return (0..<6).map { UInt8(truncatingIfNeeded: bits >> UInt64(40 - 8 * $0)) }
    }

    /// A section with its check sum.
    static func section(table: UInt8, id: UInt16, version: UInt8 = 0, _ body: [UInt8]) -> [UInt8] {
        let length = body.count + 9
        var bytes: [UInt8] = [
            table, 0xb0 | UInt8(length >> 8), UInt8(length & 0xff), UInt8(id >> 8),
            UInt8(id & 0xff), 0xc1 | version << 1, 0, 0,
        ]
        bytes += body
        let sum = SectionChecksum.of(bytes.span)
        return bytes + (0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * $0)) }
    }

    static func association(_ programs: [(UInt16, UInt16)], version: UInt8 = 0) -> [UInt8] {
        section(
            table: 0, id: 1, version: version,
            programs.flatMap { number, pid in
                [
                    UInt8(number >> 8), UInt8(number & 0xff), 0xe0 | UInt8(pid >> 8),
                    UInt8(pid & 0xff),
                ]
            })
    }

    static func map(
        program: UInt16 = 1, version: UInt8 = 0, clock: UInt16,
        _ streams: [(type: UInt8, pid: UInt16)]
    ) -> [UInt8] {
        section(
            table: 2, id: program, version: version,
            [0xe0 | UInt8(clock >> 8), UInt8(clock & 0xff), 0xf0, 0]
                + streams.flatMap { type, pid in
                    [type, 0xe0 | UInt8(pid >> 8), UInt8(pid & 0xff), 0xf0, 0]
                })
    }

    /// A packet that holds one whole section.
    static func table(pid: UInt16, counter: UInt8, _ section: [UInt8]) -> [UInt8] {
        let payload = [0] + section
        return packet(
            pid: pid, counter: counter, unitStart: true,
            payload + [UInt8](repeating: 0xff, count: 184 - payload.count))
    }

    /// The head of a PES packet of video.
    static func pes(
        id: UInt8 = 0xe0, time: UInt64?, decoding: UInt64? = nil, aligned: Bool = false
    ) -> [UInt8] {
        var bytes: [UInt8] = [0, 0, 1, id, 0, 0, 0x80 | (aligned ? 4 : 0)]
        switch (time, decoding) {
        case (let time?, let decoding?):
            bytes += [0xc0, 10] + stamp(3, time) + stamp(1, decoding)
        case (let time?, nil): bytes += [0x80, 5] + stamp(2, time)
        default: bytes += [0, 0]
        }
        return bytes
    }

    private static func stamp(_ prefix: UInt8, _ time: UInt64) -> [UInt8] {
        [
            prefix << 4 | UInt8(time >> 30 & 7) << 1 | 1, UInt8(time >> 22 & 0xff),
            UInt8(time >> 15 & 0x7f) << 1 | 1, UInt8(time >> 7 & 0xff),
            UInt8(time & 0x7f) << 1 | 1,
        ]
    }

    /// A small stream as a camera sends it: tables, then `frames` frames of three packets at 25
    /// frames a second, with a PCR on each frame.
    static func camera(frames: Int, type: UInt8 = 0x1b) -> [[UInt8]] {
        var packets = [
            table(pid: 0, counter: 0, association([(1, 0x1000)])),
            table(pid: 0x1000, counter: 0, map(clock: 0x100, [(type, 0x100), (0x0f, 0x101)])),
        ]
        var counter: UInt8 = 0
        for index in 0..<frames {
            let head = pes(time: UInt64(index) * 3600 + 9000)
            for part in 0..<3 {
                let payload =
                    (part == 0 ? head : []) + [UInt8](repeating: UInt8(index & 0xff), count: 150)
                packets.append(
                    packet(
                        pid: 0x100, counter: counter, unitStart: part == 0,
                        flags: part == 0 && index % 10 == 0 ? 0x40 : 0,
                        pcr: part == 0 ? Int64(index) * 1_080_000 : nil, payload))
                counter = (counter + 1) & 0x0f
            }
        }
        return packets
    }
}

extension TransportPacket {
    /// Reads an array.
    init(_ bytes: [UInt8]) throws {
        self = try TransportPacket(bytes.span)
    }
}

/// Milliseconds after an arbitrary beginning.
func at(_ milliseconds: Int64) -> Instant {
    Instant(nanoseconds: 1_700_000_000_000_000_000).advanced(
        byNanoseconds: milliseconds * 1_000_000)
}

/// A source of numbers that gives the same ones every time.
struct SeededNumbers {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next(below bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }
}
