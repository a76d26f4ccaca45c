// SPDX-License-Identifier: Apache-2.0

import Octets
import Timekeeping

/// Reads the classic capture format, a window of bytes at a time.
///
/// The file begins with 24 bytes:
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// | magic: a1b2c3d4 (microseconds) or a1b23c4d (nanoseconds)      |
/// +-------------------------------+-------------------------------+
/// |       major version: 2        |       minor version: 4        |
/// +-------------------------------+-------------------------------+
/// |                       reserved, 8 bytes                       |
/// +---------------------------------------------------------------+
/// |                          snap length                          |
/// +-------------------------------+-------------------------------+
/// |         about the FCS         |           link type           |
/// +-------------------------------+-------------------------------+
/// ```
/// and each record with 16:
///
/// ```
/// +---------------------------------------------------------------+
/// |                     seconds since the epoch                   |
/// +---------------------------------------------------------------+
/// |                  microseconds or nanoseconds                  |
/// +---------------------------------------------------------------+
/// |                        captured length                        |
/// +---------------------------------------------------------------+
/// |                        original length                        |
/// +---------------------------------------------------------------+
/// ```
/// in the byte order of the magic. (draft-ietf-opsawg-pcap.)
struct PcapReader {
    static let headerLength = 24
    static let recordHeaderLength = 16

    /// What a record may state at most, whatever the snap length: files written with a wrong
    /// snap length are common, and a packet of IP is never longer than this.
    static let lengthAlwaysTaken = 65_535

    let linkType: LinkType
    let snapLength: Int
    private let isSwapped: Bool
    private let isNano: Bool
    private let isSalvaging: Bool
    /// The damage that is being skipped, and how much of it already was.
    private var damage: (fault: CaptureFault, bytes: UInt64)?

    /// Reads the header of the file, of which `window` holds at least 24 bytes.
    init(header window: Span<UInt8>, salvage: Bool) throws(CaptureFault) {
        guard window.count >= PcapReader.headerLength else {
            throw PcapReader.headerFault(
                .truncated, "header", needed: PcapReader.headerLength, had: window.count)
        }
        let magic = window.littleEndian32(at: 0)
        isSwapped = magic == 0xd4c3_b2a1 || magic == 0x4d3c_b2a1
        isNano = magic == 0xa1b2_3c4d || magic == 0x4d3c_b2a1
        let swap = isSwapped
        let number = { (bits: UInt32) in swap ? bits.byteSwapped : bits }
        let version = number(window.littleEndian32(at: 4))
        let (major, minor) =
            swap
            ? (version >> 16, version & 0xffff) : (version & 0xffff, version >> 16)
        // Before 2.4 the two lengths of a record stood in the other order (until 1998).
        guard major == 2, minor >= 4 else {
            throw PcapReader.headerFault(
                .unsupported, "version", needed: 2, had: Int(major))
        }
        snapLength = Int(number(window.littleEndian32(at: 16)))
        linkType = LinkType(
            number: UInt16(truncatingIfNeeded: number(window.littleEndian32(at: 20))))
        isSalvaging = salvage
        guard linkType.isSupported else {
            throw CaptureFault(frame: 0, byte: 0, problem: .linkType(linkType))
        }
    }

    private static func headerFault(
        _ kind: ParseFault.Kind, _ field: String, needed: Int, had: Int
    ) -> CaptureFault {
        CaptureFault(
            frame: 0, byte: 0,
            problem: .malformed(ParseFault(kind, .pcap, field, offset: 0, needed: needed, had: had))
        )
    }

    /// The longest record that is taken: see `lengthAlwaysTaken`.
    private var lengthLimit: Int {
        snapLength == 0 || snapLength >= CapturedRecord.longest
            ? CapturedRecord.longest : max(snapLength, PcapReader.lengthAlwaysTaken)
    }

    /// Reads records from the front of `window`; see `CaptureReader.read`.
    ///
    /// - Parameter position: Where the window begins in the file.
    mutating func read(
        _ window: Span<UInt8>, at position: UInt64, isLast: Bool,
        into records: inout [CapturedRecord], limit: Int, tally: inout CaptureTally
    ) throws(CaptureFault) -> Int {
        var start = 0
        if damage != nil {
            let (next, isFound) = skipDamage(window, from: 0, isLast: isLast, &tally)
            guard isFound else { return next }
            start = next
        }
        let (offset, fault) = readSound(
            window, from: start, at: position, into: &records, limit: limit, tally: &tally)
        if let fault {
            // What was read before the damage is handed out first.
            guard records.isEmpty else { return offset }
            guard isSalvaging else { throw fault }
            damage = (fault, 0)
            return skipDamage(window, from: offset, isLast: isLast, &tally).next
        }
        guard isLast, records.count < limit, offset < window.count else { return offset }
        let rest = window.count - offset
        var needed = PcapReader.recordHeaderLength
        if rest >= needed { needed += fields(window, at: offset).captured }
        tally.add(
            .truncated(
                frame: tally.frames + 1, byte: position + UInt64(offset), had: rest,
                needed: needed))
        return window.count
    }

