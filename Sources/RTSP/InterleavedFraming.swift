// SPDX-License-Identifier: Apache-2.0

import Octets

/// Finds where elements begin and end in contiguous octets of one direction of a connection.
///
/// Looks, and copies nothing but messages. It is either in step, knowing that an element begins
/// at the first octet given, or searching for a place that is safe to call a beginning.
struct InterleavedFraming: Sendable {
    /// What stands at the start of the octets given.
    enum Finding {
        /// An interleaved frame: four octets and `length` of payload.
        case frame(channel: UInt8, length: Int)
        /// A message of so many octets; the body of HTTP not counted.
        case message(RTSPMessage, octets: Int)
        /// A head that breaks the rules; the search goes on behind its first octet.
        case unreadable(ParseFault)
        /// Octets that belong to nothing.
        case junk(Int)
        /// Blank lines between messages.
        case blank(Int)
        /// So many octets in all are needed before anything can be said.
        case more(Int)
        /// The rest of a head is needed.
        case moreOfHead
    }

    /// Octets before the payload of an interleaved frame (RFC 2326 section 10.12).
    static let headerLength = 4
    /// The longest frame: the length has 16 bits.
    static let frameLimit = headerLength + 65_535
    /// Octets that decide whether a place looks like a beginning: the header of a frame and of
    /// RTP, or a method and ` rtsp`.
    static let evidenceLength = 20

    /// Whether an element is known to begin at the first octet given.
    var isInStep: Bool
    /// Beginnings that a search found.
    private(set) var foundCount = 0
    private var scanner = HeadScanner()
    /// Where the head in progress ends, once that is known.
    private(set) var headEnd: Int?
    /// The source last seen on each channel, by its four lower bits.
    private var sources: [Source?] = []

    private struct Source: Equatable {
        var channel: UInt8
        var ssrc: UInt32
    }

    init(isInStep: Bool) { self.isInStep = isInStep }

    /// Says what stands at the start of `octets`, which must not be empty.
    mutating func examine(_ octets: Span<UInt8>) -> Finding {
        isInStep ? examineInStep(octets) : search(octets)
    }

    private mutating func examineInStep(_ octets: Span<UInt8>) -> Finding {
        switch octets[0] {
        case ASCII.dollar:
            guard octets.count >= Self.headerLength else { return .more(Self.headerLength) }
            let length = Int(octets.uint16(at: 2))
            guard octets.count - Self.headerLength >= length else {
                return .more(Self.headerLength + length)
            }
            remember(octets)
            return .frame(channel: octets[1], length: length)
        case ASCII.carriageReturn, ASCII.lineFeed:
            return .blank(1)
        case let octet where octet.isLetter:
            return examineMessage(octets)
        default:
            isInStep = false
            return search(octets)
        }
    }

    private mutating func examineMessage(_ octets: Span<UInt8>) -> Finding {
        do throws(ParseFault) {
            if headEnd == nil { headEnd = try scanner.end(in: octets) }
            guard let end = headEnd else { return .moreOfHead }
            let message = try RTSPMessage(head: octets, length: end)
            let body = message.wire == .rtsp ? message.contentLength ?? 0 : 0
            guard octets.count - end >= body else { return .more(end + body) }
            restart()
            var whole = message
            whole.body = octets.copy(end..<end + body)
            return .message(whole, octets: end + body)
        } catch {
            restart()
            isInStep = false
            // What does not even begin like a message is noise, not a broken message.
            let isMessage = Self.beginsMessage(octets, 0) || octets.has("RTSP/", at: 0)
            return isMessage ? .unreadable(error) : .junk(1)
        }
    }

    private mutating func restart() {
        scanner = HeadScanner()
        headEnd = nil
    }
}

// MARK: - Searching

