// SPDX-License-Identifier: Apache-2.0

import Octets
import Timekeeping

/// The value of `a=rtpmap:` (RFC 8866 section 6.6).
struct PayloadMap {
    var payloadType: UInt8
    var encodingName: String
    /// The clock rate, or what is wrong with it.
    var clockRate: Result<MediaClock.Rate, ParseFault>
    var channels: Int?

    init(parsing text: String, at offset: Int) throws(ParseFault) {
        let words = text.split(separator: " ", maxSplits: 1)
        let type = words.first.flatMap { decimal($0.utf8, atMost: Int(Int32.max)) }
        guard let type, type < 128 else {
            throw ParseFault(
                .invalid, .sdp, "a=rtpmap: payload type", offset: offset, needed: 127,
                had: type ?? -1)
        }
        payloadType = UInt8(type)
        let parts = (words.count > 1 ? words[1] : "").split(
            separator: "/", omittingEmptySubsequences: false)
        encodingName = FieldScanner.trimmed(String(parts.first ?? ""))
        guard !encodingName.isEmpty else {
            throw ParseFault(
                .invalid, .sdp, "a=rtpmap: encoding name", offset: offset, needed: 1, had: 0)
        }
        let digits = FieldScanner.trimmed(parts.count > 1 ? String(parts[1]) : "")
        let hertz = decimal(digits.utf8, atMost: Int(Int64.max / 2))
        if let hertz, let rate = MediaClock.Rate(hertz: hertz) {
            clockRate = .success(rate)
        } else {
            let isHigh = (hertz ?? 0) > 0
            clockRate = .failure(
                ParseFault(
                    .invalid, .sdp, "a=rtpmap: clock rate", offset: offset,
                    needed: isHigh ? 1_000_000_000 : 1, had: hertz ?? -1))
        }
        channels = parts.count > 2 ? decimal(parts[2].utf8, atMost: 255) : nil
    }
}

extension MediaDescription {
    /// Takes what `a=rtpmap:` says; a clock rate that cannot be believed leaves none at all.
    mutating func take(_ map: PayloadMap, at offset: Int) throws(ParseFault) {
        guard let index = formats.firstIndex(where: { $0.payloadType == map.payloadType }) else {
            throw ParseFault(
                .invalid, .sdp, "a=rtpmap: payload type not in m=", offset: offset, needed: 0,
                had: Int(map.payloadType))
        }
        formats[index].encodingName = map.encodingName
        formats[index].channels = map.channels
        formats[index].clockRate = nil
        formats[index].clockRate = try map.clockRate.get()
    }

    /// Takes what `a=fmtp:` says: a payload type and parameters with semicolons between.
    mutating func takeParameters(_ text: String, at offset: Int) throws(ParseFault) {
        let words = text.split(separator: " ", maxSplits: 1)
        let type = words.first.flatMap { decimal($0.utf8, atMost: Int(Int32.max)) }
        guard let type, let index = formats.firstIndex(where: { Int($0.payloadType) == type })
        else {
            throw ParseFault(
                .invalid, .sdp, "a=fmtp: payload type", offset: offset, needed: 127,
                had: type ?? -1)
        }
        var parameters: [PayloadFormat.Parameter] = []
        for part in (words.count > 1 ? words[1] : "").split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = FieldScanner.trimmed(String(pair[0])).lowercased()
            guard !name.isEmpty else { continue }
            let value = pair.count > 1 ? FieldScanner.trimmed(String(pair[1])) : ""
            parameters.append(PayloadFormat.Parameter(name: name, value: value))
        }
        formats[index].parameters = parameters
        try formats[index].takeParameterSets(at: offset)
    }

    /// Takes any other attribute of a medium; unknown ones are passed over.
    mutating func takeAttribute(
        _ name: String, _ text: String, at offset: Int
    ) throws(ParseFault) {
        func fault(_ field: String) -> ParseFault {
            ParseFault(.invalid, .sdp, field, offset: offset, needed: 1, had: -1)
        }
        switch name {
        case "control": control = text
        case "framerate":
            framesPer1000Seconds = thousandths(text)
            if framesPer1000Seconds == nil { throw fault("a=framerate") }
        case "framesize":
            // `96 1920-1080`: the payload type comes first.
            let sizes = text.split(separator: " ").last ?? ""
            try takeDimensions(sizes.split(separator: "-"), fault("a=framesize"))
        case "x-dimensions":
            try takeDimensions(text.split(separator: ","), fault("a=x-dimensions"))
        case "cliprect":
            // Top, left, bottom, right: with the first two 0, the last are height and width.
            let sides = text.split(separator: ",")
            try takeDimensions(sides.suffix(2).reversed(), fault("a=cliprect"))
        case "rtcp":
            let port = text.prefix { $0 != " " }
            controlPort = decimal(port.utf8, atMost: 65_535).map { UInt16($0) }
            if controlPort == nil { throw fault("a=rtcp") }
        case "rtcp-mux": sharesControlPort = true
        case "crypto", "fingerprint", "key-mgmt": announcesKeys = true
        case "source-filter": sources = MediaDescription.senders(text)
        case "ssrc":
            let number = decimal(text.prefix { $0 != " " }.utf8, atMost: Int(UInt32.max))
            guard let number else { throw fault("a=ssrc") }
            let ssrc = UInt32(number)
            if ssrcs.count < TransportHeader.sourceLimit, !ssrcs.contains(ssrc) {
                ssrcs.append(ssrc)
            }
        default: direction = Direction(rawValue: name) ?? direction
        }
    }

    private mutating func takeDimensions(
        _ words: some Collection<Substring>, _ fault: ParseFault
    ) throws(ParseFault) {
        let numbers = words.compactMap {
            decimal(FieldScanner.trimmed(String($0)).utf8, atMost: 65_535)
        }
        guard numbers.count == 2, words.count == 2,
            let size = Dimensions(width: numbers[0], height: numbers[1])
        else { throw fault }
        // What is said first is kept: of several attributes the first is the standard one.
        dimensions = dimensions ?? size
    }

    /// The senders that `incl IN IP4 group sender …` admits (RFC 4570 section 3).
    static func senders(_ text: String) -> [String] {
        let words = text.split(separator: " ")
        guard words.count >= 5, words[0] == "incl" else { return [] }
        return words.dropFirst(4).prefix(TransportHeader.sourceLimit).map { String($0) }
    }
}

