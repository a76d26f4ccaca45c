// SPDX-License-Identifier: Apache-2.0

/// The RTSP dialogue over TCP that opens a stream, segment by segment.
struct SignallingScript: Sendable {
    /// Time between two segments, ns.
    static let spacing: Int64 = 2_000_000
    private let segments: [[UInt8]]

    /// Segments of the dialogue: three to connect, four requests and their answers.
    static let steps = 11
    /// How long the dialogue takes, ns.
    static let nanoseconds = Int64(steps + 1) * spacing

    init(
        route: Route, number: Int, video: VideoLoop, ssrc: UInt32, sequence: UInt16,
        timestamp: UInt32
    ) {
        let texts = SignallingScript.texts(
            route: route, number: number, video: video, ssrc: ssrc, sequence: sequence,
            timestamp: timestamp)
        var toCamera = route.reversed
        toCamera.source.port = UInt16(40_000 + number % 20_000)
        toCamera.target.port = 554
        var client = Conversation(toCamera, sequence: ssrc &* 3)
        var server = Conversation(toCamera.reversed, sequence: ssrc &* 5)
        var segments = [client.open(), server.open(acknowledging: client)]
        segments.append(client.segment([], acknowledging: server))
        for (index, text) in texts.enumerated() {
            let octets = Array(text.utf8)
            let segment =
                index % 2 == 0
                ? client.segment(octets, acknowledging: server)
                : server.segment(octets, acknowledging: client)
            segments.append(segment)
        }
        self.segments = segments
    }

    /// Appends segment `step` as a packet and returns its length.
    func append(step: Int, to octets: inout [UInt8]) -> Int {
        octets.append(contentsOf: segments[step])
        return segments[step].count
    }

    /// Requests and answers in turn.
    private static func texts(
        route: Route, number: Int, video: VideoLoop, ssrc: UInt32, sequence: UInt16,
        timestamp: UInt32
    ) -> [String] {
        let host =
            route.source.isIPv6 ? "[\(route.source.addressText)]" : route.source.addressText
        let url = "rtsp://\(host)/camera\(number + 1)"
        let agent = "User-Agent: Kuzet simulation\r\n"
        let session = "Session: \(UInt64(ssrc) &+ 100_000_000)"
        let ports = "\(route.target.port)-\(route.target.port + 1)"
        let servers = "\(route.source.port)-\(route.source.port + 1)"
        let description = VideoDescription(video).text(
            address: route.source.addressText, isIPv6: route.source.isIPv6)
        let transport = "Transport: RTP/AVP;unicast;client_port=\(ports)"
        let identifier =
            "\(String(repeating: "0", count: ssrc.leadingZeroBitCount / 4))"
            + (ssrc == 0 ? "" : String(ssrc, radix: 16, uppercase: true))
        return [
            "OPTIONS \(url) RTSP/1.0\r\nCSeq: 1\r\n\(agent)\r\n",
            "RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, "
                + "GET_PARAMETER, TEARDOWN\r\n\r\n",
            "DESCRIBE \(url) RTSP/1.0\r\nCSeq: 2\r\nAccept: application/sdp\r\n\(agent)\r\n",
            "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\n"
                + "Content-Base: \(url)/\r\nContent-Length: \(description.utf8.count)\r\n\r\n"
                + description,
            "SETUP \(url)/track1 RTSP/1.0\r\nCSeq: 3\r\n\(transport)\r\n\(agent)\r\n",
            "RTSP/1.0 200 OK\r\nCSeq: 3\r\n\(session);timeout=60\r\n\(transport)"
                + ";server_port=\(servers);ssrc=\(identifier)\r\n\r\n",
            "PLAY \(url)/ RTSP/1.0\r\nCSeq: 4\r\n\(session)\r\nRange: npt=0.000-\r\n\(agent)\r\n",
            "RTSP/1.0 200 OK\r\nCSeq: 4\r\n\(session)\r\nRange: npt=0.000-\r\n"
                + "RTP-Info: url=\(url)/track1;seq=\(sequence);rtptime=\(timestamp)\r\n\r\n",
        ]
    }

    /// One direction of a TCP connection (RFC 9293).
    private struct Conversation {
        private let route: Route
        private var sequence: UInt32

        init(_ route: Route, sequence: UInt32) {
            self.route = route
            self.sequence = sequence
        }

        mutating func open(acknowledging peer: Conversation? = nil) -> [UInt8] {
            defer { sequence &+= 1 }
            return packet([], flags: peer == nil ? 0x02 : 0x12, acknowledged: peer?.sequence ?? 0)
        }

        mutating func segment(_ octets: [UInt8], acknowledging peer: Conversation) -> [UInt8] {
            defer { sequence &+= UInt32(octets.count) }
            return packet(
                octets, flags: octets.isEmpty ? 0x10 : 0x18, acknowledged: peer.sequence)
        }

        private func packet(_ payload: [UInt8], flags: UInt8, acknowledged: UInt32) -> [UInt8] {
            var octets = route.headers(protocol: 6)
            let start = octets.count
            octets.append16(route.source.port)
            octets.append16(route.target.port)
            octets.append32(sequence)
            octets.append32(acknowledged)
            octets += [0x50, flags, 0xff, 0xff, 0, 0, 0, 0]
            octets += payload
            let length = octets.count - start
            route.finishInternetHeader(
                at: route.linkLength, payload: length,
                identification: UInt16(truncatingIfNeeded: sequence), in: &octets)
            let sum =
                route.pseudoSum(protocol: 6) + UInt64(length)
                + UInt64(octets.onesComplementSum(start..<octets.count))
            octets.put16(~folded(sum), at: start + 16)
            return octets
        }
    }
}
