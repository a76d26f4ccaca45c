// SPDX-License-Identifier: Apache-2.0
import Octets
import RTSP

extension FuzzBodies {
    /// Session descriptions, announcements, headers, URLs and proofs: everything that is text.
    ///
    /// The first octet says what to take the rest for.
    public static func signalling(_ input: Span<UInt8>) throws {
        var input = FuzzInput(input)
        let choice = input.octet()
        let octets = input.rest()
        let text = String(decoding: octets, as: UTF8.self)
        switch choice % 8 {
        case 0: try description(octets)
        case 1:
            if let announcement = try? SessionAnnouncement(parsing: octets.span) {
                _ = octets[announcement.origin]
                _ = octets[announcement.authentication]
                try description(Array(octets[announcement.payload]))
            }
        case 2: try url(text)
        case 3: try proof(text)
        case 4: try transport(text)
        case 5: try session(text)
        case 6: try message(octets)
        default: try encodings(octets)
        }
    }

    private static func description(_ octets: [UInt8]) throws {
        guard let description = try? SessionDescription(parsing: octets.span) else { return }
        try BrokenProperty.unless(
            description.media.count <= SessionDescription.mediaLimit
                && description.warnings.count <= SessionDescription.warningLimit,
            "\(description.media.count) media, \(description.warnings.count) warnings")
        let base = RTSPURL(host: "192.0.2.1", path: "/a/b")
        for medium in description.media {
            _ = description.isEncrypted(medium)
            _ = base.control(medium.control)
            _ = base.controlByTheBook(medium.control)
            for format in medium.formats {
                _ = format.codec
                _ = format.packetizationMode
                _ = format.profileLevel
            }
        }
        _ = try? SessionDescription(parsing: description.serialised().span)
    }

    private static func url(_ text: String) throws {
        let hidden = RTSPURL.withoutCredentials(text)
        if let url = try? RTSPURL(parsing: hidden) {
            try BrokenProperty.unless(!url.hadCredentials, "credentials left in \(hidden)")
        }
        guard let url = try? RTSPURL(parsing: text) else { return }
        let again = try? RTSPURL(parsing: url.description)
        try BrokenProperty.unless(
            again.map { url.isSame(as: $0) } ?? false || url.description.utf8.count > RTSPURL.limit,
            "\(url.debugDescription) of \(text) reads as \(String(describing: again))")
        _ = url.control(text)
        _ = url.controlByTheBook(text)
        _ = url.effectivePort
        var response = RTSPMessage(.response(status: 200, reason: "OK"))
        response.headers.append("Content-Base", text)
        _ = RTSPURL.base(of: response, requested: url)
    }

    private static func proof(_ text: String) throws {
        let headers = AuthenticationHeader.all(parsing: [text])
        try BrokenProperty.unless(
            headers.count <= AuthenticationHeader.limit, "\(headers.count) challenges")
        let credentials = Digest.Credentials(user: "user\"", password: "pass\\word")
        for header in headers {
            guard let challenge = Digest.Challenge(header) else { continue }
            var request = RTSPMessage.request(.describe, "rtsp://192.0.2.1/", sequenceNumber: 1)
            let proof = Digest.authorization(
                challenge, credentials, method: .describe, uri: "rtsp://192.0.2.1/",
                clientNonce: "abc", hash: hash)
            request.headers.append("Authorization", proof)
            let rejection = Digest.rejection(of: request, challenge, credentials, hash: hash)
            try BrokenProperty.unless(
                rejection == nil, "own proof \(proof) is refused: \(String(describing: rejection))")
            _ = AuthenticationHeader.all(parsing: [challenge.text]).first.flatMap {
                Digest.Challenge($0)
            }
        }
        var request = RTSPMessage.request(.setup, "rtsp://192.0.2.1/", sequenceNumber: 1)
        request.headers.append("Authorization", text)
        let challenge = Digest.Challenge(
            realm: "r", nonce: "n", algorithm: .sha256, opaque: nil, coversCount: true)
        try BrokenProperty.unless(
            Digest.rejection(of: request, challenge, credentials, hash: hash) != nil,
            "a proof by chance")
    }

