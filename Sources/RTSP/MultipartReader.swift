// SPDX-License-Identifier: Apache-2.0

import Octets

/// What a body in parts consists of.
public enum MultipartElement: Hashable, Sendable {
    /// A part begins.
    case partStarted(PartHeader)
    /// A part is over; `MultipartReader.prefix` holds its beginning until the next call.
    case partCompleted(MultipartPart)
}

/// The head of a part.
public struct PartHeader: Hashable, Sendable {
    /// All of its fields.
    public let headers: RTSPHeaders
    /// The length that is stated, or nil.
    public let contentLength: Int?
    /// The media type in lower case, without parameters, or nil.
    public let contentType: String?
}

/// A part that is over: as a rule one picture.
public struct MultipartPart: Hashable, Sendable {
    /// The head.
    public let header: PartHeader
    /// Octets of the part, those that are missing counted.
    public let octetCount: Int
    /// Octets that were captured.
    public let capturedCount: Int
    /// Octets from the part's start, up to the first that is missing, that are in `prefix`.
    public let prefixCount: Int

    /// Whether every octet was captured.
    public var isWhole: Bool { capturedCount == octetCount }
}

/// Cuts the body of `multipart/x-mixed-replace` into parts, as MJPEG and MxPEG come by HTTP.
///
/// Takes the body however it is cut into runs, chunks of transfer encoding removed, and goes on
/// by `Content-Length` or to the next boundary where octets are missing.
public struct MultipartReader: Sendable {
    /// Octets that are kept of each part.
    ///
    /// Chosen: the tables and the frame header of a JPEG come within 1 KiB.
    public static let prefixLimit = 4096
    /// The longest line of a part's head that is read, in octets.
    public static let lineLimit = RTSPMessage.lineLimit
    /// The longest boundary that is accepted (RFC 2046 section 5.1.1).
    public static let boundaryLimit = 70

    /// What happened besides elements.
    public struct Counters: Hashable, Sendable {
        /// Octets that belonged to no part.
        public var strayOctets = 0
        /// Octets said to be missing.
        public var missingOctets = 0
        /// Parts of which octets are missing.
        public var cutParts = 0
        /// Lines of a head that were too long or held no field.
        public var unreadableLines = 0

        /// Makes counters of zero.
        public init() {}
    }

    /// What happened besides elements.
    public private(set) var counters = Counters()
    /// The beginning of the part under way, or of the one that is just over.
    public private(set) var prefix: [UInt8] = []
    /// The boundary without dashes before it.
    private let boundary: [UInt8]
    private var chunks: ChunkedFraming
    private var state = State.between
    private var line: [UInt8] = []
    private var isLineTooLong = false
    private var headers = RTSPHeaders()
    private var part = PartCount()
    private var delimiter = DelimiterMatch()

    private enum State: Sendable {
        case between, head, ended
        case body(PartHeader, remaining: Int?)
    }

    private struct PartCount: Sendable {
        var octets = 0
        var captured = 0
        var hasGap = false
    }

    /// How much of a delimiter the latest octets of a part without length are.
    private struct DelimiterMatch: Sendable {
        /// Octets that belong to the delimiter, should it be one.
        var held = 0
        var dashes = 0
        var matched = 0
        var isInLine = false
        var hasReturn = false
    }

    /// Makes a reader, or nil if the boundary is empty or too long.
    ///
    /// - Parameter boundary: as the header names it; cameras disagree whether the two dashes
    ///   that go before it belong to it, so dashes at its start do not count.
    public init?(boundary: String, isChunked: Bool = false) {
        let bare = Array(boundary.utf8.drop { $0 == ASCII.dash })
        guard !bare.isEmpty, bare.count <= MultipartReader.boundaryLimit else { return nil }
        self.boundary = bare
        chunks = ChunkedFraming(isChunked: isChunked)
    }

