// SPDX-License-Identifier: Apache-2.0

public import Octets

extension RTSPMessage {
    /// The longest line that is read, in octets without its end.
    ///
    /// Chosen: the longest line seen is a `Authorization` of 300; a hostile one has no end.
    public static let lineLimit = 4096
    /// The most header fields that are read.
    ///
    /// Chosen: requests of real clients hold at most a dozen.
    public static let fieldLimit = 64
    /// The longest head that is read, from the first line to the blank one, in octets.
    ///
    /// Chosen: eight of the longest lines.
    public static let headLimit = 32_768
    /// The longest body of an RTSP message that is read, in octets.
    ///
    /// The same as for a session description, the largest body there is.
    public static let bodyLimit = 65_536

    /// Reads one whole message from the start of `octets`; what follows it is left alone.
    ///
    /// - Parameter wire: the only family to accept, or nil for both.
    public init(parsing octets: Span<UInt8>, only wire: Wire? = nil) throws(ParseFault) {
        guard let (head, length) = try RTSPMessage.head(of: octets) else {
            throw ParseFault(
                .truncated, .rtsp, "blank line after the headers", offset: octets.count,
                needed: octets.count + 1, had: octets.count)
        }
        if let wire, head.wire != wire {
            throw ParseFault(.invalid, .rtsp, "status line: protocol", offset: 0, needed: 0, had: 1)
        }
        self = head
        if head.wire == .rtsp, let contentLength = head.contentLength {
            try octets.require(contentLength, at: length, .rtsp, "body")
            body = octets.copy(length..<length + contentLength)
        }
    }

    /// Reads the head at the start of `octets`: the first line and the headers.
    ///
    /// Returns the message without its body and the head's length with the blank line, or nil
    /// if the blank line is not there yet and the limits are still kept.
    public static func head(
        of octets: Span<UInt8>
    ) throws(ParseFault) -> (message: RTSPMessage, length: Int)? {
        var scanner = HeadScanner()
        guard let end = try scanner.end(in: octets) else { return nil }
        return (try RTSPMessage(head: octets, length: end), end)
    }

    /// Reads a head of `length` octets, in which a `HeadScanner` found nothing wrong.
    init(head octets: Span<UInt8>, length: Int) throws(ParseFault) {
        var tolerances: Tolerances = []
        let first = RTSPMessage.line(in: octets, from: 0, to: length, &tolerances)
        self = try RTSPMessage(firstLine: first.text, in: octets)
        var position = first.next
        while position < length {
            let line = RTSPMessage.line(in: octets, from: position, to: length, &tolerances)
            if line.text.isEmpty { break }
            try readField(in: octets, line.text, &tolerances)
            position = line.next
        }
        self.tolerances.formUnion(tolerances)
        try readContentLength()
    }

    /// The line that begins at `start`: its text without the end, and where the next begins.
    private static func line(
        in octets: Span<UInt8>, from start: Int, to end: Int, _ tolerances: inout Tolerances
    ) -> (text: Range<Int>, next: Int) {
        let index = octets.firstIndex(of: ASCII.lineFeed, in: start..<end) ?? end
        if index > start, octets[index - 1] == ASCII.carriageReturn {
            return (start..<index - 1, min(index + 1, end))
        }
        tolerances.insert(.bareLineFeed)
        return (start..<index, min(index + 1, end))
    }

    private mutating func readField(
        in octets: Span<UInt8>, _ line: Range<Int>, _ tolerances: inout Tolerances
    ) throws(ParseFault) {
        if octets[line.lowerBound].isBlank {
            tolerances.insert(.foldedLine)
            let text = octets.text(octets.trimmed(line))
            let length = headers.lastValueCount + text.utf8.count
            guard length < RTSPMessage.lineLimit else {
                throw ParseFault(
                    .overLimit, .rtsp, "folded line", offset: line.lowerBound,
                    needed: RTSPMessage.lineLimit, had: length)
            }
            headers.continueLast(with: text)
            return
        }
        guard let colon = octets.firstIndex(of: ASCII.colon, in: line), colon > line.lowerBound
        else {
            tolerances.insert(.lineWithoutColon)
            return
        }
        guard headers.fields.count < RTSPMessage.fieldLimit else {
            throw ParseFault(
                .overLimit, .rtsp, "header fields", offset: line.lowerBound,
                needed: RTSPMessage.fieldLimit, had: RTSPMessage.fieldLimit + 1)
        }
        let name = octets.text(octets.trimmed(line.lowerBound..<colon))
        let value = octets.text(octets.trimmed(colon + 1..<line.upperBound))
        headers.append(name, value)
    }