    private struct Fields {
        var seconds: UInt32
        var fraction: UInt32
        var captured: Int
        var original: Int
    }

    @inline(__always)
    private func fields(_ window: Span<UInt8>, at offset: Int) -> Fields {
        let times = window.littleEndian64(at: offset)
        let lengths = window.littleEndian64(at: offset &+ 8)
        let (first, second) = (
            UInt32(truncatingIfNeeded: times), UInt32(truncatingIfNeeded: times &>> 32)
        )
        let (third, fourth) = (
            UInt32(truncatingIfNeeded: lengths), UInt32(truncatingIfNeeded: lengths &>> 32)
        )
        guard isSwapped else {
            return Fields(
                seconds: first, fraction: second, captured: Int(third), original: Int(fourth))
        }
        return Fields(
            seconds: first.byteSwapped, fraction: second.byteSwapped,
            captured: Int(third.byteSwapped), original: Int(fourth.byteSwapped))
    }

    /// Reads records until one is not whole in the window, is damaged, or enough are read.
    private func readSound(
        _ window: Span<UInt8>, from start: Int, at position: UInt64,
        into records: inout [CapturedRecord], limit: Int, tally: inout CaptureTally
    ) -> (offset: Int, fault: CaptureFault?) {
        var offset = start
        var fault: CaptureFault?
        records.append(addingCapacity: limit - records.count) { records in
            offset = readSound(
                window, from: start, at: position, into: &records, tally: &tally, fault: &fault)
        }
        return (offset, fault)
    }

    private func readSound(
        _ window: Span<UInt8>, from start: Int, at position: UInt64,
        into records: inout OutputSpan<CapturedRecord>, tally: inout CaptureTally,
        fault: inout CaptureFault?
    ) -> Int {
        var offset = start
        var frame = tally.frames
        var latest = tally.lastArrival?.nanoseconds ?? .min
        defer {
            tally.frames = frame
            if latest != .min { tally.lastArrival = Instant(nanoseconds: latest) }
        }
        let (unit, units): (Int64, UInt32) = isNano ? (1, 1_000_000_000) : (1_000, 1_000_000)
        let lengthLimit = self.lengthLimit
        let promised = snapLength == 0 ? Int.max : snapLength
        let linkNumber = linkType.number
        // Sums below cannot overflow: lengths are of 32 bits, offsets of a window's size.
        while true {
            if !isSwapped {
                offset = readOrdinary(window, from: offset, &records, &frame, &latest)
            }
            guard !records.isFull, window.count &- offset >= PcapReader.recordHeaderLength
            else { break }
            let fields = fields(window, at: offset)
            guard fields.captured <= lengthLimit, fields.captured <= fields.original else {
                let problem = lengthFault(fields, limit: lengthLimit)
                fault = CaptureFault(
                    frame: frame + 1, byte: position + UInt64(offset),
                    problem: .malformed(problem))
                break
            }
            let begin = offset &+ PcapReader.recordHeaderLength
            guard fields.captured <= window.count &- begin else { break }
            frame &+= 1
            guard fields.fraction < units else {
                refuse(fields, frame: frame, byte: position + UInt64(offset), units, &tally)
                offset = begin &+ fields.captured
                continue
            }
            offset = begin &+ fields.captured
            let arrival =
                Int64(fields.seconds) &* 1_000_000_000 &+ Int64(fields.fraction) &* unit
            if arrival < latest { tally.backwards += 1 }
            if fields.captured > promised { tally.beyondSnapLength += 1 }
            latest = arrival
            records.append(
                CapturedRecord(
                    offset: begin, capturedLength: fields.captured,
                    originalLength: fields.original, arrival: Instant(nanoseconds: arrival),
                    frameNumber: frame, linkNumber: linkNumber))
        }
        return offset
    }