    /// Makes the reader of a response's body, or nil if that has no parts.
    public init?(response: RTSPMessage) {
        guard response.wire == .http, response.status == 200,
            let type = response.contentType, type.hasPrefix("multipart/"),
            let value = response.headers["Content-Type"]
        else { return nil }
        var scanner = FieldScanner(value)
        _ = scanner.word(until: ASCII.semicolon)
        var boundary: String?
        while scanner.skip(ASCII.semicolon) {
            let name = scanner.word(until: ASCII.equals, ASCII.semicolon)
            guard scanner.skip(ASCII.equals) else { continue }
            let text = scanner.word(until: ASCII.semicolon)
            if sameWord(name, "boundary") { boundary = boundary ?? text }
        }
        let coding = response.headers["Transfer-Encoding"]?.lowercased() ?? ""
        self.init(boundary: boundary ?? "", isChunked: coding.contains("chunked"))
    }

    /// The next element that begins or ends in `run`, or nil if the run is used up.
    ///
    /// - Parameter position: how much of the run is used up; starts at 0.
    public mutating func next(
        _ run: Span<UInt8>, at position: inout Int
    ) -> MultipartElement? {
        while true {
            let available = chunks.available(run, &position)
            guard available > 0 else {
                if chunks.isAtEnd, case .body(let header, _) = state {
                    state = .ended
                    return complete(header)
                }
                return nil
            }
            let start = position
            let element = take(run, &position, end: start + available)
            chunks.use(position - start)
            if let element { return element }
        }
    }

    /// Takes note that `count` octets follow that were not captured.
    ///
    /// Returns the part that ends in the gap, if its length says so.
    public mutating func skipped(octets count: Int) -> MultipartElement? {
        guard count > 0 else { return nil }
        counters.missingOctets &+= count
        chunks.skipped(count)
        guard case .body(let header, let remaining) = state else {
            if case .ended = state { return nil }
            counters.strayOctets += line.count
            restart()
            return nil
        }
        part.hasGap = true
        endHeld()
        guard let remaining else {
            part.octets &+= count
            return nil
        }
        part.octets &+= min(count, remaining)
        if count < remaining {
            state = .body(header, remaining: remaining - count)
            return nil
        }
        restart()
        return complete(header)
    }

    /// Takes note that the connection ended; returns the part that was cut off, if any.
    public mutating func ended() -> MultipartElement? {
        defer { state = .ended }
        guard case .body(let header, let remaining) = state else { return nil }
        endHeld()
        part.octets &+= remaining ?? 0
        return complete(header)
    }
}

// MARK: - One step

extension MultipartReader {
    private mutating func take(
        _ run: Span<UInt8>, _ position: inout Int, end: Int
    ) -> MultipartElement? {
        switch state {
        case .ended:
            counters.strayOctets += end - position
            position = end
            return nil
        case .between, .head:
            return takeLine(run, &position, end: end)
        case .body(let header, let remaining?):
            let count = min(remaining, end - position)
            keep(run, position..<position + count)
            position += count
            part.octets &+= count
            part.captured &+= count
            state = .body(header, remaining: remaining - count)
            guard count == remaining else { return nil }
            restart()
            return complete(header)
        case .body(let header, nil):
            return takeUntilDelimiter(header, run, &position, end: end)
        }
    }

    /// Gathers one line of a head, or of what lies between parts.
    private mutating func takeLine(
        _ run: Span<UInt8>, _ position: inout Int, end: Int
    ) -> MultipartElement? {
        while position < end {
            let octet = run[position]
            position += 1
            guard octet == ASCII.lineFeed else {
                if line.count < Self.lineLimit { line.append(octet) } else { isLineTooLong = true }
                if isLineTooLong { counters.strayOctets += 1 }
                continue
            }
            if line.last == ASCII.carriageReturn { line.removeLast() }
            let text = line
            let wasTooLong = isLineTooLong
            line.removeAll(keepingCapacity: true)
            isLineTooLong = false
            if wasTooLong {
                counters.unreadableLines += 1
                counters.strayOctets += text.count
            } else if let element = takeLine(text) {
                return element
            }
            // What follows is no line of a head any more.
            switch state {
            case .body, .ended: return nil
            case .between, .head: break
            }
        }
        return nil
    }