    /// Takes `Content-Length`, which must be one number within the limit.
    ///
    /// Two different values are how messages are smuggled past a reader (RFC 9112 section
    /// 6.3), so they are refused; the same value twice is only odd.
    private mutating func readContentLength() throws(ParseFault) {
        for value in headers.values("Content-Length") {
            guard let length = decimal(value.utf8, atMost: Int(Int32.max) << 16) else {
                throw ParseFault(
                    .invalid, .rtsp, "Content-Length", offset: 0, needed: 0, had: -1)
            }
            if let contentLength {
                guard contentLength == length else {
                    throw ParseFault(
                        .invalid, .rtsp, "Content-Length: two values", offset: 0,
                        needed: contentLength, had: length)
                }
                tolerances.insert(.repeatedContentLength)
            }
            guard wire == .http || length <= RTSPMessage.bodyLimit else {
                throw ParseFault(
                    .overLimit, .rtsp, "Content-Length", offset: 0,
                    needed: RTSPMessage.bodyLimit, had: length)
            }
            contentLength = length
        }
    }
}

// MARK: - The first line

extension RTSPMessage {
    private init(firstLine line: Range<Int>, in octets: Span<UInt8>) throws(ParseFault) {
        if let (wire, version) = RTSPMessage.version(in: octets, line) {
            try self.init(statusLine: line, in: octets, wire, version)
        } else {
            try self.init(requestLine: line, in: octets)
        }
    }

    /// The family and version at the start of `range`: `RTSP/1.0` as (rtsp, 10).
    private static func version(
        in octets: Span<UInt8>, _ range: Range<Int>
    ) -> (Wire, Int)? {
        let start = range.lowerBound
        guard range.count >= 8, octets[start + 4] == ASCII.slash, octets[start + 6] == 0x2E,
            octets[start + 5].isDigit, octets[start + 7].isDigit
        else { return nil }
        let wire: Wire
        if octets.has("RTSP", at: start) {
            wire = .rtsp
        } else if octets.has("HTTP", at: start) {
            wire = .http
        } else {
            return nil
        }
        return (wire, Int(octets[start + 5] - 0x30) * 10 + Int(octets[start + 7] - 0x30))
    }

    private init(
        statusLine line: Range<Int>, in octets: Span<UInt8>, _ wire: Wire, _ version: Int
    ) throws(ParseFault) {
        try RTSPMessage.check(version, of: wire, at: line.lowerBound)
        var digits = octets.trimmed(line.lowerBound + 8..<line.upperBound)
        let hasBlank = digits.lowerBound > line.lowerBound + 8
        var end = digits.lowerBound
        while end < digits.upperBound, !octets[end].isBlank { end += 1 }
        digits = digits.lowerBound..<end
        let status = decimal(octets.copy(digits), atMost: 999)
        guard hasBlank, digits.count == 3, let status, status >= 100 else {
            throw ParseFault(
                .invalid, .rtsp, "status line: status code", offset: digits.lowerBound,
                needed: 100, had: decimal(octets.copy(digits), atMost: Int(Int32.max)) ?? -1)
        }
        let reason = octets.trimmed(end..<line.upperBound)
        self.init(
            .response(status: status, reason: octets.text(reason)), wire: wire, version: version)
        if reason.isEmpty { tolerances.insert(.noReason) }
    }

    private init(requestLine line: Range<Int>, in octets: Span<UInt8>) throws(ParseFault) {
        var methodEnd = line.lowerBound
        while methodEnd < line.upperBound, octets[methodEnd].isTokenCharacter { methodEnd += 1 }
        var versionStart = octets.trimmed(line).upperBound
        let lineEnd = versionStart
        while versionStart > methodEnd, !octets[versionStart - 1].isBlank { versionStart -= 1 }
        guard methodEnd > line.lowerBound, methodEnd < versionStart, octets[methodEnd].isBlank,
            let (wire, version) = RTSPMessage.version(in: octets, versionStart..<lineEnd),
            lineEnd - versionStart == 8
        else {
            throw ParseFault(
                .invalid, .rtsp, "request line", offset: line.lowerBound, needed: 3, had: 0)
        }
        try RTSPMessage.check(version, of: wire, at: versionStart)
        let target = octets.trimmed(methodEnd..<versionStart)
        guard !target.isEmpty else {
            throw ParseFault(
                .invalid, .rtsp, "request line: target", offset: methodEnd, needed: 1, had: 0)
        }
        let method = RTSPMethod(rawValue: octets.text(line.lowerBound..<methodEnd))
        self.init(
            .request(method, target: Target(octets.text(target))), wire: wire, version: version)
        if target.contains(where: { octets[$0].isBlank }) { tolerances.insert(.blankInTarget) }
    }

    private static func check(
        _ version: Int, of wire: Wire, at offset: Int
    ) throws(ParseFault) {
        let known = wire == .rtsp ? [10, 11, 20] : [10, 11]
        guard known.contains(version) else {
            throw ParseFault(
                .unsupported, wire == .rtsp ? .rtsp : .http, "version", offset: offset, needed: 10,
                had: version)
        }
    }
}
