// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Writes a capture file of one camera: 100 packets of RTP in UDP, one a frame, at 25 a second.
struct CaptureWriter {
    var isBigEndian = false

    func u16(_ number: Int) -> [UInt8] {
        let octets = [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
        return isBigEndian ? octets : octets.reversed()
    }

    func u32(_ number: Int) -> [UInt8] {
        isBigEndian ? u16(number >> 16) + u16(number) : u16(number) + u16(number >> 16)
    }

    func header(magic: Int = 0xa1b2_c3d4, snap: Int = 65_535, link: Int = 1) -> [UInt8] {
        u32(magic) + u16(2) + u16(4) + u32(0) + u32(0) + u32(snap) + u32(link)
    }

    func record(
        _ seconds: Int, _ fraction: Int, _ octets: [UInt8], captured: Int? = nil,
        original: Int? = nil
    ) -> [UInt8] {
        let captured = captured ?? octets.count
        return u32(seconds) + u32(fraction) + u32(captured) + u32(original ?? captured) + octets
    }

    /// Records of frames 40 ms apart from `start` on, in units of `unit` a second.
    func records(_ frames: [[UInt8]], start: Int = 1_700_000_000, unit: Int = 1_000_000)
        -> [UInt8]
    {
        frames.enumerated().flatMap { place, frame in
            record(start + place / 25, place % 25 * (unit / 25), frame)
        }
    }

    /// Octets of one record of `camera`.
    static let recordLength = 16 + 14 + 20 + 8 + 12 + 100

    static let camera: [[UInt8]] = (0..<100).map { udp(rtp($0)) }

    static func big(_ number: Int) -> [UInt8] { CaptureWriter(isBigEndian: true).u16(number) }

    static func rtp(_ number: Int) -> [UInt8] {
        let time = 90_000 + 3_600 * number
        let header: [UInt8] =
            [0x80, 0xe0] + big(1_000 + number) + big(time >> 16) + big(time)
            + [0, 0, 0x12, 0x34]
        return header + [0x41, 0x9a, 0x20] + [UInt8](repeating: UInt8(number), count: 97)
    }

    static func ip(
        _ payload: [UInt8], protocol number: UInt8 = 17, fragment: Int = 0x4000,
        identification: Int = 1, firstOctet: UInt8 = 0x45, totalLength: Int? = nil
    ) -> [UInt8] {
        let header: [UInt8] =
            [firstOctet, 0] + big(totalLength ?? payload.count + 20)
            + big(identification) + big(fragment)
        return header + [64, number, 0, 0, 10, 0, 0, 2, 10, 0, 1, 1] + payload
    }

    static func ethernet(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
        [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] + big(type) + payload
    }

    static func datagram(_ payload: [UInt8], to port: Int = 40_000) -> [UInt8] {
        big(5_000) + big(port) + big(payload.count + 8) + [0, 0] + payload
    }

    static func udp(_ payload: [UInt8], to port: Int = 40_000) -> [UInt8] {
        ethernet(0x0800, ip(datagram(payload, to: port)))
    }
}

/// Calls `body` with the path of a file that holds `octets` and is gone afterwards.
func withFile<Result>(_ octets: [UInt8], _ body: (String) throws -> Result) rethrows -> Result {
    var template = Array("/tmp/kuzet-test-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    precondition(descriptor >= 0, "no temporary file")
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = unsafe unlink(path) }
    var rest = octets[...]
    while !rest.isEmpty {
        let part = Array(rest.prefix(1 << 20))
        let count = unsafe write(descriptor, part, part.count)
        precondition(count > 0, "the temporary file cannot be written")
        rest = rest.dropFirst(count)
    }
    close(descriptor)
    return try body(path)
}
