// SPDX-License-Identifier: Apache-2.0
import Packets

/// A TCP connection as a listener sees it: makes the frames of both sides.
struct ConversationWriter {
    enum Side { case client, server }

    var client: Endpoint
    var server: Endpoint
    var clientNext: UInt32 = 1_000
    var serverNext: UInt32 = 4_294_967_000
    var vlan: [Int] = []

    init(_ client: Endpoint, _ server: Endpoint) {
        self.client = client
        self.server = server
    }

    /// The three segments that open a connection.
    mutating func open() -> [[UInt8]] {
        let first = Frame.tcp(
            from: client, to: server, sequence: clientNext, flags: Frame.syn, vlan: vlan)
        clientNext &+= 1
        let second = Frame.tcp(
            from: server, to: client, sequence: serverNext, acknowledged: clientNext,
            flags: Frame.syn | Frame.ack, vlan: vlan)
        serverNext &+= 1
        return [first, second, acknowledgement(by: .client)]
    }

    /// The next segment of a side.
    mutating func say(_ octets: [UInt8], from side: Side) -> [UInt8] {
        switch side {
        case .client:
            defer { clientNext &+= UInt32(octets.count) }
            return Frame.tcp(
                from: client, to: server, sequence: clientNext, acknowledged: serverNext,
                vlan: vlan, octets)
        case .server:
            defer { serverNext &+= UInt32(octets.count) }
            return Frame.tcp(
                from: server, to: client, sequence: serverNext, acknowledged: clientNext,
                vlan: vlan, octets)
        }
    }

    mutating func say(_ text: String, from side: Side) -> [UInt8] {
        say(Array(text.utf8), from: side)
    }

    /// A segment without octets that acknowledges all that the other side said.
    func acknowledgement(by side: Side) -> [UInt8] {
        switch side {
        case .client:
            Frame.tcp(
                from: client, to: server, sequence: clientNext, acknowledged: serverNext,
                vlan: vlan)
        case .server:
            Frame.tcp(
                from: server, to: client, sequence: serverNext, acknowledged: clientNext,
                vlan: vlan)
        }
    }
}

/// The messages of an RTSP session of one camera (RFC 2326).
struct RTSPScript {
    var url = "rtsp://10.0.0.9/live"
    var media = RTSPScript.video
    /// Lines of the Transport header: asked for, and answered.
    var transports = [
        ("RTP/AVP/TCP;unicast;interleaved=0-1", "RTP/AVP/TCP;unicast;interleaved=0-1")
    ]

    /// H.264 with a parameter set of 1280 by 720.
    static let video = """
        m=video 0 RTP/AVP 96\r
        a=rtpmap:96 H264/90000\r
        a=fmtp:96 packetization-mode=1;\
        sprop-parameter-sets=Z2QAH6zZQFAFuwEQAAADABAAAAMDIPGDGWA=,aOvjyyLA\r
        a=control:track1\r

        """

    var description: String {
        "v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=live\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n" + media
    }

    /// Requests and answers in turn, up to PLAY.
    var dialogue: [(ConversationWriter.Side, String)] {
        var lines: [(ConversationWriter.Side, String)] = [
            (.client, "DESCRIBE \(url) RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n"),
            (
                .server,
                "RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\n"
                    + "Content-Base: \(url)/\r\nContent-Length: \(description.utf8.count)\r\n\r\n"
                    + description
            ),
        ]
        for (place, transport) in transports.enumerated() {
            lines.append(
                (
                    .client,
                    "SETUP \(url)/track\(place + 1) RTSP/1.0\r\nCSeq: \(place + 2)\r\n"
                        + "Transport: \(transport.0)\r\n\r\n"
                ))
            lines.append(
                (
                    .server,
                    "RTSP/1.0 200 OK\r\nCSeq: \(place + 2)\r\nSession: 7\r\n"
                        + "Transport: \(transport.1)\r\n\r\n"
                ))
        }
        lines.append((.client, "PLAY \(url)/ RTSP/1.0\r\nCSeq: 9\r\nSession: 7\r\n\r\n"))
        lines.append((.server, "RTSP/1.0 200 OK\r\nCSeq: 9\r\nSession: 7\r\n\r\n"))
        return lines
    }
}

/// An interleaved frame (RFC 2326 section 10.12).
func interleaved(_ channel: UInt8, _ octets: [UInt8]) -> [UInt8] {
    [UInt8(ascii: "$"), channel] + big16(octets.count) + octets
}

extension TrackerBench {
    /// Opens a connection and says a script's messages, each in a segment.
    func open(_ talk: inout ConversationWriter, _ script: RTSPScript = RTSPScript()) {
        for frame in talk.open() { send(frame) }
        for (side, text) in script.dialogue { send(talk.say(text, from: side)) }
    }
}
