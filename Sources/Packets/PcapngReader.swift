// SPDX-License-Identifier: Apache-2.0

import Octets
import Timekeeping

/// Reads the capture format pcapng, a window of bytes at a time
/// (draft-ietf-opsawg-pcapng).
///
/// A file is a row of blocks, each with its length at both ends:
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// |                           block type                          |
/// +---------------------------------------------------------------+
/// |               total length, a multiple of 4, >= 12            |
/// +---------------------------------------------------------------+
/// |                       body, then options                      |
/// +---------------------------------------------------------------+
/// |                       total length again                      |
/// +---------------------------------------------------------------+
/// ```
/// A section header sets the byte order and forgets the interfaces; interface blocks name link
/// type and time unit; packets refer to interfaces by their number in the section.
struct PcapngReader {
    /// The longest block of a kind that is read; it must be whole in a window.
    ///
    /// Twice the longest frame leaves as much again for options.
    static let longestBlock = 2 * CapturedRecord.longest
    /// How many interfaces one section may have.
    ///
    /// Chosen: a capture on every VLAN there can be.
    static let interfaceLimit = 4_096

    /// An interface of the current section.
    struct Interface {
        var linkType: LinkType
        var snapLength: Int
        var time = PcapngTime()
        var drops = CaptureTally.ReportedDrops()
    }

    private enum BlockType {
        static let sectionHeader: UInt32 = 0x0a0d_0d0a
        static let interface: UInt32 = 1
        static let obsoletePacket: UInt32 = 2
        static let simplePacket: UInt32 = 3
        static let nameResolution: UInt32 = 4
        static let statistics: UInt32 = 5
        static let enhancedPacket: UInt32 = 6

        static func isRead(_ type: UInt32) -> Bool {
            type == sectionHeader || type <= enhancedPacket && type != 0 && type != nameResolution
        }
    }

    private(set) var interfaces: [Interface] = []
    /// How many interfaces all earlier sections had together.
    private var earlierInterfaces: UInt32 = 0
    /// What the interfaces of earlier sections reported.
    private var earlierDrops = CaptureTally.ReportedDrops()
    private var isBigEndian = false
    private var hasSection = false
    private let isSalvaging: Bool
    /// The rest of a block that is passed over, and its total length.
    private var passing: (rest: Int, total: Int)?
    /// The damage that is being skipped, and how much of it already was.
    private var damage: (fault: CaptureFault, bytes: UInt64)?

    init(salvage: Bool) {
        isSalvaging = salvage
    }

    /// Reads blocks from the front of `window`; see `CaptureReader.read`.
    ///
    /// - Parameter position: Where the window begins in the file.
    mutating func read(
        _ window: Span<UInt8>, at position: UInt64, isLast: Bool,
        into records: inout [CapturedRecord], limit: Int, tally: inout CaptureTally
    ) throws(CaptureFault) -> Int {
        var offset = 0
        if damage != nil {
            let (next, isFound) = skipDamage(window, from: 0, isLast: isLast, &tally)
            guard isFound else { return next }
            offset = next
        }
        while records.count < limit {
            let step: Int
            do throws(ParseFault) {
                step = try readBlock(window, at: offset, into: &records, tally: &tally)
            } catch let problem {
                // What was read before the damage is handed out first.
                guard records.isEmpty else { return offset }
                let fault = CaptureFault(
                    frame: interfaces.isEmpty ? 0 : tally.frames + 1,
                    byte: position + UInt64(offset) - passed, problem: .malformed(problem))
                guard isSalvaging, !interfaces.isEmpty else { throw fault }
                damage = (fault, 0)
                return skipDamage(window, from: offset, isLast: isLast, &tally).next
            }
            guard step > 0 else { break }
            offset += step
        }
        guard isLast, records.count < limit, offset < window.count || passing != nil
        else { return offset }
        let needed = passing?.total ?? neededLength(window, at: offset)
        let had = window.count - offset + Int(passed)
        guard hasSection else {
            let problem = ParseFault(
                .truncated, .pcapng, "header", offset: 0, needed: needed, had: had)
            throw CaptureFault(frame: 0, byte: 0, problem: .malformed(problem))
        }
        tally.add(
            .truncated(
                frame: tally.frames + 1, byte: position + UInt64(offset) - passed, had: had,
                needed: needed))
        passing = nil
        return window.count
    }

    /// How much of the block that is passed over lies behind.
    private var passed: UInt64 { passing.map { UInt64($0.total - $0.rest) } ?? 0 }

    private func neededLength(_ window: Span<UInt8>, at offset: Int) -> Int {
        guard window.count - offset >= 12 else { return hasSection ? 12 : 28 }
        return Int(number(window, offset + 4))
    }

