// SPDX-License-Identifier: Apache-2.0

import Packets
import Timekeeping

/// Capture files put together for tests.
struct CaptureBytes {
    var isBigEndian = false

    func u16(_ number: Int) -> [UInt8] {
        isBigEndian ? bytes16(number) : bytes16(number).reversed()
    }

    func u32(_ number: Int) -> [UInt8] {
        isBigEndian ? bytes32(number) : bytes32(number).reversed()
    }

    func u64(_ number: UInt64) -> [UInt8] {
        let (high, low) = (Int(number >> 32), Int(number & 0xffff_ffff))
        return isBigEndian ? u32(high) + u32(low) : u32(low) + u32(high)
    }

    // MARK: - pcap

    func header(magic: Int = 0xa1b2_c3d4, snap: Int = 65_535, link: Int = 1) -> [UInt8] {
        u32(magic) + u16(2) + u16(4) + u32(0) + u32(0) + u32(snap) + u32(link)
    }

    func record(
        _ seconds: Int, _ fraction: Int, _ bytes: [UInt8], captured: Int? = nil,
        original: Int? = nil
    ) -> [UInt8] {
        u32(seconds) + u32(fraction) + u32(captured ?? bytes.count)
            + u32(original ?? captured ?? bytes.count) + bytes
    }

    // MARK: - pcapng

    func block(_ type: Int, _ body: [UInt8], end: Int? = nil) -> [UInt8] {
        let total = body.count + 12
        return u32(type) + u32(total) + body + u32(end ?? total)
    }

    func section(major: Int = 1) -> [UInt8] {
        block(0x0a0d_0d0a, u32(0x1a2b_3c4d) + u16(major) + u16(0) + u64(.max))
    }

    func option(_ code: Int, _ value: [UInt8]) -> [UInt8] {
        u16(code) + u16(value.count) + padded(value)
    }

    func interface(link: Int = 1, snap: Int = 0, options: [UInt8] = []) -> [UInt8] {
        block(1, u16(link) + u16(0) + u32(snap) + options)
    }

    func packet(
        _ units: UInt64, _ bytes: [UInt8], interface: Int = 0, captured: Int? = nil,
        original: Int? = nil, options: [UInt8] = []
    ) -> [UInt8] {
        block(
            6,
            u32(interface) + u32(Int(units >> 32)) + u32(Int(units & 0xffff_ffff))
                + u32(captured ?? bytes.count) + u32(original ?? captured ?? bytes.count)
                + padded(bytes) + options)
    }

    func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }
}

/// What a reader made of a whole file.
struct Reading {
    var records: [CapturedRecord] = []
    /// The bytes of each record.
    var frames: [[UInt8]] = []
    var fault: CaptureFault?
    var tally = CaptureTally()
    var consumed = 0

    var text: String? { fault?.description }
    var seconds: [Int64] { records.map { $0.arrival.nanoseconds / 1_000_000_000 } }
}

/// Reads a file that comes `step` bytes at a time, or all at once.
func readCapture(
    _ file: [UInt8], step: Int = .max, limit: Int = 256, salvage: Bool = false
) -> Reading {
    var reader = CaptureReader(salvage: salvage)
    var reading = Reading()
    var batch: [CapturedRecord] = []
    var end = min(step, file.count)
    while true {
        let isLast = end == file.count
        do throws(CaptureFault) {
            let window = file.span.extracting(reading.consumed..<end)
            let consumed = try reader.read(window, isLast: isLast, into: &batch, limit: limit)
            for record in batch {
                let place = record.bytes.lowerBound + reading.consumed
                reading.frames.append([UInt8](file[place..<place + record.capturedLength]))
            }
            reading.records += batch
            reading.consumed += consumed
            if isLast, consumed == 0, batch.isEmpty { break }
            if consumed == 0, batch.isEmpty { end += min(step, file.count - end) }
        } catch {
            reading.fault = error
            break
        }
    }
    reading.tally = reader.tally
    return reading
}