    /// Stands for the hash functions, of which this room has none; not to be found by chance.
    private static func hash(_ algorithm: DigestAlgorithm, _ octets: [UInt8]) -> [UInt8] {
        var state = SplitMix64(seed: UInt64(algorithm.rawValue) &+ 0x5eed)
        for octet in octets { state = SplitMix64(seed: state.next() &+ UInt64(octet)) }
        var digest: [UInt8] = []
        digest.append64(state.next())
        digest.append64(state.next())
        return digest
    }

    private static func transport(_ text: String) throws {
        guard let headers = try? TransportHeader.alternatives(parsing: text) else { return }
        try BrokenProperty.unless(
            headers.count <= TransportHeader.alternativeLimit, "\(headers.count) alternatives")
        for header in headers {
            let again = try? TransportHeader.alternatives(parsing: header.text)
            _ = header.refusal(server: "192.0.2.1", client: "192.0.2.2")
            _ = header.clientPorts?.control
            try BrokenProperty.unless(
                header.ssrcs.count <= TransportHeader.sourceLimit, "\(header.ssrcs.count) SSRCs")
            // What stands for no profile or transport that is known is not kept.
            guard header.profile != .other else { continue }
            try BrokenProperty.unless(
                again == [header], "\(header.text) reads as \(String(describing: again))")
        }
    }

    private static func session(_ text: String) throws {
        if let header = try? SessionHeader(parsing: text) {
            let again = try? SessionHeader(parsing: header.text)
            try BrokenProperty.unless(
                again == header, "\(header.text) reads as \(String(describing: again))")
            try BrokenProperty.unless(
                header.timeout >= SessionHeader.timeoutFloor, "timeout of \(header.timeout)")
        }
        if let range = PlayRange(parsing: text) {
            let again = PlayRange(parsing: range.text)
            try BrokenProperty.unless(
                again == range, "\(range.text) reads as \(String(describing: again))")
        }
        let streams = RTPInfo.entries(parsing: text)
        try BrokenProperty.unless(streams.count <= RTPInfo.entryLimit, "\(streams.count) entries")
        for stream in streams { _ = RTPInfo.entries(parsing: stream.text) }
    }

    private static func message(_ octets: [UInt8]) throws {
        guard let message = try? RTSPMessage(parsing: octets.span) else { return }
        let written = message.serialised()
        let again = try? RTSPMessage(parsing: written.span)
        // What is written keeps the rules: no tolerances, no control characters inside a line.
        let head = octets.span.extracting(0..<octets.count - message.body.count)
        let isClean = head.indices.allSatisfy { place in
            head[place] >= 0x20
                || (head[place] == 0x0d && place + 1 < head.count && head[place + 1] == 0x0a)
                || (head[place] == 0x0a && place > 0 && head[place - 1] == 0x0d)
        }
        guard message.tolerances.isEmpty, !message.isBodyCut, message.wire == .rtsp, isClean else {
            return
        }
        try BrokenProperty.unless(
            again?.start == message.start && again.map(fields(of:)) == fields(of: message)
                && again?.body == message.body,
            "\(String(decoding: written, as: UTF8.self)) reads as another message")
    }

    /// The fields but for the length of the body, which is written anew, behind the others.
    private static func fields(of message: RTSPMessage) -> [RTSPHeaders.Field] {
        message.headers.fields.filter { $0.name.lowercased() != "content-length" }
    }

    private static func encodings(_ octets: [UInt8]) throws {
        let base64 = Base64.encode(octets)
        try BrokenProperty.unless(
            Base64.decode(Array(base64.utf8), limit: octets.count) == octets, base64)
        let hexadecimal = Hexadecimal.encode(octets)
        try BrokenProperty.unless(
            Hexadecimal.decode(Array(hexadecimal.utf8), limit: octets.count) == octets,
            hexadecimal)
        _ = Base64.decode(octets, limit: 4_096)
        _ = Hexadecimal.decode(octets, limit: 4_096)
    }
}
