// SPDX-License-Identifier: Apache-2.0

import Octets
import RTSP
import Testing

/// An element with its octets, so that two readings can be compared.
enum Seen: Hashable {
    case message(RTSPMessage)
    case frame(channel: UInt8, length: Int, captured: Int, prefix: [UInt8])
    case body([UInt8])
    case unreadable(ParseFault)
}

/// What a stream is made of in a test: octets, or a gap.
enum Piece {
    case run([UInt8])
    case gap(Int)
}

func copy(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }

/// Reads pieces to the end of the connection; neighbouring octets of a body are joined.
func read(_ pieces: [Piece], midStream: Bool = false) -> (seen: [Seen], reader: RTSPStreamReader) {
    var reader = RTSPStreamReader(startsMidStream: midStream)
    var seen: [Seen] = []
    func take(_ element: RTSPElement, _ octets: [UInt8]) {
        switch element {
        case .message(let message): seen.append(.message(message))
        case .interleaved(let frame):
            seen.append(
                .frame(
                    channel: frame.channel, length: frame.length, captured: frame.capturedCount,
                    prefix: octets))
        case .httpBody:
            if case .body(let before)? = seen.last {
                seen.removeLast(); seen.append(.body(before + octets))
            } else {
                seen.append(.body(octets))
            }
        case .unreadable(let fault): seen.append(.unreadable(fault))
        }
    }
    func late(_ element: RTSPElement?) {
        guard let element else { return }
        if case .interleaved(let frame) = element {
            take(element, reader.copy(of: frame.payload))
        } else {
            take(element, [])
        }
    }
    for piece in pieces {
        switch piece {
        case .run(let run):
            reader.receive(run.span) { element, octets in take(element, copy(octets)) }
        case .gap(let count):
            late(reader.skipped(octets: count))
        }
        #expect(reader.gatheredCount <= RTSPStreamReader.gatherLimit)
    }
    late(reader.ended())
    return (seen, reader)
}

/// An interleaved frame of RTP.
func rtpFrame(
    channel: UInt8 = 0, sequence: UInt16 = 1, ssrc: UInt32 = 0x1122_3344, payload: Int = 40
) -> [UInt8] {
    let length = 12 + payload
    var frame: [UInt8] = [0x24, channel, UInt8(length >> 8), UInt8(length & 0xFF), 0x80, 96]
    frame += [UInt8(sequence >> 8), UInt8(sequence & 0xFF), 0, 0, 0, 1]
    frame += (0..<4).map { UInt8(truncatingIfNeeded: ssrc >> (24 - 8 * $0)) }
    return frame + (0..<payload).map { UInt8(truncatingIfNeeded: $0) }
}

@Suite struct RTSPStreamReaderTests {
    static let transcripts = [
        "gst_digest_client.txt", "gst_digest_server.txt", "vlc_server.txt",
        "interleaved_server.hex", "tunnel_answers.hex", "tunnel_post.txt", "trex_dss_server.txt",
    ]

    @Test func `a transcript gives its messages and frames`() throws {
        let (seen, reader) = read([.run(try fixture("interleaved_server.hex"))])
        let messages = seen.compactMap {
            if case .message(let message) = $0 { message } else { nil }
        }
        #expect(messages.map(\.status) == [200, 200, 200, 200])
        #expect(messages.map(\.sequenceNumber) == [1, 2, 3, 4])
        #expect(messages[1].contentType == "application/sdp")
        #expect(messages[1].body.count == messages[1].contentLength)
        #expect(seen.count == 4 + 9)
        #expect(reader.counters == RTSPStreamReader.Counters())
    }

    @Test(arguments: transcripts)
    func `every split point gives the same elements`(_ name: String) throws {
        // Enough for the messages and a few frames; all of it would take a minute.
        let octets = Array(try fixture(name).prefix(3000))
        let whole = read([.run(octets)]).seen
        #expect(!whole.isEmpty)
        for split in 0...octets.count {
            let parts = read([.run(Array(octets[..<split])), .run(Array(octets[split...]))])
            if parts.seen != whole { Issue.record("split at \(split)") }
        }
        #expect(read(octets.map { .run([$0]) }).seen == whole)
    }

    @Test func `random splits of broken streams give the same elements`() throws {
        var random = Seeded(state: 7)
        for name in Self.transcripts {
            let original = try fixture(name)
            for _ in 0..<60 {
                let octets = mutated(original, &random)
                let midStream = Bool.random(using: &random)
                let whole = read([.run(octets)], midStream: midStream)
                var pieces: [Piece] = []
                var rest = octets[...]
                while !rest.isEmpty {
                    let count = Int.random(in: 1...min(rest.count, 700), using: &random)
                    pieces.append(.run(Array(rest.prefix(count))))
                    rest = rest.dropFirst(count)
                }
                let parts = read(pieces, midStream: midStream)
                #expect(parts.seen == whole.seen)
                #expect(parts.reader.counters == whole.reader.counters)
            }
        }
    }

