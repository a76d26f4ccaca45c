// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

/// How the texts of fields become values.
///
/// The type is the schema's, never a guess from how a text looks: `no` is a name where a name is
/// asked for, and no truth value where one is.
enum FieldRules {
    /// Letters of a name or address, at most (chosen).
    static let longestText = 200

    /// A text that people read: one line, no controls, composed (NFC).
    static func name(_ text: String) throws(ValueFault) -> String {
        let expected = "1 to \(longestText) letters on one line"
        var (isBlank, acts, isComposed, count) = (true, false, true, 0)
        for scalar in text.unicodeScalars {
            acts = acts || RegistryProblem.acts(scalar)
            isBlank = isBlank && scalar.properties.isWhitespace
            isComposed = isComposed && Unicode8.isComposed(scalar)
            count += 1
        }
        if acts {
            throw ValueFault(
                .invalidValue, "a control or invisible letter in the text", expected: expected)
        }
        let composed = isComposed ? text : Unicode8.composed(text)
        // Composing makes a text shorter, if anything.
        guard !isBlank, count <= longestText || composed.unicodeScalars.count <= longestText else {
            throw ValueFault(.invalidValue, "no usable text", expected: expected)
        }
        return composed
    }

    static func camera(_ text: String) throws(ValueFault) -> CameraID { try id(text) }
    static func site(_ text: String) throws(ValueFault) -> SiteID { try id(text) }
    static func channel(_ text: String) throws(ValueFault) -> ChannelID { try id(text) }
    static func party(_ text: String) throws(ValueFault) -> PartyID { try id(text) }
    static func agreement(_ text: String) throws(ValueFault) -> AgreementID { try id(text) }

    private static func id<ID: RegistryIdentifier>(_ text: String) throws(ValueFault) -> ID {
        guard let id = ID(text) else { throw LookAlike.fault(ofIdentifier: text) }
        return id
    }

    /// A name that settings give to something: the rule of ids.
    static func reference(_ text: String) throws(ValueFault) -> String {
        guard Identifier.isValid(text) else { throw LookAlike.fault(ofIdentifier: text) }
        return text
    }

