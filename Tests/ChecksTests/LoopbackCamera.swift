// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import RTSP
import Synchronization

/// A camera on loopback that says what a test tells it to, and sends packets once it plays.
final class LoopbackCamera: Sendable {
    /// What to answer to a request; nil ends the connection.
    typealias Script = @Sendable (RTSPMessage) -> [UInt8]?

    /// What is sent after the answer to PLAY, or to GET of HTTP.
    enum Media: Sendable {
        case none
        /// These packets, to the client's RTP port, from a socket at this address.
        case datagrams([[UInt8]], from: String)
        /// These octets on the connection, in pieces of so many.
        case stream([UInt8], piece: Int)
    }

    let port: UInt16
    private let listener: Int32
    private let heard = Mutex<[RTSPMessage]>([])
    private let isOver = Atomic(false)

    /// The requests that came, in order.
    var requests: [RTSPMessage] { heard.withLock { $0 } }

    init?(media: Media = .none, script: @escaping Script) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard let place = LoopbackCamera.bind(listener, to: "127.0.0.1"), listen(listener, 8) == 0
        else { return nil }
        port = place
        let listener = listener
        DispatchQueue(label: "camera").async { [self] in
            while !isOver.load(ordering: .relaxed) {
                var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
                guard unsafe poll(&waiting, 1, 20) > 0 else { continue }
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { continue }
                // A queue of its own is a thread of its own: connections wait for nobody.
                DispatchQueue(label: "connection").async { [self] in
                    serve(connection, media, script)
                    _ = close(connection)
                }
            }
            _ = close(listener)
        }
    }

    /// Ends the camera's thread.
    func end() { isOver.store(true, ordering: .relaxed) }

    private func serve(_ connection: Int32, _ media: Media, _ script: Script) {
        var reader = RTSPStreamReader()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var clientPort: UInt16 = 0
        while !isOver.load(ordering: .relaxed) {
            var waiting = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, 20) > 0 else { continue }
            let count = unsafe recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            var messages: [RTSPMessage] = []
            reader.receive(buffer.span.extracting(0..<count)) { element, _ in
                if case .message(let message) = element { messages.append(message) }
            }
            for message in messages {
                heard.withLock { $0.append(message) }
                guard let answer = script(message) else { return }
                send(answer, connection)
                if let text = message.headers["Transport"],
                    let ports = try? TransportHeader.alternatives(parsing: text).first?.clientPorts
                {
                    clientPort = ports.first
                }
                if message.method == .play || message.method == .get {
                    play(media, connection, clientPort)
                }
            }
        }
    }

    private func play(_ media: Media, _ connection: Int32, _ port: UInt16) {
        switch media {
        case .none: break
        case .datagrams(let packets, let address):
            let sender = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            _ = LoopbackCamera.bind(sender, to: address)
            for packet in packets {
                var place = LoopbackCamera.address("127.0.0.1", port)
                _ = unsafe withUnsafePointer(to: &place) { place in
                    unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        unsafe sendto(
                            sender, packet, packet.count, 0, $0,
                            socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
            }
            _ = close(sender)
        case .stream(let octets, let piece):
            var start = 0
            while start < octets.count {
                let end = min(start + piece, octets.count)
                send(Array(octets[start..<end]), connection)
                start = end
            }
        }
    }

    private func send(_ octets: [UInt8], _ connection: Int32) {
        var sent = 0
        while sent < octets.count {
            let count = unsafe octets[sent...].withUnsafeBytes {
                unsafe Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    private static func address(_ host: String, _ port: UInt16) -> sockaddr_in {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        _ = unsafe inet_pton(AF_INET, host, &place.sin_addr)
        return place
    }

    /// Binds to any port; the port.
    private static func bind(_ descriptor: Int32, to host: String) -> UInt16? {
        var place = address(host, 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafeMutablePointer(to: &place) { place in
            unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(descriptor, $0, length) == 0
                    ? getsockname(descriptor, $0, &length) : -1
            }
        }
        return result == 0 ? UInt16(bigEndian: place.sin_port) : nil
    }
}

/// Packets and dialogues of a camera of these tests.
enum CameraScript {
    static let description = Array(
        """
        v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n\
        a=rtpmap:96 H264/90000\r\na=control:track1\r\n
        """.utf8)

    /// Answers as a decent camera does.
    static let decent: LoopbackCamera.Script = { request in
        var headers: RTSPHeaders = ["Session": "77;timeout=60"]
        switch request.method {
        case .options:
            return RTSPMessage.response(
                200, to: request, headers: ["Public": "DESCRIBE, SETUP, PLAY, GET_PARAMETER"]
            ).serialised()
        case .describe:
            return RTSPMessage.response(
                200, to: request, headers: ["Content-Type": "application/sdp"], body: description
            ).serialised()
        case .setup:
            headers.append("Transport", request.headers["Transport"] ?? "")
            return RTSPMessage.response(200, to: request, headers: headers).serialised()
        default: return RTSPMessage.response(200, to: request, headers: headers).serialised()
        }
    }

    /// An RTP packet of H.264: 25 frames/s, a packet a frame.
    static func packet(_ number: Int, octets: Int = 1000) -> [UInt8] {
        var packet: [UInt8] = [0x80, 0x80 | 96]
        packet += [UInt8(number >> 8 & 0xff), UInt8(number & 0xff)]
        let time = number * 3600
        packet += [24, 16, 8, 0].map { UInt8(time >> $0 & 0xff) }
        packet += [0x11, 0x22, 0x33, 0x44]
        packet += [0x41, 0x9a] + [UInt8](repeating: 0x55, count: max(0, octets - 14))
        return packet
    }

    /// The packet as a frame of an RTSP connection.
    static func frame(_ packet: [UInt8], channel: UInt8 = 0) -> [UInt8] {
        [0x24, channel, UInt8(packet.count >> 8), UInt8(packet.count & 0xff)] + packet
    }
}