    /// Reads one block: how many bytes it took, or 0 if it is not whole in the window.
    private mutating func readBlock(
        _ window: Span<UInt8>, at offset: Int, into records: inout [CapturedRecord],
        tally: inout CaptureTally
    ) throws(ParseFault) -> Int {
        if passing != nil { return try passOver(window, from: offset) }
        guard window.count - offset >= 12 else { return 0 }
        let type = number(window, offset)
        if type == BlockType.sectionHeader { try readByteOrder(window, at: offset) }
        let total = Int(number(window, offset + 4))
        guard total >= 12, total % 4 == 0 else {
            throw PcapngReader.fault(.invalid, "block total length", at: 4, needed: 12, had: total)
        }
        guard BlockType.isRead(type) else {
            tally.otherBlocks += 1
            passing = (total, total)
            return try passOver(window, from: offset)
        }
        guard total <= PcapngReader.longestBlock else {
            throw PcapngReader.fault(
                .overLimit, "block total length", at: 4, needed: PcapngReader.longestBlock,
                had: total)
        }
        guard total <= window.count - offset else { return 0 }
        let block = window.extracting(offset..<offset + total)
        try checkEnd(block, total: total)
        switch type {
        case BlockType.enhancedPacket:
            try readEnhancedPacket(block, at: offset, into: &records, &tally)
        case BlockType.simplePacket:
            try readSimplePacket(block, at: offset, into: &records, &tally)
        case BlockType.obsoletePacket:
            try readObsoletePacket(block, at: offset, into: &records, &tally)
        case BlockType.interface: try readInterface(block, &tally)
        case BlockType.statistics: try readStatistics(block, &tally)
        default: try readSectionHeader(block)
        }
        return total
    }

    @inline(__always)
    private func number(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
        let bits = bytes.littleEndian32(at: offset)
        return isBigEndian ? bits.byteSwapped : bits
    }

    private func shortNumber(_ bytes: Span<UInt8>, _ offset: Int) -> UInt16 {
        let bits = bytes.littleEndian16(at: offset)
        return isBigEndian ? bits.byteSwapped : bits
    }

    private static func fault(
        _ kind: ParseFault.Kind, _ field: String, at offset: Int, needed: Int, had: Int
    ) -> ParseFault {
        ParseFault(kind, .pcapng, field, offset: offset, needed: needed, had: had)
    }

    private func checkEnd(_ block: Span<UInt8>, total: Int) throws(ParseFault) {
        let again = Int(number(block, block.count - 4))
        guard again == total else {
            throw PcapngReader.fault(
                .invalid, "block total length at its end", at: total - 4, needed: total,
                had: again)
        }
    }

    /// Passes over a block that is not read, which may be longer than any window.
    ///
    /// Its last four bytes are a step of their own: where damage is found must not depend on
    /// how the bytes came.
    private mutating func passOver(
        _ window: Span<UInt8>, from offset: Int
    ) throws(ParseFault) -> Int {
        guard let (rest, total) = passing else { return 0 }
        let available = window.count - offset
        if rest > 4 {
            let step = min(available, rest - 4)
            passing = (rest - step, total)
            return step
        }
        guard available >= rest else { return 0 }
        try checkEnd(window.extracting(offset..<offset + rest), total: total)
        passing = nil
        return rest
    }

    // MARK: - Sections and interfaces

    private mutating func readByteOrder(
        _ window: Span<UInt8>, at offset: Int
    ) throws(ParseFault) {
        switch window.uint32(at: offset + 8) {
        case 0x1a2b_3c4d: isBigEndian = true
        case 0x4d3c_2b1a: isBigEndian = false
        case let magic:
            throw PcapngReader.fault(
                .invalid, "byte-order magic", at: 8, needed: 0x1a2b_3c4d, had: Int(magic))
        }
    }

    private mutating func readSectionHeader(_ block: Span<UInt8>) throws(ParseFault) {
        guard block.count >= 28 else {
            throw PcapngReader.fault(
                .invalid, "section header length", at: 4, needed: 28, had: block.count)
        }
        let major = shortNumber(block, 12)
        guard major == 1 else {
            throw PcapngReader.fault(
                .unsupported, "major version", at: 12, needed: 1, had: Int(major))
        }
        earlierInterfaces &+= UInt32(interfaces.count)
        earlierDrops = interfaces.reduce(into: earlierDrops) { $0.add($1.drops) }
        interfaces.removeAll(keepingCapacity: true)
        hasSection = true
    }