    @Test func `random gaps never trap and lose no step for ever`() throws {
        var random = Seeded(state: 11)
        let octets = try fixture("interleaved_server.hex")
        for _ in 0..<1500 {
            var pieces: [Piece] = []
            var rest = octets[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...min(rest.count, 900), using: &random)
                let isGap = Int.random(in: 0..<4, using: &random) == 0
                pieces.append(isGap ? .gap(count) : .run(Array(rest.prefix(count))))
                rest = rest.dropFirst(count)
            }
            // Two frames of a source already known, behind whatever happened before.
            pieces.append(.run(rtpFrame(sequence: 1) + rtpFrame(sequence: 2)))
            pieces.append(.run(rtpFrame(sequence: 3)))
            let seen = read(pieces).seen
            guard case .frame(_, 52, 52, _)? = seen.last else {
                Issue.record("no frame at the end")
                continue
            }
        }
    }

    @Test func `a frame cut by the snap length goes on by length`() {
        let frame = rtpFrame(payload: 1388)
        let answer = "RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n".octets
        let (seen, reader) = read([
            .run(answer + frame[..<96]), .gap(frame.count - 96), .run(rtpFrame(sequence: 2)),
        ])
        #expect(seen.count == 3)
        #expect(
            seen[1]
                == .frame(channel: 0, length: 1400, captured: 92, prefix: Array(frame[4..<96])))
        #expect(reader.counters.junkOctets == 0)
        #expect(reader.counters.cutFrames == 1)
    }

    @Test func `octets behind a gap inside a frame count as captured`() {
        let frame = rtpFrame(payload: 100)
        let (seen, _) = read([
            .run(Array(frame[..<40])), .gap(10), .run(frame[50...] + rtpFrame(sequence: 2)),
        ])
        #expect(
            seen.first
                == .frame(channel: 0, length: 112, captured: 102, prefix: Array(frame[4..<40])))
        #expect(seen.count == 2)
    }

    @Test func `a gap that swallows a header is followed by a search`() {
        let first = rtpFrame(sequence: 1)
        let third = rtpFrame(sequence: 3)
        let (seen, reader) = read([
            .run(Array(first[..<30])), .gap(26 + 20), .run(Array(rtpFrame(sequence: 2)[20...])),
            .run(third + rtpFrame(sequence: 4)),
        ])
        #expect(seen.count == 3)
        #expect(
            seen[1]
                == .frame(channel: 0, length: 52, captured: 52, prefix: Array(third[4...])))
        #expect(reader.counters.resynchronisations == 1)
        #expect(reader.counters.junkOctets == 36)
    }

    @Test func `a stream cut by the snap length is found again by its source`() {
        var pieces: [Piece] = []
        // Segments of 700 octets, of which 400 were captured, over frames of 1000.
        let stream = (1...20).flatMap { rtpFrame(sequence: UInt16($0), payload: 984) }
        for start in stride(from: 350, to: stream.count - 700, by: 700) {
            pieces.append(.run(Array(stream[start..<start + 400])))
            pieces.append(.gap(300))
        }
        let (seen, reader) = read(pieces, midStream: true)
        #expect(seen.count > 5)
        for case .frame(_, let length, _, let prefix) in seen {
            #expect(length == 996)
            #expect(prefix.starts(with: [0x80, 96]))
        }
        #expect(reader.counters.missingOctets > 0)
    }

    @Test func `dollar signs inside compressed video are not taken for frames`() {
        // What looks like a frame header leads to nowhere.
        var noise = (0..<600).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        noise[100] = 0x24
        noise[101] = 0
        noise[102] = 0
        noise[103] = 40
        noise[104] = 0x80
        let (seen, _) = read(
            [.run(noise + rtpFrame(sequence: 1) + rtpFrame(sequence: 2))], midStream: true)
        #expect(seen.count == 2)
    }

    @Test func `row 35 an unknown channel is passed by its length`() {
        let frame = rtpFrame(channel: 250)
        let (seen, reader) = read([.run(frame + "RTSP/1.0 200 OK\r\n\r\n".octets)])
        #expect(seen.count == 2)
        #expect(
            seen[0] == .frame(channel: 250, length: 52, captured: 52, prefix: Array(frame[4...])))
        #expect(reader.counters.junkOctets == 0)
    }

    @Test func `row 35 a frame in the middle of a head ends the message and is found`() {
        let frames = rtpFrame(sequence: 1) + rtpFrame(sequence: 2)
        let (seen, reader) = read([
            .run("RTSP/1.0 200 OK\r\nCSeq: 1\r\n".octets + frames + "\r\n".octets)
        ])
        #expect(seen.count == 3)
        guard case .unreadable(let fault) = seen[0] else { Issue.record("read"); return }
        #expect(fault.field == "control character")
        #expect(reader.counters.unreadableMessages == 1)
    }

    @Test func `row 35 a frame as long as can be is gathered and no more`() {
        let frame = rtpFrame(payload: 65_535 - 12)
        let (seen, reader) = read(
            stride(from: 0, to: frame.count, by: 1000).map {
                .run(Array(frame[$0..<min($0 + 1000, frame.count)]))
            })
        #expect(
            seen == [
                .frame(channel: 0, length: 65_535, captured: 65_535, prefix: Array(frame[4...]))
            ]
        )
        #expect(reader.counters.cutFrames == 0)
    }

    @Test func `row 30 a head that never ends is refused at the limit`() {
        let endless = Array(repeating: "X-Filler: 0123456789\r\n", count: 5000).joined()
        let (seen, reader) = read([.run("OPTIONS rtsp://c/ RTSP/1.0\r\n".octets + endless.octets)])
        guard case .unreadable(let fault)? = seen.first else { Issue.record("read"); return }
        #expect(fault.kind == .overLimit)
        #expect(reader.counters.unreadableMessages == 1)
    }

    @Test func `row 30 a reader says that it waits inside a message`() {
        var reader = RTSPStreamReader()
        #expect(!reader.isInsideMessage)
        reader.receive("RTSP/1.0 200 OK\r\nCS".octets.span) { _, _ in }
        #expect(reader.isInsideMessage)
        reader.receive("eq: 1\r\n\r\n".octets.span) { _, _ in }
        #expect(!reader.isInsideMessage)
    }

    @Test func `row 31 a body longer than promised is passed over`() {
        let (seen, reader) = read([
            .run(
                "RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 4\r\n\r\nv=0\no=-\nm=video\n".octets
                    + "RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n".octets)
        ])
        #expect(seen.count == 2)
        #expect(reader.counters.junkOctets == 12)
        #expect(reader.counters.resynchronisations == 1)
    }

    @Test func `a body with missing octets is given as far as it was captured`() {
        let (seen, _) = read([
            .run("RTSP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nabc".octets), .gap(5),
            .run("ijRTSP/1.0 404 \r\n\r\n".octets),
        ])
        guard seen.count == 2, case .message(let first) = seen[0],
            case .message(let second) = seen[1]
        else { Issue.record("not two messages"); return }
        #expect(first.body == "abc".octets)
        #expect(first.isBodyCut)
        #expect(second.status == 404)
    }

    @Test func `a tunnel is read in both directions`() throws {
        let answers = read([.run(try fixture("tunnel_answers.hex"))])
        #expect(answers.seen.count == 1 + 4 + 12)
        #expect(answers.reader.counters == RTSPStreamReader.Counters())
        let requests = read([.run(try fixture("tunnel_post.txt"))])
        let methods = requests.seen.map { (element) -> RTSPMethod? in
            if case .message(let message) = element { message.method } else { nil }
        }
        #expect(methods == [.post, .options, .describe, .setup, .play, .teardown])
        #expect(requests.reader.counters == RTSPStreamReader.Counters())
    }

    @Test func `the body of HTTP is handed over as it comes`() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".octets
        let (seen, _) = read([.run(head + "hello".octets + head + "again".octets)])
        #expect(seen.count == 4)
        #expect(seen[1] == .body("hello".octets))
        #expect(seen[3] == .body("again".octets))
    }

    @Test func `transport stream in interleaved frames is found in mid stream`() {
        let packet: [UInt8] = [0x47] + Array(repeating: 0x11, count: 187)
        let frame: [UInt8] = [0x24, 0, 0x05, 0x24] + (0..<7).flatMap { _ in packet }
        let (seen, _) = read([.run(Array(frame[500...]) + frame + frame)], midStream: true)
        #expect(seen.count == 2)
    }

    @Test func `the end of a connection gives up the frame that was cut`() {
        let frame = rtpFrame(payload: 100)
        let (seen, _) = read([.run(Array(frame[..<50]))])
        #expect(
            seen == [.frame(channel: 0, length: 112, captured: 46, prefix: Array(frame[4..<50]))])
    }
}
