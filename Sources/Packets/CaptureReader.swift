// SPDX-License-Identifier: Apache-2.0

import Octets

/// Reads a capture in pcap or pcapng format from bytes that come a window at a time.
///
/// The format shows in the first bytes. Both byte orders, micro- and nanoseconds, any number
/// of sections and interfaces are read. Nothing is copied: records say where in the window
/// their bytes lie. Apart from at most 4,096 interfaces and the list of notes it holds no
/// memory, however long the capture.
public struct CaptureReader {
    /// The formats.
    public enum Format: String, Hashable, Sendable {
        /// The classic format of libpcap.
        case pcap
        /// The format of Wireshark.
        case pcapng
    }

    /// How long a window must at least be able to grow: what the longest record takes.
    public static let longestRecord = PcapngReader.longestBlock

    /// The most records that `read` gives at once unless told otherwise: what keeps a batch of
    /// them inside the first-level cache.
    ///
    /// 256 of them take 16 KiB.
    public static let batchLimit = 256

    /// What was met so far.
    public private(set) var tally = CaptureTally()
    /// How many bytes were consumed so far.
    public private(set) var position: UInt64 = 0

    private let isSalvaging: Bool
    private var pcap: PcapReader?
    private var pcapng: PcapngReader?

    /// Makes a reader at the start of a capture.
    ///
    /// - Parameter salvage: Whether to search for the next sound record after damage, instead
    ///   of stopping there.
    public init(salvage: Bool = false) {
        isSalvaging = salvage
    }

    /// The format, once its first bytes were read.
    public var format: Format? {
        pcap != nil ? .pcap : pcapng != nil ? .pcapng : nil
    }

    /// Reads records from the front of `window`, which holds the bytes of the capture from
    /// `position` on.
    ///
    /// Offer the bytes after those consumed again, with more behind them. If nothing was
    /// consumed and no record was given, the window was too small; one of `longestRecord`
    /// never is. A capture ends when everything was consumed with `isLast` set.
    ///
    /// - Parameters:
    ///   - window: The bytes.
    ///   - isLast: Whether the capture ends with the window.
    ///   - records: Is emptied, then filled with at most `limit` records.
    ///   - limit: How many records to read at most, at least 1.
    /// - Returns: How many bytes were consumed.
    /// - Throws: `CaptureFault` at damage, after everything before it was given out. The
    ///   reader then is at its end.
    public mutating func read(
        _ window: Span<UInt8>, isLast: Bool, into records: inout [CapturedRecord],
        limit: Int = CaptureReader.batchLimit
    ) throws(CaptureFault) -> Int {
        precondition(limit > 0)
        records.removeAll(keepingCapacity: true)
        var start = 0
        if format == nil {
            guard let length = try begin(window, isLast: isLast) else { return 0 }
            start = length
        }
        let rest = window.extracting(start..<window.count)
        let place = position + UInt64(start)
        let length =
            if pcap != nil {
                try pcap?.read(
                    rest, at: place, isLast: isLast, into: &records, limit: limit, tally: &tally)
            } else {
                try pcapng?.read(
                    rest, at: place, isLast: isLast, into: &records, limit: limit, tally: &tally)
            }
        if start > 0 {
            for index in records.indices { records[index].offset += start }
        }
        let consumed = start + (length ?? 0)
        position += UInt64(consumed)
        return consumed
    }

    /// Finds the format out and reads the header of the file: its length, or nil if more bytes
    /// are needed.
    private mutating func begin(
        _ window: Span<UInt8>, isLast: Bool
    ) throws(CaptureFault) -> Int? {
        if window.count >= 4 {
            switch window.uint32(at: 0) {
            case 0xa1b2_c3d4, 0xd4c3_b2a1, 0xa1b2_3c4d, 0x4d3c_b2a1: break
            case 0x0a0d_0d0a:
                pcapng = PcapngReader(salvage: isSalvaging)
                return 0
            case let magic:
                throw CaptureFault(
                    frame: 0, byte: 0,
                    problem: .foreignFormat(CaptureReader.name(ofMagic: magic)))
            }
        }
        guard isLast || window.count >= PcapReader.headerLength else { return nil }
        pcap = try PcapReader(header: window, salvage: isSalvaging)
        return PcapReader.headerLength
    }

    /// What a file that begins with four bytes is, for those that people mistake for captures.
    private static func name(ofMagic magic: UInt32) -> String {
        switch magic {
        case 0xa1b2_cd34, 0x34cd_b2a1: "modified pcap (a1b2cd34)"
        case 0x1c00_01ac, 0xac01_001c, 0x1c00_01ab, 0xab01_001c: "IXIA pcap"
        case 0x736e_6f6f: "snoop"
        case 0x474d_4255: "Microsoft Network Monitor"
        case 0x6274_736e: "btsnoop"
        case 0x5452_534e: "Sniffer"
        case 0x28b5_2ffd: "Zstandard"
        case 0xfd37_7a58: "xz"
        case 0x425a_6831...0x425a_6839: "bzip2"
        case 0x0422_4d18: "LZ4"
        case 0x504b_0304: "ZIP"
        default: "magic " + hexadecimal(magic)
        }
    }

    private static func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