    private mutating func takeLine(_ text: [UInt8]) -> MultipartElement? {
        if let isLast = boundaryLine(text) {
            headers = RTSPHeaders()
            state = isLast ? .ended : .head
            return nil
        }
        guard case .head = state else {
            // The empty line before a boundary is part of it.
            counters.strayOctets += text.count
            return nil
        }
        guard text.isEmpty else {
            let colon = text.firstIndex(of: ASCII.colon)
            guard let colon, colon > 0, headers.fields.count < RTSPMessage.fieldLimit else {
                counters.unreadableLines += 1
                return nil
            }
            headers.append(
                FieldScanner.trimmed(String(decoding: text[..<colon], as: UTF8.self)),
                FieldScanner.trimmed(String(decoding: text[(colon + 1)...], as: UTF8.self)))
            return nil
        }
        // Some servers put an empty line between boundary and head.
        guard !headers.fields.isEmpty else { return nil }
        let type = RTSPMessage(.response(status: 200, reason: ""), headers: headers).contentType
        let header = PartHeader(
            headers: headers,
            contentLength: headers["Content-Length"].flatMap {
                decimal($0.utf8, atMost: Int(Int32.max))
            }, contentType: type)
        prefix.removeAll(keepingCapacity: true)
        part = PartCount()
        delimiter = DelimiterMatch()
        state = .body(header, remaining: header.contentLength)
        return .partStarted(header)
    }

    /// Nil if the line is no boundary; else whether it is the last.
    private func boundaryLine(_ text: [UInt8]) -> Bool? {
        var rest = text[...].drop { $0 == ASCII.dash }
        guard rest.starts(with: boundary) else { return nil }
        rest = rest.dropFirst(boundary.count)
        while rest.last?.isBlank == true { rest.removeLast() }
        if rest.isEmpty { return false }
        return rest.elementsEqual([ASCII.dash, ASCII.dash]) ? true : nil
    }

    private mutating func keep(_ run: Span<UInt8>, _ range: Range<Int>) {
        guard !part.hasGap, prefix.count < Self.prefixLimit else { return }
        for index in range.prefix(Self.prefixLimit - prefix.count) { prefix.append(run[index]) }
    }

    private mutating func complete(_ header: PartHeader) -> MultipartElement {
        if part.captured != part.octets { counters.cutParts += 1 }
        return .partCompleted(
            MultipartPart(
                header: header, octetCount: part.octets, capturedCount: part.captured,
                prefixCount: prefix.count))
    }

    private mutating func restart() {
        state = .between
        line.removeAll(keepingCapacity: true)
        isLineTooLong = false
        headers = RTSPHeaders()
    }
}

// MARK: - Parts without a length

extension MultipartReader {
    /// Takes octets up to a line end, dashes and the boundary, or all there are.
    private mutating func takeUntilDelimiter(
        _ header: PartHeader, _ run: Span<UInt8>, _ position: inout Int, end: Int
    ) -> MultipartElement? {
        while position < end {
            let octet = run[position]
            keep(run, position..<position + 1)
            position += 1
            match(octet)
            guard delimiter.matched == boundary.count else { continue }
            prefix.removeLast(max(0, prefix.count - part.octets))
            restart()
            // The rest of the line says whether it is the last; it is read as a line again.
            line = [ASCII.dash, ASCII.dash] + boundary
            return complete(header)
        }
        return nil
    }

    /// Moves the match on by one octet; octets that belong to no delimiter go to the part.
    private mutating func match(_ octet: UInt8) {
        if delimiter.isInLine {
            if octet == ASCII.dash, delimiter.matched == 0 {
                delimiter.dashes += 1
                delimiter.held += 1
                return
            }
            if delimiter.dashes >= 2, octet == boundary[delimiter.matched] {
                delimiter.matched += 1
                delimiter.held += 1
                return
            }
            endHeld()
        }
        switch octet {
        case ASCII.carriageReturn:
            endHeld()
            delimiter.hasReturn = true
            delimiter.held = 1
        case ASCII.lineFeed:
            if !delimiter.hasReturn { endHeld() }
            delimiter.isInLine = true
            delimiter.hasReturn = false
            delimiter.held += 1
        default:
            endHeld()
            part.octets &+= 1
            part.captured &+= 1
        }
    }

    /// Gives octets that turned out to be no delimiter to the part.
    private mutating func endHeld() {
        part.octets &+= delimiter.held
        part.captured &+= delimiter.held
        delimiter = DelimiterMatch()
    }
}
