// SPDX-License-Identifier: Apache-2.0

/// What is wrong with compiled zone data, and where.
public struct ZoneFault: Error, Hashable, Sendable {
    /// What kind of wrong.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Fewer bytes than the structure takes; `needed` and `had` are byte counts.
        case truncated
        /// A value that RFC 9636 does not allow; `had` is the value.
        case invalid
        /// A value that RFC 9636 allows and Kuzet does not read; `had` is the value.
        case unsupported
        /// More than Kuzet's own limit; `had` is the value, `needed` the limit.
        case overLimit = "over-limit"
    }

    /// What kind of wrong.
    public let kind: Kind
    /// The field, in the words of RFC 9636 section 3.
    public let field: String
    /// Where the field begins: octets from the start.
    public let offset: Int
    /// What was needed; see `kind`.
    public let needed: Int
    /// What was there; see `kind`.
    public let had: Int

    init(_ kind: Kind, _ field: String, at offset: Int, needed: Int = 0, had: Int) {
        self.kind = kind
        self.field = field
        self.offset = offset
        self.needed = needed
        self.had = had
    }
}

extension ZoneFault: CustomStringConvertible {
    /// One line: field, offset, found and expected.
    public var description: String {
        let finding =
            switch kind {
            case .truncated: "truncated (got \(had) bytes; expected \(needed))"
            case .invalid: "invalid (got \(had))"
            case .unsupported: "not supported (got \(had))"
            case .overLimit: "over the limit (got \(had); expected at most \(needed))"
            }
        return "tzif: \(field) at byte \(offset): \(finding)"
    }
}

extension ZoneRules {
    /// Octets of a file: the largest of tzdata has below 4,000, in its long form (chosen).
    public static let largestFile = 65_536
    /// Changes on record: tzdata has at most some 240 (chosen).
    static let mostTransitions = 4000
    /// Octets of an abbreviation: RFC 9636 advises 6 (chosen).
    static let longestAbbreviation = 16
    /// Octets of the rule for the future; tzdata has at most some 50 (chosen).
    static let longestFooter = 256

    /// Reads compiled zone data, versions 1 to 4 (RFC 9636), of the zone `name`.
    ///
    /// From version 2 on, the 64-bit data and the rule behind them are read; version 1 has neither.
    /// Data that count leap seconds are refused: an `Instant` does not.
    public static func parse(
        name: String, version: String, tzif octets: Span<UInt8>
    ) throws(ZoneFault) -> ZoneRules {
        guard octets.count <= largestFile else {
            throw ZoneFault(
                .overLimit, "file", at: 0, needed: largestFile, had: octets.count)
        }
        let first = try TZifHeader(octets, at: 0)
        guard first.version >= 2 else {
            return try TZifBlock(octets, first, timeSize: 4)
                .rules(name: name, version: version, footer: nil)
        }
        let second = try TZifHeader(octets, at: first.end(timeSize: 4))
        let block = try TZifBlock(octets, second, timeSize: 8)
        let footer = try footer(octets, at: second.end(timeSize: 8))
        return try block.rules(name: name, version: version, footer: footer)
    }

    /// The rule between two line feeds; nil if it is empty.
    private static func footer(
        _ octets: Span<UInt8>, at start: Int
    ) throws(ZoneFault) -> ZoneFooter? {
        guard start < octets.count else {
            throw ZoneFault(.truncated, "footer", at: start, needed: 2, had: 0)
        }
        guard octets[start] == UInt8(ascii: "\n") else {
            throw ZoneFault(.invalid, "footer", at: start, had: Int(octets[start]))
        }
        var text = ""
        for index in start + 1..<octets.count {
            let octet = octets[index]
            if octet == UInt8(ascii: "\n") {
                guard !text.isEmpty else { return nil }
                guard let footer = ZoneFooter(parsing: text) else {
                    throw ZoneFault(.invalid, "TZ string", at: start + 1, had: text.utf8.count)
                }
                return footer
            }
            guard octet >= 0x20, octet < 0x7F else {
                throw ZoneFault(.invalid, "TZ string", at: index, had: Int(octet))
            }
            text.unicodeScalars.append(Unicode.Scalar(octet))
            guard text.utf8.count <= longestFooter else {
                throw ZoneFault(
                    .overLimit, "TZ string", at: start + 1, needed: longestFooter,
                    had: text.utf8.count)
            }
        }
        throw ZoneFault(
            .truncated, "footer", at: start, needed: text.utf8.count + 2,
            had: octets.count - start)
    }
}