    private mutating func readInterface(
        _ block: Span<UInt8>, _ tally: inout CaptureTally
    ) throws(ParseFault) {
        guard block.count >= 20 else {
            throw PcapngReader.fault(
                .invalid, "interface block length", at: 4, needed: 20, had: block.count)
        }
        guard interfaces.count < PcapngReader.interfaceLimit else {
            throw PcapngReader.fault(
                .overLimit, "number of interfaces", at: 0,
                needed: PcapngReader.interfaceLimit, had: interfaces.count + 1)
        }
        var interface = Interface(
            linkType: LinkType(number: shortNumber(block, 8)),
            snapLength: Int(number(block, 12)))
        let isWhole = readOptions(block, from: 16) { code, value in
            switch (code, value.count) {
            case (9, 1): interface.time.setResolution(value[0])
            case (14, 8):
                interface.time.setOffset(seconds: Int64(bitPattern: longNumber(value, 0)))
            default: break
            }
        }
        if !isWhole { tally.brokenOptions += 1 }
        interfaces.append(interface)
    }

    private mutating func readStatistics(
        _ block: Span<UInt8>, _ tally: inout CaptureTally
    ) throws(ParseFault) {
        guard block.count >= 24 else {
            throw PcapngReader.fault(
                .invalid, "statistics block length", at: 4, needed: 24, had: block.count)
        }
        let index = try interfaceIndex(number(block, 8))
        var drops = interfaces[index].drops
        let isWhole = readOptions(block, from: 20) { code, value in
            switch (code, value.count) {
            case (5, 8): drops.interface = longNumber(value, 0)
            case (7, 8): drops.operatingSystem = longNumber(value, 0)
            default: break
            }
        }
        if !isWhole { tally.brokenOptions += 1 }
        interfaces[index].drops = drops
        let between = tally.drops.betweenFrames
        tally.drops = interfaces.reduce(into: earlierDrops) { $0.add($1.drops) }
        tally.drops.betweenFrames = between
    }

    private func longNumber(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
        let (first, second) = (number(bytes, offset), number(bytes, offset + 4))
        return isBigEndian
            ? UInt64(first) << 32 | UInt64(second) : UInt64(second) << 32 | UInt64(first)
    }

    private func interfaceIndex(_ identifier: UInt32) throws(ParseFault) -> Int {
        guard identifier < UInt32(interfaces.count) else {
            throw PcapngReader.fault(
                .invalid, "interface", at: 8, needed: interfaces.count - 1, had: Int(identifier))
        }
        return Int(identifier)
    }

    /// Calls `body` with each option; false if one runs past the end of the block.
    private func readOptions(
        _ block: Span<UInt8>, from start: Int, _ body: (UInt16, Span<UInt8>) -> Void
    ) -> Bool {
        let end = block.count - 4
        var offset = start
        while end - offset >= 4 {
            let code = shortNumber(block, offset)
            let length = Int(shortNumber(block, offset + 2))
            if code == 0 { return true }
            guard length <= end - offset - 4 else { return false }
            body(code, block.extracting(offset + 4..<offset + 4 + length))
            offset += 4 + (length + 3) / 4 * 4
        }
        return true
    }

    // MARK: - Packets

    /// ```
    /// +---------------------------------------------------------------+
    /// |                           interface                           |  8
    /// +---------------------------------------------------------------+
    /// |                     timestamp, upper half                     |  12
    /// +---------------------------------------------------------------+
    /// |                     timestamp, lower half                     |  16
    /// +---------------------------------------------------------------+
    /// |                        captured length                        |  20
    /// +---------------------------------------------------------------+
    /// |                        original length                        |  24
    /// +---------------------------------------------------------------+
    /// |             bytes, filled up to a multiple of four            |  28
    /// +---------------------------------------------------------------+
    /// ```
    private func readEnhancedPacket(
        _ block: Span<UInt8>, at offset: Int, into records: inout [CapturedRecord],
        _ tally: inout CaptureTally
    ) throws(ParseFault) {
        try requirePacket(block, 32)
        try append(
            block, at: offset, interface: number(block, 8), into: &records, &tally)
        let options = 28 + (Int(number(block, 20)) + 3) / 4 * 4
        guard block.count - options > 8 else { return }
        let isWhole = readOptions(block, from: options) { code, value in
            if code == 4, value.count == 8 {
                tally.drops.betweenFrames &+= longNumber(value, 0)
            }
        }
        if !isWhole { tally.brokenOptions += 1 }
    }

    /// As the enhanced packet, with 16 bits of interface and 16 of drops in the first word.
    private func readObsoletePacket(
        _ block: Span<UInt8>, at offset: Int, into records: inout [CapturedRecord],
        _ tally: inout CaptureTally
    ) throws(ParseFault) {
        try requirePacket(block, 32)
        try append(
            block, at: offset, interface: UInt32(shortNumber(block, 8)), into: &records, &tally)
        let drops = shortNumber(block, 10)
        if drops != 0xffff { tally.drops.betweenFrames &+= UInt64(drops) }
    }