    /// Reads records about which there is nothing to say, up to the first that is otherwise or
    /// not whole: a loop of its own, which nearly all records never leave.
    @inline(never)
    private func readOrdinary(
        _ window: Span<UInt8>, from start: Int, _ records: inout OutputSpan<CapturedRecord>,
        _ frame: inout UInt64, _ latest: inout Int64
    ) -> Int {
        let (unit, units): (Int64, UInt64) = isNano ? (1, 1_000_000_000) : (1_000, 1_000_000)
        let limit = UInt64(min(lengthLimit, snapLength == 0 ? Int.max : snapLength))
        let linkNumber = linkType.number
        let end = window.count
        guard start >= 0 else { return start }
        // In registers: what lies behind a reference is written again with every record.
        var last = latest
        var offset = start
        // The number of the next record, where `CapturedRecord` has it.
        var number = (frame &+ 1) &<< 32
        frame &+= records.appendWhile { () -> CapturedRecord? in
            guard offset <= end &- 16 else { return nil }
            let (times, lengths) = window.littleEndian64Pair(at: offset)
            let captured = lengths & 0xffff_ffff
            let begin = offset &+ 16
            let next = begin &+ Int(truncatingIfNeeded: captured)
            let fraction = times &>> 32
            let arrival =
                Int64(truncatingIfNeeded: times & 0xffff_ffff) &* 1_000_000_000
                &+ Int64(truncatingIfNeeded: fraction) &* unit
            guard captured <= limit, captured <= lengths &>> 32, next <= end, fraction < units,
                arrival >= last
            else { return nil }
            let record = CapturedRecord(
                lengths: lengths, place: UInt64(truncatingIfNeeded: begin) | number,
                arrival: Instant(nanoseconds: arrival), linkNumber: linkNumber)
            number &+= 1 << 32
            last = arrival
            offset = next
            return record
        }
        latest = last
        return offset
    }

    private func lengthFault(_ fields: Fields, limit: Int) -> ParseFault {
        fields.captured > limit
            ? ParseFault(
                .overLimit, .pcap, "captured length", offset: 8, needed: limit,
                had: fields.captured)
            : ParseFault(
                .overLimit, .pcap, "captured length beyond the original", offset: 8,
                needed: fields.original, had: fields.captured)
    }

    @inline(never)
    private func refuse(
        _ fields: Fields, frame: UInt64, byte: UInt64, _ units: UInt32,
        _ tally: inout CaptureTally
    ) {
        tally.refused += 1
        let fault = ParseFault(
            .overLimit, .pcap, "fraction of a second", offset: 4, needed: Int(units) - 1,
            had: Int(fields.fraction))
        tally.add(
            .refused(CaptureFault(frame: frame, byte: byte, problem: .malformed(fault))))
    }

    // MARK: - Salvage

    /// How far a record's time may lie from its predecessor's to be believed after damage: one
    /// day.
    ///
    /// Chosen; captures pause over nights, and a random number rarely fits.
    private static let believableStep: Int64 = 86_400

    /// Looks for the next record that looks sound: where it begins, or how much is certainly
    /// damage if it must be looked for again with more bytes.
    private mutating func skipDamage(
        _ window: Span<UInt8>, from start: Int, isLast: Bool, _ tally: inout CaptureTally
    ) -> (next: Int, isFound: Bool) {
        var offset = start + (damage?.bytes == 0 ? 1 : 0)
        var outcome = Plausibility.needsMore
        while offset < window.count {
            outcome = plausibility(window, at: offset, isLast: isLast, tally.lastArrival)
            guard outcome == .implausible else { break }
            offset += 1
        }
        let isFound = outcome == .plausible && offset < window.count
        if isLast, !isFound { offset = window.count }
        damage?.bytes += UInt64(offset - start)
        tally.skippedBytes += UInt64(offset - start)
        if isFound || isLast, let damage {
            tally.add(.skipped(damage.fault, bytes: damage.bytes))
            self.damage = nil
        }
        return (offset, isFound)
    }

    private enum Plausibility {
        case plausible
        case implausible
        case needsMore
    }

    /// Judges a record by its own header and by the header that would follow it.
    private func plausibility(
        _ window: Span<UInt8>, at offset: Int, isLast: Bool, _ latest: Instant?
    ) -> Plausibility {
        let headerLength = PcapReader.recordHeaderLength
        guard window.count - offset >= headerLength else { return .needsMore }
        let candidate = fields(window, at: offset)
        guard isPlausible(candidate, after: latest.map { $0.nanoseconds / 1_000_000_000 })
        else { return .implausible }
        let next = offset + headerLength + candidate.captured
        if isLast, next == window.count { return .plausible }
        guard window.count - next >= headerLength else {
            return isLast ? .implausible : .needsMore
        }
        return isPlausible(fields(window, at: next), after: Int64(candidate.seconds))
            ? .plausible : .implausible
    }

    private func isPlausible(_ fields: Fields, after seconds: Int64?) -> Bool {
        let step = seconds.map { abs(Int64(fields.seconds) - $0) } ?? 0
        return fields.captured > 0 && fields.captured <= lengthLimit
            && fields.captured <= fields.original && fields.original <= CapturedRecord.longest
            && fields.fraction < (isNano ? 1_000_000_000 : 1_000_000)
            && step <= PcapReader.believableStep
    }
}
