// SPDX-License-Identifier: Apache-2.0
import Octets

/// Names of sources (SDES, RFC 3550 section 6.5): per source a list of items.
///
/// ```
/// +---------------------------------------------------------------+
/// |                             SSRC                              |
/// +---------------+---------------+-------------------------------+
/// |   item type   |    length     | text in UTF-8 ...             |
/// +---------------+---------------+-------------------------------+
/// | ... type 0 ends the source's list; zeros up to a whole word   |
/// ```
public struct SourceDescription: Hashable, Sendable {
    /// One item.
    public struct Item: Hashable, Sendable {
        /// Of which source.
        public var ssrc: UInt32
        /// What it says: 1 CNAME, 2 NAME, 3 EMAIL, 4 PHONE, 5 LOC, 6 TOOL, 7 NOTE, 8 PRIV.
        public var type: UInt8
        /// Where its text lies in the datagram: 0...255 octets that should be UTF-8.
        public var text: Range<Int>
    }

    /// Sources described, 0...31.
    public let sources: Int
    private let content: Range<Int>

    init(_ frame: RTCPFrame, in datagram: Span<UInt8>) throws(ParseFault) {
        sources = frame.count
        content = frame.content
        try visitItems(in: datagram) { _ in }
    }

    /// Every item, in order, of the datagram that this was read from.
    public func forEachItem(in datagram: Span<UInt8>, _ body: (Item) -> Void) {
        // Cannot throw: the initialiser went the same way.
        try? visitItems(in: datagram, body)
    }

    /// Where the canonical name (CNAME) of `ssrc` lies; of the first source that has one, if nil.
    public func canonicalName(of ssrc: UInt32? = nil, in datagram: Span<UInt8>) -> Range<Int>? {
        var found: Range<Int>?
        forEachItem(in: datagram) { item in
            if found == nil, item.type == 1, ssrc == nil || ssrc == item.ssrc { found = item.text }
        }
        return found
    }

    private func visitItems(
        in datagram: Span<UInt8>, _ body: (Item) -> Void
    ) throws(ParseFault) {
        var place = content.lowerBound
        let content = datagram.extracting(0..<self.content.upperBound)
        for _ in 0..<sources {
            try content.require(4, at: place, .rtcp, "source description")
            let ssrc = content.uint32(at: place)
            place += 4
            while true {
                // Some senders leave out the final zero when the text ends a word.
                guard place < content.count else { break }
                let type = content[place]
                guard type != 0 else { break }
                try content.require(2, at: place, .rtcp, "description item")
                let length = Int(content[place + 1])
                try content.require(length, at: place + 2, .rtcp, "description text")
                body(Item(ssrc: ssrc, type: type, text: (place + 2)..<(place + 2 + length)))
                place += 2 + length
            }
            // Past the zero, to the next whole word; packets begin on whole words.
            place = self.content.lowerBound + ((place - self.content.lowerBound) / 4 + 1) * 4
        }
    }
}

/// Sources that leave, and perhaps why (BYE, RFC 3550 section 6.6).
///
/// ```
/// +---------------------------------------------------------------+
/// |                       SC times an SSRC                        |
/// +---------------+-----------------------------------------------+
/// |    length     | reason in UTF-8 ...                           |
/// ```
public struct Goodbye: Hashable, Sendable {
    /// How many sources leave, 0...31.
    public let sources: Int
    /// Where the reason lies in the datagram; nil if none is given, or if it is broken.
    public let reason: Range<Int>?
    private let offset: Int

    init(_ frame: RTCPFrame, in datagram: Span<UInt8>) throws(ParseFault) {
        try frame.require(4 * frame.count, "sources that leave")
        sources = frame.count
        offset = frame.content.lowerBound
        let place = offset + 4 * sources
        if place < frame.contentEnd, Int(datagram[place]) <= frame.contentEnd - place - 1 {
            reason = (place + 1)..<(place + 1 + Int(datagram[place]))
        } else {
            reason = nil
        }
    }

    /// The source at `index`, 0..<sources, of the datagram that this was read from.
    public func ssrc(at index: Int, in datagram: Span<UInt8>) -> UInt32 {
        precondition((0..<sources).contains(index))
        return datagram.uint32(at: offset + 4 * index)
    }
}

/// A packet that an application defines (APP, RFC 3550 section 6.7).
public struct ApplicationPacket: Hashable, Sendable {
    /// Who sends.
    public let ssrc: UInt32
    /// The application's own number, 0...31.
    public let subtype: UInt8
    /// Four ASCII characters, as one big-endian number.
    public let name: UInt32
    /// Where the application's data lie in the datagram.
    public let content: Range<Int>

    init(_ frame: RTCPFrame, in datagram: Span<UInt8>) throws(ParseFault) {
        try frame.require(8, "application packet")
        ssrc = datagram.uint32(at: frame.content.lowerBound)
        subtype = UInt8(frame.count)
        name = datagram.uint32(at: frame.content.lowerBound + 4)
        content = (frame.content.lowerBound + 8)..<frame.contentEnd
    }
}

/// Feedback of a receiver to a sender (RFC 4585 section 6.1).
///
/// ```
/// +---+-+---------+---------------+-------------------------------+
/// |V=2|P| format  | PT 205 or 206 |             length            |
/// +---+-+---------+---------------+-------------------------------+
/// |                  SSRC of who sends this                       |
/// +---------------------------------------------------------------+
/// |                  SSRC of the stream meant                     |
/// +---------------------------------------------------------------+
/// |              feedback control information ...                 |
/// ```
public struct FeedbackPacket: Hashable, Sendable {
    /// What a format means, of those that tell of trouble.
    public enum Kind: Hashable, Sendable {
        /// Generic NACK (RFC 4585 section 6.2.1): packets are missing.
        case negativeAcknowledgement
        /// PLI (RFC 4585 section 6.3.1): a picture is lost.
        case pictureLoss
        /// FIR (RFC 5104 section 4.3.1): a key frame is wanted.
        case fullIntraRequest
        /// Another format.
        case other
    }

    /// Who sends.
    public let ssrc: UInt32
    /// The stream meant; 0 where the control information names it.
    public let mediaSSRC: UInt32
    /// The format (FMT), 0...31; its meaning depends on the packet type.
    public let format: UInt8
    /// What the format means.
    public let kind: Kind
    /// Where the control information lies in the datagram.
    public let content: Range<Int>

    init(_ frame: RTCPFrame, in datagram: Span<UInt8>) throws(ParseFault) {
        try frame.require(8, "feedback packet")
        ssrc = datagram.uint32(at: frame.content.lowerBound)
        mediaSSRC = datagram.uint32(at: frame.content.lowerBound + 4)
        format = UInt8(frame.count)
        kind =
            switch (frame.packetType, frame.count) {
            case (205, 1): .negativeAcknowledgement
            case (206, 1): .pictureLoss
            case (206, 4): .fullIntraRequest
            default: .other
            }
        content = (frame.content.lowerBound + 8)..<frame.contentEnd
    }
}