extension InterleavedFraming {
    /// Looks for the first place that is safe to call a beginning, and says how far it is.
    ///
    /// A frame is believed if its source is the one last seen on its channel, or if another
    /// beginning follows where it ends; four octets of header alone are too little evidence in
    /// compressed video, where `$` is every 256th octet.
    private mutating func search(_ octets: Span<UInt8>) -> Finding {
        var index = 0
        while index < octets.count {
            guard Self.mayBegin(octets[index]) else {
                index += 1
                continue
            }
            guard octets.count - index >= Self.evidenceLength else { break }
            if octets[index] != ASCII.dollar {
                guard Self.beginsMessage(octets, index) else {
                    index += 1
                    continue
                }
                return begin(at: index, octets)
            }
            guard Self.looksLikeFrame(octets, index) else {
                index += 1
                continue
            }
            if isKnownSource(octets, index) { return begin(at: index, octets) }
            let next = index + Self.headerLength + Int(octets.uint16(at: index + 2))
            guard octets.count - next >= Self.evidenceLength else {
                return index > 0 ? .junk(index) : .more(next + Self.evidenceLength)
            }
            if Self.looksLikeFrame(octets, next) || Self.beginsMessage(octets, next) {
                return begin(at: index, octets)
            }
            index += 1
        }
        return index > 0 ? .junk(index) : .more(Self.evidenceLength)
    }

    private mutating func begin(at index: Int, _ octets: Span<UInt8>) -> Finding {
        isInStep = true
        foundCount += 1
        restart()
        return index > 0 ? .junk(index) : examineInStep(octets)
    }

    /// Notes the source of a frame that could not be confirmed before octets went missing, so
    /// that a second one like it is believed.
    mutating func suspect(_ octets: Span<UInt8>) {
        guard !isInStep, octets.count >= Self.evidenceLength, octets[0] == ASCII.dollar,
            Self.looksLikeFrame(octets, 0)
        else { return }
        remember(octets)
    }

    /// Falls out of step: octets went missing.
    mutating func loseStep() {
        isInStep = false
        restart()
    }

    private static func mayBegin(_ octet: UInt8) -> Bool {
        switch octet {
        case ASCII.dollar, 0x41, 0x44, 0x47, 0x4F, 0x50, 0x52, 0x53, 0x54: true
        default: false
        }
    }

    /// Words with which a message begins, each followed by what must come next.
    private static let beginnings: [[UInt8]] = [
        "RTSP/1.0 ", "RTSP/2.0 ", "OPTIONS rtsp", "OPTIONS *", "DESCRIBE rtsp", "SETUP rtsp",
        "PLAY rtsp", "PAUSE rtsp", "TEARDOWN rtsp", "GET_PARAMETER rtsp", "SET_PARAMETER rtsp",
        "GET_PARAMETER *", "ANNOUNCE rtsp", "RECORD rtsp", "REDIRECT rtsp",
    ].map { (word: String) in Array(word.utf8) }

    private static func beginsMessage(_ octets: Span<UInt8>, _ index: Int) -> Bool {
        beginnings.contains { octets.has($0, at: index) }
    }

    /// Whether RTP, RTCP or a run of transport stream packets could be framed at `index`.
    private static func looksLikeFrame(_ octets: Span<UInt8>, _ index: Int) -> Bool {
        guard index >= 0, octets.count - index >= evidenceLength, octets[index] == ASCII.dollar
        else { return false }
        let length = Int(octets.uint16(at: index + 2))
        let first = octets[index + 4]
        if isRTCP(octets, index) {
            let packet = (Int(octets.uint16(at: index + 6)) + 1) * 4
            return packet <= length
        }
        if first >> 6 == 2 {
            // The fixed header and the contributing sources (RFC 3550 section 5.1).
            return length >= 12 + 4 * Int(first & 0x0F)
        }
        return first == 0x47 && length > 0 && length % 188 == 0
    }

    private static func isRTCP(_ octets: Span<UInt8>, _ index: Int) -> Bool {
        octets[index + 4] >> 6 == 2 && (200...207).contains(octets[index + 5])
    }

    private static func source(_ octets: Span<UInt8>, _ index: Int) -> Source? {
        guard octets.count - index >= 16, octets[index + 4] >> 6 == 2 else { return nil }
        return Source(
            channel: octets[index + 1],
            ssrc: octets.uint32(at: index + (isRTCP(octets, index) ? 8 : 12)))
    }

    private func isKnownSource(_ octets: Span<UInt8>, _ index: Int) -> Bool {
        guard !sources.isEmpty, let source = Self.source(octets, index) else { return false }
        return sources[Int(source.channel & 0x0F)] == source
    }

    private mutating func remember(_ octets: Span<UInt8>) {
        guard octets.uint16(at: 2) >= 12, let source = Self.source(octets, 0) else { return }
        if sources.isEmpty { sources = Array(repeating: nil, count: 16) }
        let slot = Int(source.channel & 0x0F)
        if sources[slot] != source { sources[slot] = source }
    }
}
