// SPDX-License-Identifier: Apache-2.0
import Octets
public import Timekeeping

/// An extended report (XR, RFC 3611): a list of blocks, each of its own kind.
///
/// ```
/// +---------------------------------------------------------------+
/// |                     SSRC of who reports                       |
/// +---------------+---------------+-------------------------------+
/// |  block type   | type-specific |  block length in words        |
/// +---------------+---------------+-------------------------------+
/// |                          content ...                          |
/// ```
public struct ExtendedReport: Hashable, Sendable {
    /// Who reports.
    public let ssrc: UInt32
    private let content: Range<Int>

    init(_ frame: RTCPFrame, in datagram: Span<UInt8>) throws(ParseFault) {
        try frame.require(4, "extended report")
        ssrc = datagram.uint32(at: frame.content.lowerBound)
        content = (frame.content.lowerBound + 4)..<frame.contentEnd
        try visitBlocks(in: datagram) { _ in }
    }

    /// Every block, in order, of the datagram that this was read from.
    public func forEachBlock(in datagram: Span<UInt8>, _ body: (ExtendedReportBlock) -> Void) {
        // Cannot throw: the initialiser went the same way.
        try? visitBlocks(in: datagram, body)
    }

    private func visitBlocks(
        in datagram: Span<UInt8>, _ body: (ExtendedReportBlock) -> Void
    ) throws(ParseFault) {
        let bytes = datagram.extracting(0..<content.upperBound)
        var place = content.lowerBound
        while place < bytes.count {
            try bytes.require(4, at: place, .rtcp, "report block")
            let length = 4 * Int(bytes.uint16(at: place + 2))
            try bytes.require(length, at: place + 4, .rtcp, "report block")
            body(try ExtendedReportBlock(bytes, at: place, end: place + 4 + length))
            place += 4 + length
        }
    }
}

/// One block of an extended report.
public enum ExtendedReportBlock: Hashable, Sendable {
    /// Which packets were lost (RFC 3611 section 4.1).
    case lossRunLengths(RunLengthBlock)
    /// Which packets came twice (RFC 3611 section 4.2).
    case duplicateRunLengths(RunLengthBlock)
    /// The wall clock of one who only receives (RFC 3611 section 4.4).
    case receiverReferenceTime(NTPTime)
    /// Answers to reference times (RFC 3611 section 4.5).
    case delaySinceLastReceiverReport(ReceiverReportDelays)
    /// Sums over a range of packets (RFC 3611 section 4.6).
    case statisticsSummary(StatisticsSummary)
    /// Figures of a telephone call (RFC 3611 section 4.7), which Kuzet does not read.
    case voip(ssrc: UInt32)
    /// A block that Kuzet does not read.
    case other(type: UInt8)

    init(_ bytes: Span<UInt8>, at start: Int, end: Int) throws(ParseFault) {
        let body = start + 4
        func require(_ length: Int, _ field: String) throws(ParseFault) {
            try bytes.extracting(0..<end).require(length, at: body, .rtcp, field)
        }
        switch bytes[start] {
        case 1, 2:
            try require(8, "run lengths")
            let block = RunLengthBlock(bytes, at: start, end: end)
            self =
                bytes[start] == 1 ? .lossRunLengths(block) : .duplicateRunLengths(block)
        case 4:
            try require(8, "receiver reference time")
            self = .receiverReferenceTime(NTPTime(bits: bytes.uint64(at: body)))
        case 5:
            self = .delaySinceLastReceiverReport(
                ReceiverReportDelays(count: (end - body) / 12, offset: body))
        case 6:
            try require(36, "statistics summary")
            self = .statisticsSummary(StatisticsSummary(bytes, at: start))
        case 7:
            try require(32, "telephone metrics")
            self = .voip(ssrc: bytes.uint32(at: body))
        case let type:
            self = .other(type: type)
        }
    }
}

/// Packets received, or not, as run lengths (RFC 3611 section 4.1).
///
/// ```
/// +---------------+-------+-------+-------------------------------+
/// |  type 1 or 2  | rsvd. |thinned|          block length         |
/// +---------------+-------+-------+-------------------------------+
/// |                 SSRC of the stream received                   |
/// +-------------------------------+-------------------------------+
/// |      first sequence number    |  one behind the last          |
/// +-------------------------------+-------------------------------+
/// |            chunk              |            chunk ...          |
/// ```
/// A chunk `0rnnnnnnnnnnnnnn` is n packets of which all have bit r; `1bbb...` is 15 packets, a bit
/// each; sixteen zeros end the list.
public struct RunLengthBlock: Hashable, Sendable {
    /// Packets in a row of which the same is said.
    public struct Run: Hashable, Sendable {
        /// The first packet's sequence number.
        public var first: UInt16
        /// How many packets, 1...65535.
        public var count: Int
        /// The bit: for losses true means received, for duplicates true means not doubled.
        public var bit: Bool

        /// Makes a run.
        public init(first: UInt16, count: Int, bit: Bool) {
            self.first = first
            self.count = count
            self.bit = bit
        }
    }

    /// Which stream.
    public let ssrc: UInt32
    /// Only sequence numbers that are multiples of two to this power are told of, 0...15.
    public let thinning: UInt8
    /// The first sequence number told of.
    public let begin: UInt16
    /// One behind the last.
    public let end: UInt16
    private let chunks: Range<Int>

    /// Most runs that `runs(in:)` gives: what 1460 octets in vectors of alternating bits hold, so
    /// that a report of 64 KiB cannot make more of itself than a full packet would.
    public static let maxRuns = 10_950

