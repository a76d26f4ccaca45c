// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Synchronization

/// A free port of loopback.
enum LoopbackPort {
    /// Gives a socket such a port; nil if it cannot have one.
    static func bind(_ descriptor: Int32) -> UInt16? {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &place) { place in
            unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(descriptor, $0, length) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        return isBound ? UInt16(bigEndian: place.sin_port) : nil
    }
}

/// A camera on loopback that answers each connection with pictures by HTTP, 25 a second, or with
/// whatever a test tells it to.
final class HTTPCamera: Sendable {
    let port: UInt16
    private let listener: Int32
    private let isOver = Atomic(false)

    private static let head = Array(
        "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n".utf8)

    /// - Parameter answer: Sent once in place of pictures.
    init?(answer: [UInt8]? = nil, isListening: Bool = true) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard let port = LoopbackPort.bind(listener), !isListening || listen(listener, 8) == 0
        else { return nil }
        self.port = port
        guard isListening else { return }
        let descriptor = listener
        DispatchQueue(label: "camera").async { [self] in
            while !isOver.load(ordering: .relaxed) {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard unsafe poll(&waiting, 1, 20) > 0 else { continue }
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { continue }
                DispatchQueue(label: "connection").async { [self] in
                    serve(connection, answer)
                    close(connection)
                }
            }
            close(descriptor)
        }
    }

    /// Ends the camera's thread.
    func end() { isOver.store(true, ordering: .relaxed) }

    /// A port of loopback at which nobody listens: one that was free a moment ago.
    static func closedPort() -> UInt16? {
        guard let camera = HTTPCamera(isListening: false) else { return nil }
        close(camera.listener)
        return camera.port
    }

    private func serve(_ connection: Int32, _ answer: [UInt8]?) {
        var request = [UInt8](repeating: 0, count: 4096)
        guard unsafe read(connection, &request, request.count) > 0 else { return }
        guard Self.send(answer ?? Self.head, connection), answer == nil else { return }
        let picture: [UInt8] = [0xff, 0xd8, 0xff, 0xe0] + [UInt8](repeating: 1, count: 5000)
        let part =
            Array(
                "--b\r\nContent-Type: image/jpeg\r\nContent-Length: \(picture.count)\r\n\r\n".utf8)
            + picture + [13, 10]
        while !isOver.load(ordering: .relaxed), Self.send(part, connection) { usleep(40_000) }
    }

    private static func send(_ octets: [UInt8], _ connection: Int32) -> Bool {
        unsafe Glibc.send(connection, octets, octets.count, Int32(MSG_NOSIGNAL))
            == octets.count
    }
}
