// SPDX-License-Identifier: Apache-2.0

import Octets
import RTSP
import Testing

/// A part with its beginning, so that two readings can be compared.
private struct SeenPart: Hashable {
    var part: MultipartPart
    var prefix: [UInt8]
}

private func parts(
    _ pieces: [Piece], boundary: String = "myboundary", isChunked: Bool = false
) throws -> (parts: [SeenPart], reader: MultipartReader) {
    var reader = try #require(MultipartReader(boundary: boundary, isChunked: isChunked))
    var seen: [SeenPart] = []
    var started = 0
    func take(_ element: MultipartElement?) {
        switch element {
        case .partStarted: started += 1
        case .partCompleted(let part):
            #expect(reader.prefix.count == part.prefixCount)
            seen.append(SeenPart(part: part, prefix: reader.prefix))
        case nil: break
        }
    }
    for piece in pieces {
        switch piece {
        case .run(let run):
            var position = 0
            while let element = reader.next(run.span, at: &position) { take(element) }
            #expect(position == run.count)
        case .gap(let count):
            take(reader.skipped(octets: count))
        }
    }
    take(reader.ended())
    #expect(started == seen.count)
    return (seen, reader)
}

/// A picture with line ends and dashes in it, to tempt a search for the boundary.
private func picture(_ count: Int) -> [UInt8] {
    let tempting = [0xFF, 0xD8] + "\r\n--mybound\r\n--\n-\r\r\n--mymyboundary".octets
    return (0..<count).map { tempting[$0 % tempting.count] }
}

private func body(_ sizes: [Int], withLength: Bool, dashes: String = "--") -> [UInt8] {
    var octets: [UInt8] = []
    for size in sizes {
        octets += "\(dashes)myboundary\r\nContent-Type: image/jpeg\r\n".octets
        if withLength { octets += "Content-Length: \(size)\r\n".octets }
        octets += "\r\n".octets + picture(size) + "\r\n".octets
    }
    return octets + "\(dashes)myboundary--\r\n".octets
}

/// Cuts octets into chunks of transfer encoding.
private func chunked(_ octets: [UInt8], _ size: Int) -> [UInt8] {
    var result: [UInt8] = []
    for start in stride(from: 0, to: octets.count, by: size) {
        let chunk = octets[start..<min(octets.count, start + size)]
        result += "\(String(chunk.count, radix: 16));x=y\r\n".octets + chunk + "\r\n".octets
    }
    return result + "0\r\n\r\n".octets
}

@Suite struct MultipartReaderTests {
    @Test(arguments: [true, false], ["--myboundary", "myboundary"])
    func `parts are read with and without a length`(_ withLength: Bool, _ boundary: String) throws {
        let octets = body([5000, 0, 37], withLength: withLength)
        let (seen, reader) = try parts([.run(octets)], boundary: boundary)
        #expect(seen.map(\.part.octetCount) == [5000, 0, 37])
        #expect(seen.map(\.part.isWhole) == [true, true, true])
        #expect(seen[0].prefix == Array(picture(4096)))
        #expect(seen[2].prefix == picture(37))
        #expect(seen[0].part.header.contentType == "image/jpeg")
        #expect(seen[0].part.header.contentLength == (withLength ? 5000 : nil))
        #expect(reader.counters == .init())
    }

    @Test func `a server that forgets the dashes is read by its lengths`() throws {
        let (seen, _) = try parts([.run(body([100, 200], withLength: true, dashes: ""))])
        #expect(seen.map(\.part.octetCount) == [100, 200])
    }

    @Test(arguments: [true, false], [true, false])
    func `every split point gives the same parts`(_ withLength: Bool, _ isChunked: Bool) throws {
        let plain = body([300, 20], withLength: withLength)
        let octets = isChunked ? chunked(plain, 70) : plain
        let whole = try parts([.run(octets)], isChunked: isChunked)
        #expect(whole.parts.map(\.part.octetCount) == [300, 20])
        #expect(whole.reader.counters == .init())
        for split in 0...octets.count {
            let cut = try parts(
                [.run(Array(octets[..<split])), .run(Array(octets[split...]))],
                isChunked: isChunked)
            if cut.parts != whole.parts { Issue.record("split at \(split)") }
        }
        #expect(try parts(octets.map { .run([$0]) }, isChunked: isChunked).parts == whole.parts)
    }