/// The header of one data block (RFC 9636 section 3.1).
///
/// ```
/// +---------------+---+
/// |  magic    (4) |ver|
/// +---------------+---+---------------------------------------+
/// |           [unused - reserved for future use] (15)         |
/// +---------------+---------------+---------------+-----------+
/// |  isutcnt  (4) |  isstdcnt (4) |  leapcnt  (4) |
/// +---------------+---------------+---------------+
/// |  timecnt  (4) |  typecnt  (4) |  charcnt  (4) |
/// +---------------+---------------+---------------+
/// ```
private struct TZifHeader {
    static let size = 44

    let start: Int
    /// 1 to 4.
    let version: Int
    let isUTCount: Int
    let isStandardCount: Int
    let leapCount: Int
    let timeCount: Int
    let typeCount: Int
    let charCount: Int

    init(_ octets: Span<UInt8>, at start: Int) throws(ZoneFault) {
        guard start <= octets.count, octets.count - start >= TZifHeader.size else {
            throw ZoneFault(
                .truncated, "header", at: start, needed: TZifHeader.size,
                had: max(0, octets.count - start))
        }
        let magic = octets.number(at: start, size: 4)
        guard magic == 0x545A_6966 else {  // TZif
            throw ZoneFault(.invalid, "magic", at: start, had: Int(magic))
        }
        let version = Int(octets[start + 4])
        switch version {
        case 0: self.version = 1
        case 0x32...0x34: self.version = version - 0x30
        default:
            // Later versions are to be readable as version 4 (RFC 9636 section 3.1), but what
            // they add is not known.
            let kind: ZoneFault.Kind = version > 0x34 ? .unsupported : .invalid
            throw ZoneFault(kind, "ver", at: start + 4, had: version)
        }
        self.start = start
        let counts = (0..<6).map { Int(octets.number(at: start + 20 + 4 * $0, size: 4)) }
        (isUTCount, isStandardCount, leapCount) = (counts[0], counts[1], counts[2])
        (timeCount, typeCount, charCount) = (counts[3], counts[4], counts[5])
        try check("typecnt", typeCount, at: 36, 1...256)
        try check("charcnt", charCount, at: 40, 1...4096)
        try check("timecnt", timeCount, at: 32, 0...ZoneRules.mostTransitions)
        try check("leapcnt", leapCount, at: 28, 0...1000)
        for (field, count, place) in [
            ("isutcnt", isUTCount, 20), ("isstdcnt", isStandardCount, 24),
        ] where count != 0 && count != typeCount {
            throw ZoneFault(.invalid, field, at: start + place, needed: typeCount, had: count)
        }
    }

    private func check(
        _ field: String, _ count: Int, at place: Int, _ allowed: ClosedRange<Int>
    ) throws(ZoneFault) {
        guard !allowed.contains(count) else { return }
        throw ZoneFault(
            count > allowed.upperBound ? .overLimit : .invalid, field, at: start + place,
            needed: allowed.upperBound, had: count)
    }

    /// Where the block behind this header ends, if its times take `timeSize` octets.
    func end(timeSize: Int) -> Int {
        start + TZifHeader.size + timeCount * (timeSize + 1) + typeCount * 6 + charCount
            + leapCount * (timeSize + 4) + isStandardCount + isUTCount
    }
}

/// The data behind a header (RFC 9636 section 3.2).
private struct TZifBlock {
    private struct LocalType {
        var offset: Int
        var isDaylight: Bool
        var abbreviation: String
    }

    private var types: [LocalType] = []
    /// In the order of time: seconds since the epoch, and the index of a type.
    private var changes: [(at: Int64, type: Int)] = []

