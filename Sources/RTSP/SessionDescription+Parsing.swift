// SPDX-License-Identifier: Apache-2.0

public import Octets

extension SessionDescription {
    /// Reads a description.
    ///
    /// Throws where a limit is broken, or where the first line is not `v=0`. A line ends in CR LF,
    /// LF or CR; the last two, and NUL and text that is not UTF-8, are put up with and warned of.
    public init(parsing octets: Span<UInt8>) throws(ParseFault) {
        guard octets.count <= SessionDescription.limit else {
            throw ParseFault(
                .overLimit, .sdp, "description", offset: 0, needed: SessionDescription.limit,
                had: octets.count)
        }
        self.init()
        var reader = SessionDescriptionReader()
        var lines = DescriptionLines()
        while let line = try lines.next(in: octets) {
            if lines.number == 1 || !reader.hasBegun, !line.isEmpty {
                guard octets.has("v=0", at: line.lowerBound), line.count == 3 else {
                    throw ParseFault(
                        .invalid, .sdp, "v=", offset: line.lowerBound, needed: 0, had: -1)
                }
                reader.hasBegun = true
                continue
            }
            try reader.take(line, number: lines.number, in: octets, into: &self)
        }
        guard reader.hasBegun else {
            throw ParseFault(.truncated, .sdp, "v=", offset: 0, needed: 3, had: octets.count)
        }
        for (fault, line) in lines.oddities { warn(fault, line: line) }
        finish()
    }

    mutating func warn(_ fault: ParseFault, line: Int) {
        warningCount += 1
        guard warnings.count < SessionDescription.warningLimit else { return }
        warnings.append(SessionDescriptionWarning(line: line, fault: fault))
    }

    /// Lends the media what the session said for all.
    private mutating func finish() {
        for index in media.indices {
            if media[index].connection == nil { media[index].connection = connection }
            if media[index].direction == nil { media[index].direction = direction }
            if media[index].sources.isEmpty { media[index].sources = sources }
        }
    }
}

/// Finds the lines of a description, and what is odd about how they are written.
private struct DescriptionLines {
    /// The number of the line last found.
    private(set) var number = 0
    /// Each kind of oddity once, at the first line that shows it.
    private(set) var oddities: [(ParseFault, Int)] = []
    private var position = 0

    mutating func next(in octets: Span<UInt8>) throws(ParseFault) -> Range<Int>? {
        guard position < octets.count else { return nil }
        let start = position
        number += 1
        var end = start
        while end < octets.count, octets[end] != ASCII.lineFeed,
            octets[end] != ASCII.carriageReturn
        {
            if octets[end] == ASCII.nul { note("NUL", end, 0) }
            end += 1
        }
        guard end - start <= SessionDescription.lineLimit else {
            throw ParseFault(
                .overLimit, .sdp, "line", offset: start, needed: SessionDescription.lineLimit,
                had: end - start)
        }
        position = end
        if position < octets.count {
            if octets[position] == ASCII.lineFeed {
                note("line end: LF alone", end, Int(ASCII.lineFeed))
                position += 1
            } else {
                position += 1
                if position < octets.count, octets[position] == ASCII.lineFeed {
                    position += 1
                } else {
                    note("line end: CR alone", end, Int(ASCII.carriageReturn))
                }
            }
        }
        if octets.text(start..<end).unicodeScalars.contains("\u{FFFD}") {
            note("text: not UTF-8", start, -1)
        }
        return start..<end
    }

    private mutating func note(_ field: String, _ offset: Int, _ had: Int) {
        guard !oddities.contains(where: { $0.0.field == field }) else { return }
        let fault = ParseFault(.invalid, .sdp, field, offset: offset, needed: 0, had: had)
        oddities.append((fault, number))
    }
}

/// Puts the lines of a description together.
private struct SessionDescriptionReader {
    var hasBegun = false
    /// The payload types for which `a=rtpmap:` stood in the medium under way.
    private var mapped: Set<UInt8> = []