    @Test func `what follows the last boundary begins no part in whatever run it comes`() throws {
        let last = body([20], withLength: true)
        let octets = last + body([30], withLength: true)
        let whole = try parts([.run(octets)])
        let cut = try parts([.run(last), .run(body([30], withLength: true))])
        #expect(whole.parts.map(\.part.octetCount) == [20])
        #expect(cut.parts == whole.parts)
        #expect(cut.reader.counters == whole.reader.counters)
        #expect(whole.reader.counters.strayOctets == octets.count - last.count)
    }

    @Test func `a gap inside a part with a length is passed by length`() throws {
        let octets = body([1000, 50], withLength: true)
        let start = octets.count - 1000
        let (seen, reader) = try parts([
            .run(Array(octets[..<400])), .gap(300), .run(Array(octets[700...])),
        ])
        #expect(start > 0)
        #expect(seen.map(\.part.octetCount) == [1000, 50])
        #expect(seen.map(\.part.capturedCount) == [700, 50])
        #expect(seen[0].part.prefixCount < 400)
        #expect(reader.counters.cutParts == 1)
        #expect(reader.counters.missingOctets == 300)
    }

    @Test func `a gap beyond a part ends it, and the next boundary is found`() throws {
        let octets = body([200, 200, 200], withLength: true)
        let (seen, _) = try parts([
            .run(Array(octets[..<150])), .gap(250), .run(Array(octets[400...])),
        ])
        #expect(seen.map(\.part.octetCount) == [200, 200])
        #expect(seen.map(\.part.isWhole) == [false, true])
    }

    @Test func `a gap inside a part without length counts as missing`() throws {
        let octets = body([400, 20], withLength: false)
        let (seen, _) = try parts([
            .run(Array(octets[..<200])), .gap(100), .run(Array(octets[300...])),
        ])
        #expect(seen.map(\.part.octetCount) == [400, 20])
        #expect(seen.map(\.part.capturedCount) == [300, 20])
    }

    @Test func `the boundary is taken from the response`() {
        func reader(_ type: String) -> MultipartReader? {
            MultipartReader(
                response: RTSPMessage(
                    .response(status: 200, reason: "OK"), wire: .http, version: 11,
                    headers: ["Content-Type": type]))
        }
        #expect(reader("multipart/x-mixed-replace; boundary=--myboundary") != nil)
        #expect(reader("Multipart/X-Mixed-Replace;boundary=\"a b\"") != nil)
        #expect(reader("multipart/x-mixed-replace") == nil)
        #expect(reader("multipart/x-mixed-replace; boundary=--") == nil)
        #expect(reader("image/jpeg; boundary=a") == nil)
        #expect(MultipartReader(boundary: String(repeating: "a", count: 71)) == nil)
    }

    @Test func `endless lines and heads are bounded and counted`() throws {
        let long = "--myboundary\r\n".octets + Array(repeating: 0x61, count: 100_000) + [0x0A]
        let (_, reader) = try parts([.run(long)])
        #expect(reader.counters.unreadableLines == 1)
        #expect(reader.counters.strayOctets == 100_000)
    }

    @Test func `random mutations, splits and gaps never trap`() throws {
        var random = Seeded(state: 31)
        for round in 0..<1500 {
            let plain = body([200, 60, 0], withLength: round % 2 == 0)
            var rest = mutated(round % 3 == 0 ? chunked(plain, 33) : plain, &random)[...]
            var pieces: [Piece] = []
            while !rest.isEmpty {
                let count = Int.random(in: 1...min(rest.count, 90), using: &random)
                let isGap = Int.random(in: 0..<5, using: &random) == 0
                pieces.append(isGap ? .gap(count) : .run(Array(rest.prefix(count))))
                rest = rest.dropFirst(count)
            }
            for seen in try parts(pieces, isChunked: round % 3 == 0).parts {
                let part = seen.part
                #expect(part.capturedCount <= part.octetCount)
                #expect(part.prefixCount <= part.capturedCount)
            }
        }
    }
}