    init(_ octets: Span<UInt8>, _ header: TZifHeader, timeSize: Int) throws(ZoneFault) {
        let start = header.start + TZifHeader.size
        let end = header.end(timeSize: timeSize)
        guard end <= octets.count else {
            throw ZoneFault(
                .truncated, "data block", at: start, needed: end - start,
                had: octets.count - start)
        }
        guard header.leapCount == 0 else {
            throw ZoneFault(
                .unsupported, "leapcnt", at: header.start + 28, had: header.leapCount)
        }
        let typeIndexes = start + header.timeCount * timeSize
        let records = typeIndexes + header.timeCount
        let names = records + header.typeCount * 6
        for index in 0..<header.typeCount {
            let place = records + index * 6
            types.append(
                try TZifBlock.type(octets, at: place, names: names, count: header.charCount))
        }
        for index in 0..<header.timeCount {
            let place = start + index * timeSize
            let at = octets.number(at: place, size: timeSize)
            let type = Int(octets[typeIndexes + index])
            guard type < header.typeCount else {
                throw ZoneFault(
                    .invalid, "transition type", at: typeIndexes + index,
                    needed: header.typeCount - 1, had: type)
            }
            if let last = changes.last, last.at >= at {
                throw ZoneFault(.invalid, "transition time", at: place, had: Int(at))
            }
            changes.append((at, type))
        }
    }

    private static func type(
        _ octets: Span<UInt8>, at place: Int, names: Int, count: Int
    ) throws(ZoneFault) -> LocalType {
        let offset = Int(octets.number(at: place, size: 4))
        // RFC 9636 section 3.2 advises these bounds; what lies beyond is no zone on Earth.
        guard (-89_999...93_599).contains(offset) else {
            throw ZoneFault(.invalid, "utoff", at: place, had: offset)
        }
        let isDaylight = octets[place + 4]
        guard isDaylight <= 1 else {
            throw ZoneFault(.invalid, "isdst", at: place + 4, had: Int(isDaylight))
        }
        let desigidx = Int(octets[place + 5])
        var text = ""
        var end = desigidx
        while end < count, octets[names + end] != 0 {
            let scalar = Unicode.Scalar(octets[names + end])
            let isAllowed =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || scalar == "+" || scalar == "-")
            guard isAllowed, text.utf8.count < ZoneRules.longestAbbreviation else {
                throw ZoneFault(
                    .invalid, "time zone designation", at: names + end, had: Int(scalar.value))
            }
            text.unicodeScalars.append(scalar)
            end += 1
        }
        guard end < count else {
            throw ZoneFault(.invalid, "desigidx", at: place + 5, needed: count - 1, had: desigidx)
        }
        return LocalType(offset: offset, isDaylight: isDaylight == 1, abbreviation: text)
    }

    /// The rules told by this block and `footer`.
    func rules(
        name: String, version: String, footer: ZoneFooter?
    ) throws(ZoneFault) -> ZoneRules {
        var first = types[0]
        var later: [ZoneRules.Transition] = []
        var footer = footer
        for (at, index) in changes {
            let (type, instant) = (types[index], Instant(seconds: at))
            if instant.nanoseconds == .min {
                first = type  // It happened before time as we tell it.
            } else if instant.nanoseconds == .max {
                footer = nil  // It never happens, nor does what comes after it.
            } else {
                later.append(transition(at: instant, type))
            }
        }
        return ZoneRules(
            name: name, version: version, first: transition(at: Instant(nanoseconds: .min), first),
            later: later, footer: footer)
    }

    private func transition(at instant: Instant, _ type: LocalType) -> ZoneRules.Transition {
        ZoneRules.Transition(
            at: instant, offset: type.offset, isDaylight: type.isDaylight,
            abbreviation: type.abbreviation)
    }
}

extension Span where Element == UInt8 {
    /// The big-endian signed number of `size` octets (1 to 8) at `offset`.
    fileprivate func number(at offset: Int, size: Int) -> Int64 {
        var bits: UInt64 = 0
        for index in offset..<offset + size { bits = bits << 8 | UInt64(self[index]) }
        let unused = 64 - 8 * size
        return Int64(bitPattern: bits << UInt64(unused)) >> Int64(unused)
    }
}
