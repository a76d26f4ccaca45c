// SPDX-License-Identifier: Apache-2.0
import RTSP

/// The heads of HTTP that open the two halves of a tunnel.
struct TunnelHead {
    private let url: RTSPURL
    private let cookie: String

    init(_ url: RTSPURL, cookie: String) {
        self.url = url
        self.cookie = cookie
    }

    /// GET, on which the server answers.
    var opensAnswers: [UInt8] { head(.get, ["Accept": HTTPTunnel.contentType]) }

    /// POST, on which the client asks; the length is one that no session reaches.
    var opensRequests: [UInt8] {
        let octets = head(.post, ["Content-Type": HTTPTunnel.contentType])
        let length = Array("Content-Length: 32767\r\n\r\n".utf8)
        return octets.dropLast(2) + length
    }

    private func head(_ method: RTSPMethod, _ own: RTSPHeaders) -> [UInt8] {
        var headers: RTSPHeaders = ["x-sessioncookie": cookie]
        for field in own.fields { headers.append(field.name, field.value) }
        headers.append("Pragma", "no-cache")
        headers.append("Cache-Control", "no-cache")
        let host = url.host.utf8.contains(0x3a) ? "[\(url.host)]" : url.host
        headers.append("Host", host)
        let target = url.path.isEmpty ? "/" : url.path
        return RTSPMessage(
            .request(method, target: RTSPMessage.Target(target)), wire: .http, headers: headers
        ).serialised()
    }

    /// Where the first head ends, or nil if it has not.
    static func end(of octets: [UInt8]) -> Int? {
        guard octets.count >= 4 else { return nil }
        let mark: [UInt8] = [13, 10, 13, 10]
        return (4...octets.count).first { octets[($0 - 4)..<$0].elementsEqual(mark) }
    }

    /// Why the server opens no tunnel; nil if it does.
    static func refusal(_ head: [UInt8]) -> ClientSessionEnd? {
        var reader = RTSPStreamReader()
        var found: RTSPMessage?
        reader.receive(head.span) { element, _ in
            if case .message(let message) = element, found == nil { found = message }
        }
        guard let found, let status = found.status else { return .nonsense(.noTunnel) }
        switch status {
        case 200: return HTTPTunnel.isOpened(by: found) ? nil : .nonsense(.noTunnel)
        case 401: return .credentialsMissing
        case 300..<400:
            return .redirected(found.headers["Location"].flatMap { try? RTSPURL(parsing: $0) })
        case 453, 503: return .busy(status: status)
        case 404: return .notFound(.get, status: status)
        default: return .refused(.get, status: status)
        }
    }
}

extension FrameWriter {
    /// A message without its proof of who asks: what meters and files may see.
    static func withoutProof(_ octets: [UInt8]) -> [UInt8] {
        let mark = Array("\r\nAuthorization:".utf8)
        guard octets.count > mark.count else { return octets }
        let start = (0...(octets.count - mark.count)).first {
            octets[$0] == 13 && octets[$0..<($0 + mark.count)].elementsEqual(mark)
        }
        guard let start,
            let end = octets[(start + 2)...].firstIndex(of: 13)
        else { return octets }
        return Array(octets[..<start] + octets[end...])
    }
}
