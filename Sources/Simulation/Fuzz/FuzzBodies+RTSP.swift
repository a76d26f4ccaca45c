// SPDX-License-Identifier: Apache-2.0
import Octets
import RTSP

extension FuzzBodies {
    /// One direction of a connection: RTSP, interleaved frames, HTTP, tunnels and parts.
    ///
    /// The input is a choice, three octets of seed, and the stream. Whatever way the stream is
    /// cut, the same elements must come out; with gaps in it, nothing may be held without bound.
    public static func rtsp(_ input: Span<UInt8>) throws {
        var input = FuzzInput(input)
        let choice = input.octet()
        let seed = UInt64(input.octet()) << 16 | UInt64(input.number16())
        if choice & 0x7 == 7 { return try parts(&input, choice, seed) }
        let octets = input.rest()
        let midStream = choice & 1 != 0
        let whole = try connection([octets], midStream, gaps: nil)
        for way in [cut(octets, seed: seed), octets.count > 1_024 ? [] : octets.map { [$0] }]
        where !way.isEmpty {
            let cut = try connection(way, midStream, gaps: nil)
            try BrokenProperty.unless(
                cut.seen == whole.seen,
                "cut into \(way.count) runs: \(difference(cut.seen, whole.seen))")
            try BrokenProperty.unless(
                cut.reader.counters == whole.reader.counters,
                "cut: \(cut.reader.counters), whole: \(whole.reader.counters)")
        }
        _ = try connection(cut(octets, seed: seed), midStream, gaps: seed)
        try observe(whole.seen, fromClient: choice & 2 != 0)
        var decoder = TunnelDecoder()
        var decoded: [UInt8] = []
        decoder.decode(octets.span, into: &decoded)
        try BrokenProperty.unless(
            decoded.count <= octets.count, "base64 of \(octets.count) gave \(decoded.count)")
    }

    /// Reads runs to the end of the connection; with `gaps`, some runs are lost instead.
    private static func connection(
        _ runs: [[UInt8]], _ midStream: Bool, gaps: UInt64?
    ) throws -> (seen: [SeenElement], reader: RTSPStreamReader) {
        var reader = RTSPStreamReader(startsMidStream: midStream)
        var random = gaps.map { SplitMix64(seed: $0) }
        var seen: [SeenElement] = []
        for run in runs {
            if let lost = random?.next(), lost & 3 == 0 {
                let count = lost & 4 == 0 ? run.count : Int(lost >> 45)
                let element = reader.skipped(octets: count)
                seen.add(late: element, of: reader)
            } else {
                reader.receive(run.span) { element, octets in
                    seen.add(element, octets.indices.map { octets[$0] })
                }
            }
            try BrokenProperty.unless(
                reader.gatheredCount <= RTSPStreamReader.gatherLimit,
                "the reader holds \(reader.gatheredCount) octets")
        }
        let element = reader.ended()
        seen.add(late: element, of: reader)
        return (seen, reader)
    }

    private static func difference(_ cut: [SeenElement], _ whole: [SeenElement]) -> String {
        let place = zip(cut, whole).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        guard let place else { return "\(cut.count) elements and not \(whole.count)" }
        return "element \(place) is \(cut[place]) and not \(whole[place])"
    }

    /// What a listener concludes from the messages.
    private static func observe(_ seen: [SeenElement], fromClient: Bool) throws {
        var session = ObservedSession()
        for case .message(let message) in seen {
            let isRequest = message.method != nil
            _ = session.observed(message, from: isRequest == fromClient ? .server : .client)
            _ = session.observed(message, from: isRequest == fromClient ? .client : .server)
            _ = HTTPTunnel.half(openedBy: message)
            _ = HTTPTunnel.isOpened(by: message)
            _ = message.description
            var dialogue = AuthenticationDialogue(allowsBasic: fromClient)
            for _ in 0..<4 { _ = dialogue.challenged(by: message) }
        }
        try BrokenProperty.unless(
            session.media.count <= ObservedSession.mediaLimit
                && session.descriptions.count <= ObservedSession.descriptionLimit,
            "\(session.media.count) media, \(session.descriptions.count) descriptions")
    }

    /// A body in parts: the boundary's length, the boundary, the body.
    private static func parts(
        _ input: inout FuzzInput, _ choice: UInt8, _ seed: UInt64
    ) throws {
        let boundary = String(decoding: input.take(Int(input.octet() & 0x7f)), as: UTF8.self)
        let octets = input.rest()
        let isChunked = choice & 0x8 != 0
        guard let reader = MultipartReader(boundary: boundary, isChunked: isChunked) else { return }
        let whole = read([octets], reader, gaps: nil)
        let cutRuns = cut(octets, seed: seed)
        for way in [cutRuns, octets.count > 1_024 ? cutRuns : octets.map { [$0] }] {
            let cut = read(way, reader, gaps: nil)
            try BrokenProperty.unless(
                cut.seen == whole.seen && cut.reader.counters == whole.reader.counters,
                "cut into \(way.count) runs: \(cut.seen) and not \(whole.seen)")
        }
        let gapped = read(cutRuns, reader, gaps: seed).reader
        try BrokenProperty.unless(
            gapped.prefix.count <= MultipartReader.prefixLimit,
            "the reader holds \(gapped.prefix.count) octets")
    }

    private static func read(
        _ runs: [[UInt8]], _ fresh: MultipartReader, gaps: UInt64?
    ) -> (seen: [SeenPart], reader: MultipartReader) {
        var reader = fresh
        var random = gaps.map { SplitMix64(seed: $0) }
        var seen: [SeenPart] = []
        func add(_ element: MultipartElement) {
            if case .partCompleted(let part) = element {
                seen.append(SeenPart(element: element, prefix: reader.prefix))
                assert(part.prefixCount <= reader.prefix.count)
            } else {
                seen.append(SeenPart(element: element, prefix: []))
            }
        }
        for run in runs {
            if let lost = random?.next(), lost & 3 == 0 {
                let count = lost & 4 == 0 ? run.count : Int(lost >> 45)
                if let element = reader.skipped(octets: count) { add(element) }
                continue
            }
            var position = 0
            while let element = reader.next(run.span, at: &position) { add(element) }
        }
        if let element = reader.ended() { add(element) }
        return (seen, reader)
    }
}

/// An element of a body in parts, with the octets it points at.
private struct SeenPart: Hashable {
    var element: MultipartElement
    var prefix: [UInt8]
}

/// An element with its octets, so that two readings can be compared.
enum SeenElement: Hashable {
    case message(RTSPMessage)
    case frame(channel: UInt8, length: Int, captured: Int, prefix: [UInt8])
    case body([UInt8])
    case unreadable(ParseFault)
}

extension [SeenElement] {
    /// Adds an element; octets of a body join those before, since they come as they come.
    mutating func add(_ element: RTSPElement, _ octets: [UInt8]) {
        switch element {
        case .message(let message): append(.message(message))
        case .interleaved(let frame):
            append(
                .frame(
                    channel: frame.channel, length: frame.length, captured: frame.capturedCount,
                    prefix: octets))
        case .httpBody:
            if case .body(let before)? = last {
                removeLast()
                append(.body(before + octets))
            } else {
                append(.body(octets))
            }
        case .unreadable(let fault): append(.unreadable(fault))
        }
    }

    /// Adds what a gap or the end of the connection cut off.
    mutating func add(late element: RTSPElement?, of reader: RTSPStreamReader) {
        guard let element else { return }
        if case .interleaved(let frame) = element {
            add(element, reader.copy(of: frame.payload))
        } else {
            add(element, [])
        }
    }
}