    mutating func take(
        _ line: Range<Int>, number: Int, in octets: Span<UInt8>,
        into description: inout SessionDescription
    ) throws(ParseFault) {
        guard !line.isEmpty else { return }
        let start = line.lowerBound
        guard line.count >= 2, octets[start + 1] == ASCII.equals else {
            let fault = ParseFault(.invalid, .sdp, "line", offset: start, needed: 2, had: -1)
            description.warn(fault, line: number)
            return
        }
        let value = octets.text(octets.trimmed(start + 2..<line.upperBound))
        if octets[start] == 0x6D, description.media.count >= SessionDescription.mediaLimit {
            throw ParseFault(
                .overLimit, .sdp, "m=", offset: start, needed: SessionDescription.mediaLimit,
                had: SessionDescription.mediaLimit + 1)
        }
        do throws(ParseFault) {
            switch octets[start] {
            case 0x6D: try begin(value, start, &description)
            case 0x6F: try description.takeOrigin(value, start)
            case 0x73: description.name = value
            case 0x63:
                let address = try ConnectionAddress(parsing: value, at: start)
                if description.media.isEmpty {
                    description.connection = address
                } else {
                    description.media[description.media.count - 1].connection = address
                }
            case 0x62: takeBandwidth(value, &description)
            case 0x61: try takeAttribute(value, start, &description)
            default: break
            }
        } catch {
            description.warn(error, line: number)
        }
    }

    private mutating func begin(
        _ value: String, _ offset: Int, _ description: inout SessionDescription
    ) throws(ParseFault) {
        mapped = []
        let words = value.split(separator: " ")
        var medium = MediaDescription(
            kind: words.first.flatMap { MediaDescription.Kind(rawValue: $0.lowercased()) }
                ?? .other,
            transport: words.count > 2 ? words[2].uppercased() : "")
        // The medium is listed whatever its line holds, so that the attributes that follow are
        // not taken for another's.
        defer { description.media.append(medium) }
        guard words.count >= 4 else {
            throw ParseFault(
                .invalid, .sdp, "m= words", offset: offset, needed: 4, had: words.count)
        }
        for word in words.dropFirst(3).prefix(SessionDescription.formatLimit) {
            guard medium.isRTP else { break }
            guard let type = decimal(word.utf8, atMost: 127), medium.format(of: UInt8(type)) == nil
            else { continue }
            medium.formats.append(PayloadFormat(payloadType: UInt8(type)))
        }
        let ports = words[1].split(separator: "/", maxSplits: 1)
        // Of a word of slashes nothing is left.
        guard let first = ports.first, let port = decimal(first.utf8, atMost: 65_535) else {
            throw ParseFault(.invalid, .sdp, "m= port", offset: offset, needed: 65_535, had: -1)
        }
        medium.port = UInt16(port)
        if ports.count > 1 { medium.portCount = decimal(ports[1].utf8, atMost: 1024) ?? 1 }
        for word in words.dropFirst(3) where medium.isRTP {
            guard decimal(word.utf8, atMost: 127) != nil else {
                throw ParseFault(
                    .invalid, .sdp, "m= payload type", offset: offset, needed: 127,
                    had: decimal(word.utf8, atMost: Int(Int32.max)) ?? -1)
            }
        }
    }

    private func takeBandwidth(_ value: String, _ description: inout SessionDescription) {
        let parts = value.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0] == "AS", !description.media.isEmpty else { return }
        description.media[description.media.count - 1].bandwidth = decimal(
            parts[1].utf8, atMost: Int(Int32.max))
    }

    private mutating func takeAttribute(
        _ value: String, _ offset: Int, _ description: inout SessionDescription
    ) throws(ParseFault) {
        let parts = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].lowercased()
        let text = parts.count > 1 ? FieldScanner.trimmed(String(parts[1])) : ""
        guard let index = description.media.indices.last else {
            description.takeSessionAttribute(name, text)
            return
        }
        switch name {
        case "rtpmap":
            let format = try PayloadMap(parsing: text, at: offset)
            guard mapped.insert(format.payloadType).inserted else {
                throw ParseFault(
                    .invalid, .sdp, "a=rtpmap: repeated", offset: offset, needed: 1, had: 2)
            }
            try description.media[index].take(format, at: offset)
        case "fmtp": try description.media[index].takeParameters(text, at: offset)
        default: try description.media[index].takeAttribute(name, text, at: offset)
        }
    }
}

extension SessionDescription {
    fileprivate mutating func takeOrigin(_ value: String, _ offset: Int) throws(ParseFault) {
        let words = value.split(separator: " ")
        guard words.count >= 6 else {
            throw ParseFault(
                .invalid, .sdp, "o= words", offset: offset, needed: 6, had: words.count)
        }
        origin = Origin(
            session: String(words[1]), version: String(words[2]), address: String(words[5]))
    }

    fileprivate mutating func takeSessionAttribute(_ name: String, _ text: String) {
        switch name {
        case "control": control = text
        case "range": range = text
        case "tool": tool = text
        case "source-filter": sources = MediaDescription.senders(text)
        case "crypto", "fingerprint", "key-mgmt": announcesKeys = true
        default: direction = MediaDescription.Direction(rawValue: name) ?? direction
        }
    }
}