    private func readSimplePacket(
        _ block: Span<UInt8>, at offset: Int, into records: inout [CapturedRecord],
        _ tally: inout CaptureTally
    ) throws(ParseFault) {
        try requirePacket(block, 16)
        let interface = interfaces[try interfaceIndex(0)]
        let original = Int(number(block, 8))
        var captured = min(original, block.count - 16)
        if interface.snapLength > 0 { captured = min(captured, interface.snapLength) }
        guard captured <= CapturedRecord.longest else {
            throw PcapngReader.fault(
                .overLimit, "captured length", at: 4, needed: CapturedRecord.longest,
                had: captured)
        }
        tally.frames += 1
        tally.untimed += 1
        records.append(
            CapturedRecord(
                offset: offset + 12, capturedLength: captured, originalLength: original,
                arrival: tally.lastArrival ?? Instant(nanoseconds: 0),
                frameNumber: tally.frames, interface: earlierInterfaces,
                linkType: interface.linkType))
    }

    private func requirePacket(_ block: Span<UInt8>, _ length: Int) throws(ParseFault) {
        guard block.count >= length else {
            throw PcapngReader.fault(
                .invalid, "packet block length", at: 4, needed: length, had: block.count)
        }
    }

    /// Adds the packet of a block whose fields stand where the enhanced packet has them.
    @inline(__always)
    private func append(
        _ block: Span<UInt8>, at offset: Int, interface identifier: UInt32,
        into records: inout [CapturedRecord], _ tally: inout CaptureTally
    ) throws(ParseFault) {
        let index = try interfaceIndex(identifier)
        let (captured, original) = (Int(number(block, 20)), Int(number(block, 24)))
        guard captured <= min(CapturedRecord.longest, block.count - 32) else {
            throw PcapngReader.fault(
                .overLimit, "captured length", at: 20,
                needed: min(CapturedRecord.longest, block.count - 32), had: captured)
        }
        guard captured <= original else {
            throw PcapngReader.fault(
                .overLimit, "captured length beyond the original", at: 20, needed: original,
                had: captured)
        }
        let units = UInt64(number(block, 12)) << 32 | UInt64(number(block, 16))
        let arrival = interfaces[index].time.instant(units)
        let promised = interfaces[index].snapLength
        if promised > 0, captured > promised { tally.beyondSnapLength += 1 }
        if let latest = tally.lastArrival, arrival < latest { tally.backwards += 1 }
        tally.lastArrival = arrival
        tally.frames += 1
        records.append(
            CapturedRecord(
                offset: offset + 28, capturedLength: captured, originalLength: original,
                arrival: arrival, frameNumber: tally.frames,
                interface: earlierInterfaces &+ UInt32(index),
                linkType: interfaces[index].linkType))
    }
}

// MARK: - Salvage

extension PcapngReader {
    /// Looks for the next block that looks sound: where it begins, or how much is certainly
    /// damage if it must be looked for again with more bytes.
    private mutating func skipDamage(
        _ window: Span<UInt8>, from start: Int, isLast: Bool, _ tally: inout CaptureTally
    ) -> (next: Int, isFound: Bool) {
        passing = nil
        var offset = start + (damage?.bytes == 0 ? 1 : 0)
        var isFound = false
        search: while window.count - offset >= 12 {
            switch isSound(window, at: offset) {
            case true?:
                isFound = true
                break search
            case false?: offset += 1
            case nil:
                guard isLast else { break search }
                offset += 1
            }
        }
        if isLast, !isFound { offset = window.count }
        damage?.bytes += UInt64(offset - start)
        tally.skippedBytes += UInt64(offset - start)
        if isFound || isLast, let damage {
            tally.add(.skipped(damage.fault, bytes: damage.bytes))
            self.damage = nil
        }
        return (offset, isFound)
    }

    /// Whether a packet or statistics block, or a section header, with equal lengths at both
    /// ends begins here; nil if its end is not in the window.
    private func isSound(_ window: Span<UInt8>, at offset: Int) -> Bool? {
        let type = number(window, offset)
        let total = Int(number(window, offset + 4))
        guard BlockType.isRead(type), total >= 16, total % 4 == 0,
            total <= PcapngReader.longestBlock
        else { return false }
        guard total <= window.count - offset else { return nil }
        return Int(number(window, offset + total - 4)) == total
    }
}

extension CaptureTally.ReportedDrops {
    /// Adds what another interface reported.
    mutating func add(_ other: CaptureTally.ReportedDrops) {
        operatingSystem &+= other.operatingSystem
        interface &+= other.interface
        betweenFrames &+= other.betweenFrames
    }
}