    init(_ bytes: Span<UInt8>, at start: Int, end: Int) {
        ssrc = bytes.uint32(at: start + 4)
        thinning = bytes[start + 1] & 0x0f
        begin = bytes.uint16(at: start + 8)
        self.end = bytes.uint16(at: start + 10)
        chunks = (start + 12)..<end
    }

    /// How many packets are told of: 0...65535.
    public var packets: Int {
        let step = 1 << Int(thinning)
        let first = (Int(begin) + step - 1) / step * step
        let last = Int(begin) + Int(end &- begin)
        return first < last ? (last - first + step - 1) / step : 0
    }

    /// The runs, merged, inside the range told of; at most `maxRuns`.
    public func runs(in datagram: Span<UInt8>) -> [Run] {
        var runs: [Run] = []
        var told = 0
        let limit = packets
        let step = 1 << Int(thinning)
        let first = (Int(begin) + step - 1) / step * step
        func add(_ count: Int, _ bit: Bool) -> Bool {
            let count = min(count, limit - told)
            guard count > 0 else { return told < limit }
            if runs.last?.bit == bit {
                runs[runs.count - 1].count += count
            } else {
                guard runs.count < RunLengthBlock.maxRuns else { return false }
                let sequence = UInt16(truncatingIfNeeded: first + told * step)
                runs.append(Run(first: sequence, count: count, bit: bit))
            }
            told += count
            return told < limit
        }
        for place in stride(from: chunks.lowerBound, to: chunks.upperBound - 1, by: 2) {
            let chunk = datagram.uint16(at: place)
            if chunk == 0 { return runs }
            if chunk & 0x8000 == 0 {
                if !add(Int(chunk & 0x3fff), chunk & 0x4000 != 0) { return runs }
            } else {
                for bit in 0..<15 where !add(1, chunk >> UInt16(14 - bit) & 1 != 0) { return runs }
            }
        }
        return runs
    }
}

/// Answers to receivers' reference times (DLRR, RFC 3611 section 4.5), 12 octets each.
public struct ReceiverReportDelays: Hashable, Sendable {
    /// One answer.
    public struct Delay: Hashable, Sendable {
        /// Which receiver.
        public var ssrc: UInt32
        /// The middle 32 bits of the reference time heard; 0 if none was.
        public var lastReceiverReport: UInt32
        /// Time since then, unit 1/65536 s.
        public var delay: UInt32
    }

    /// How many there are.
    public let count: Int
    let offset: Int

    /// The answer at `index`, 0..<count, of the datagram that these were read from.
    public func delay(at index: Int, in datagram: Span<UInt8>) -> Delay {
        precondition((0..<count).contains(index))
        let place = offset + 12 * index
        return Delay(
            ssrc: datagram.uint32(at: place), lastReceiverReport: datagram.uint32(at: place + 4),
            delay: datagram.uint32(at: place + 8))
    }
}

/// Sums over a range of packets (RFC 3611 section 4.6); nil where the report does not tell.
///
/// ```
/// +---------------+-+-+-+---+-----+-------------------------------+
/// |    type 6     |L|D|J|ToH|rsvd.|        block length 9         |
/// +---------------+-+-+-+---+-----+-------------------------------+
/// |                 SSRC of the stream received                   |
/// +-------------------------------+-------------------------------+
/// |     first sequence number     |      one behind the last      |
/// +-------------------------------+-------------------------------+
/// |            lost, then duplicate packets, 32 bit each          |
/// +---------------------------------------------------------------+
/// |      jitter: least, greatest, mean, deviation, 32 bit each    |
/// +---------------+---------------+---------------+---------------+
/// | TTL: least    | greatest      | mean          | deviation     |
/// +---------------+---------------+---------------+---------------+
/// ```
public struct StatisticsSummary: Hashable, Sendable {
    /// Jitter in ticks of the media clock.
    public struct Jitter: Hashable, Sendable {
        /// Least value.
        public var minimum: UInt32
        /// Greatest value.
        public var maximum: UInt32
        /// Mean.
        public var mean: UInt32
        /// Standard deviation.
        public var deviation: UInt32
    }

    /// Which stream.
    public let ssrc: UInt32
    /// First sequence number told of.
    public let begin: UInt16
    /// One behind the last.
    public let end: UInt16
    /// Packets lost.
    public let lost: UInt32?
    /// Packets that came again.
    public let duplicates: UInt32?
    /// Jitter.
    public let jitter: Jitter?
    /// Least and greatest time to live, or hop limit; nil also if the two contradict.
    public let ttlRange: ClosedRange<UInt8>?

    init(_ bytes: Span<UInt8>, at start: Int) {
        let flags = bytes[start + 1]
        ssrc = bytes.uint32(at: start + 4)
        begin = bytes.uint16(at: start + 8)
        end = bytes.uint16(at: start + 10)
        lost = flags & 0x80 != 0 ? bytes.uint32(at: start + 12) : nil
        duplicates = flags & 0x40 != 0 ? bytes.uint32(at: start + 16) : nil
        jitter =
            flags & 0x20 != 0
            ? Jitter(
                minimum: bytes.uint32(at: start + 20), maximum: bytes.uint32(at: start + 24),
                mean: bytes.uint32(at: start + 28), deviation: bytes.uint32(at: start + 32))
            : nil
        let (low, high) = (bytes[start + 36], bytes[start + 37])
        ttlRange = flags & 0x18 != 0 && low <= high ? low...high : nil
    }
}