    /// An address of e-mail, as far as its shape shows (RFC 5321 has the last word).
    static func email(_ text: String) throws(ValueFault) -> String {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } && text.utf8.count <= 254
        guard parts.count == 2, isPlain, !parts[0].isEmpty,
            (try? Host(parsing: String(parts[1]))) != nil
        else {
            throw ValueFault(
                .invalidValue, "not an e-mail address", expected: "such as duty@example.org")
        }
        return text
    }

    /// A telephone number as it is dialled.
    static func phone(_ text: String) throws(ValueFault) -> String {
        let digits = text.utf8.count { $0 >= 0x30 && $0 <= 0x39 }
        guard (3...20).contains(digits), text.utf8.count <= 40,
            text.utf8.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || " +-()".utf8.contains($0) })
        else {
            throw ValueFault(
                .invalidValue, "not a telephone number", expected: "such as +7 727 000 00 00")
        }
        return text
    }

    /// What separates the fields of CSV.
    static func separator(_ text: String) throws(ValueFault) -> UInt8 {
        switch text {
        case ",", ";": return Array(text.utf8)[0]
        case "tab", "\t": return 0x09
        default:
            throw ValueFault(
                .invalidValue, "no separator", expected: "\",\", \";\" or \"tab\"")
        }
    }

    /// One word of a list.
    static func word<Value: CaseIterable & RawRepresentable>(
        _ text: String
    ) throws(ValueFault) -> Value where Value.RawValue == String {
        if let value = Value(rawValue: text) { return value }
        throw unknown(text, words: Value.allCases.map(\.rawValue))
    }

    static func kind(_ text: String) throws(ValueFault) -> CameraKind {
        if let kind = CameraKind(key: text) { return kind }
        throw unknown(text, words: CameraKind.allCases.map(\.key))
    }

    private static func unknown(_ text: String, words: [String]) -> ValueFault {
        let near = NearestWord.nearest(to: text, in: words)
        return ValueFault(
            .invalidValue, "an unknown word" + (near.map { ", did you mean `\($0)`?" } ?? ""),
            expected: "one of " + words.joined(separator: ", "))
    }

    static func truth(_ text: String) throws(ValueFault) -> Bool {
        switch text {
        case "true": return true
        case "false": return false
        default: throw ValueFault(.wrongType, "no truth value", expected: "true or false")
        }
    }

    static func host(_ text: String) throws(ValueFault) -> NetworkAddress {
        let address = try NetworkAddress(parsing: text)
        guard !address.isMulticast, !address.isUnspecified else {
            throw ValueFault(.invalidValue, "no address of one host", expected: "such an address")
        }
        return address
    }

    static func hostPort(_ text: String) throws(ValueFault) -> HostPort {
        let place = try HostPort(parsing: text)
        if let address = place.host.address, address.isMulticast || address.isUnspecified {
            throw ValueFault(
                .invalidValue, "no address of one host", expected: "a camera's own address")
        }
        return place
    }

    static func stream(_ text: String) throws(ValueFault) -> StreamSource {
        try StreamSource(parsing: text)
    }

    static func date(_ text: String) throws(ValueFault) -> CalendarDate {
        guard let date = CalendarDate(parsing: text) else {
            throw ValueFault(.wrongType, "not a date", expected: "a date such as 2026-10-31")
        }
        return date
    }

    /// A date, which is its first instant in `zone`, or a time stamp with its offset.
    static func instant(_ text: String, zone: ZoneRules) throws(ValueFault) -> Instant {
        if let date = CalendarDate(parsing: text) { return zone.startOfDay(date) }
        guard let instant = try? Instant(parsing: text) else {
            throw ValueFault(
                .wrongType, "neither a date nor a time stamp",
                expected: "2026-10-31, or 2026-10-31T00:00:00+05:00")
        }
        return instant
    }

    /// Nanoseconds from a text such as `35d`, within `range`.
    static func duration(
        _ text: String, in range: ClosedRange<Int64>, example: String
    ) throws(ValueFault) -> Int64 {
        let nanoseconds = try Quantity.number(
            parsing: text, units: Quantity.durationUnits, example: example)
        guard range.contains(nanoseconds) else {
            throw ValueFault(
                .outOfRange, "out of range",
                expected: Quantity.durationText(range.lowerBound) + " to "
                    + Quantity.durationText(range.upperBound))
        }
        return nanoseconds
    }

    /// Bits a second from a text such as `5000 kbit/s`.
    static func bitRate(_ text: String) throws(ValueFault) -> Int64 {
        let rate = try Quantity.number(
            parsing: text, units: Quantity.bitRateUnits, example: "5000 kbit/s")
        guard (1...10_000_000_000_000).contains(rate) else {
            throw ValueFault(.outOfRange, "out of range", expected: "1 bit/s to 10000 Gbit/s")
        }
        return rate
    }

    /// Octets from a text such as `64MiB`, within `range`.
    static func size(
        _ text: String, in range: ClosedRange<Int64>
    ) throws(ValueFault) -> Int64 {
        let size = try Quantity.number(
            parsing: text, units: Quantity.sizeUnits, example: "64MiB")
        guard range.contains(size) else {
            throw ValueFault(
                .outOfRange, "out of range",
                expected: Quantity.sizeText(Int(range.lowerBound)) + " to "
                    + Quantity.sizeText(Int(range.upperBound)))
        }
        return size
    }

    /// A whole number within `range`.
    static func integer(
        _ text: String, in range: ClosedRange<Int64>
    ) throws(ValueFault) -> Int64 {
        let number = try Quantity.decimal(parsing: text, decimals: 0)
        guard range.contains(number) else {
            throw ValueFault(
                .outOfRange, "out of range",
                expected: "\(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Millionths from a share such as `12.5 %`.
    static func share(_ text: String) throws(ValueFault) -> Int {
        let expected = "a share such as 12.5 %, of 0 % to 100 %"
        guard text.hasSuffix("%") else {
            throw ValueFault(.missingUnit, "no share", expected: expected)
        }
        var number = text.dropLast()
        if number.hasSuffix(" ") { number = number.dropLast() }
        let share = try Quantity.decimal(parsing: String(number), decimals: 4)
        guard share <= 1_000_000 else {
            throw ValueFault(.outOfRange, "out of range", expected: expected)
        }
        return Int(share)
    }

    /// A picture's size such as `1920x1080`.
    static func pictureSize(
        _ text: String
    ) throws(ValueFault) -> ThresholdOverrides.PictureSize {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]),
            (1...16_384).contains(width), (1...16_384).contains(height)
        else {
            throw ValueFault(
                .wrongType, "not a picture's size", expected: "a size such as 1920x1080")
        }
        return ThresholdOverrides.PictureSize(width: width, height: height)
    }

    /// Millihertz from frames a second such as `25` or `12.5`.
    static func frameRate(_ text: String) throws(ValueFault) -> Int {
        let rate = try Quantity.decimal(parsing: text, decimals: 3)
        guard (1...1_000_000).contains(rate) else {
            throw ValueFault(
                .outOfRange, "out of range", expected: "0.001 to 1000 frames a second")
        }
        return Int(rate)
    }
}