/// The thousandths that a decimal number such as `29.97` has, rounded down; nil outside
/// 0.001…10,000 or if it is no number.
func thousandths(_ text: String) -> Int? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = decimal(parts[0].utf8, atMost: 10_000) else { return nil }
    var value = whole * 1000
    if parts.count > 1 {
        guard parts[1].utf8.allSatisfy({ $0.isDigit }) else { return nil }
        let digits = Array(parts[1].utf8.prefix(3)) + [0x30, 0x30, 0x30]
        value += decimal(digits.prefix(3), atMost: 999) ?? 0
    }
    return value > 0 ? value : nil
}

extension PayloadFormat {
    /// Reads the parameter sets out of the parameters; broken ones are left out and thrown of.
    mutating func takeParameterSets(at offset: Int) throws(ParseFault) {
        parameterSets = []
        var broken: ParseFault?
        func fault(_ field: String) -> ParseFault {
            ParseFault(
                .invalid, .sdp, field, offset: offset, needed: SessionDescription.parameterSetLimit,
                had: -1)
        }
        for parameter in parameters {
            switch parameter.name {
            case "sprop-parameter-sets", "sprop-vps", "sprop-sps", "sprop-pps":
                for part in parameter.value.split(separator: ",").prefix(32) {
                    let set = Base64.decode(
                        FieldScanner.trimmed(String(part)).utf8,
                        limit: SessionDescription.parameterSetLimit)
                    if let set, !set.isEmpty {
                        parameterSets.append(set)
                    } else {
                        broken = fault("a=fmtp: sprop parameter sets")
                    }
                }
            case "config":
                let set = Hexadecimal.decode(
                    parameter.value.utf8, limit: SessionDescription.parameterSetLimit)
                if let set, !set.isEmpty {
                    parameterSets.append(set)
                } else {
                    broken = fault("a=fmtp: config")
                }
            default: break
            }
        }
        if let broken { throw broken }
    }
}

extension ConnectionAddress {
    /// Reads what follows `c=`: `IN IP4 239.1.2.3/15/2`, `IN IP6 ff15::1/2`.
    init(parsing value: String, at offset: Int) throws(ParseFault) {
        let words = value.split(separator: " ")
        guard words.count >= 3, sameWord(String(words[0]), "IN"),
            words[1] == "IP4" || words[1] == "IP6"
        else {
            throw ParseFault(.invalid, .sdp, "c=", offset: offset, needed: 3, had: words.count)
        }
        let isIPv6 = words[1] == "IP6"
        let parts = words[2].split(separator: "/", omittingEmptySubsequences: false)
        self.init(isIPv6: isIPv6, address: String(parts[0]))
        let numbers = parts.dropFirst().map { decimal($0.utf8, atMost: 65_535) }
        guard !parts[0].isEmpty, numbers.count <= (isIPv6 ? 1 : 2), !numbers.contains(nil) else {
            throw ParseFault(.invalid, .sdp, "c= address", offset: offset, needed: 1, had: -1)
        }
        let known = numbers.compactMap { $0 }
        if isIPv6 {
            count = max(1, known.first ?? 1)
        } else {
            timeToLive = known.first.flatMap { UInt8(exactly: $0) }
            count = max(1, known.count > 1 ? known[1] : 1)
        }
    }
}
