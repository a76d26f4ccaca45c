// SPDX-License-Identifier: Apache-2.0

extension RTSPMessage {
    /// Makes a request.
    ///
    /// - Parameters:
    ///   - target: a URL without credentials, or `*`.
    ///   - sequenceNumber: counts up with each request of a connection.
    public static func request(
        _ method: RTSPMethod, _ target: String, sequenceNumber: UInt32,
        headers: RTSPHeaders = RTSPHeaders(), body: [UInt8] = []
    ) -> RTSPMessage {
        var all: RTSPHeaders = ["CSeq": String(sequenceNumber)]
        for field in headers.fields { all.append(field.name, field.value) }
        return RTSPMessage(.request(method, target: Target(target)), headers: all, body: body)
    }

    /// Makes the answer to a request: its sequence number, and its version as far as spoken.
    public static func response(
        _ status: Int, to request: RTSPMessage, headers: RTSPHeaders = RTSPHeaders(),
        body: [UInt8] = []
    ) -> RTSPMessage {
        var all = RTSPHeaders()
        if let sequence = request.headers["CSeq"] { all.append("CSeq", sequence) }
        for field in headers.fields { all.append(field.name, field.value) }
        return RTSPMessage(
            .response(status: status, reason: reason(of: status)), wire: request.wire,
            version: request.version, headers: all, body: body)
    }

    /// The octets to send.
    ///
    /// Adds `Content-Length` if there is a body. Line ends and NUL inside names and values
    /// become blanks: a value that came from a peer cannot add a header.
    public func serialised() -> [UInt8] {
        var octets: [UInt8] = []
        let version = "\(wire.rawValue)/\(version / 10).\(version % 10)"
        switch start {
        case .request(let method, let target):
            RTSPMessage.append("\(method) \(target.text) \(version)", to: &octets)
        case .response(let status, let reason):
            RTSPMessage.append("\(version) \(status) \(reason)", to: &octets)
        }
        for field in headers.fields where !sameWord(field.name, "Content-Length") {
            RTSPMessage.append("\(field.name): \(field.value)", to: &octets)
        }
        if !body.isEmpty || headers["Content-Length"] != nil {
            RTSPMessage.append("Content-Length: \(body.count)", to: &octets)
        }
        RTSPMessage.append("", to: &octets)
        octets += body
        return octets
    }

    private static func append(_ line: String, to octets: inout [UInt8]) {
        for octet in line.utf8 {
            let breaks =
                octet == ASCII.carriageReturn || octet == ASCII.lineFeed || octet == ASCII.nul
            octets.append(breaks ? ASCII.space : octet)
        }
        octets.append(ASCII.carriageReturn)
        octets.append(ASCII.lineFeed)
    }

    /// The usual words for a status code (RFC 2326 section 7.1.1), or `Unknown`.
    public static func reason(of status: Int) -> String {
        switch status {
        case 100: "Continue"
        case 200: "OK"
        case 301: "Moved Permanently"
        case 302: "Moved Temporarily"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 451: "Parameter Not Understood"
        case 453: "Not Enough Bandwidth"
        case 454: "Session Not Found"
        case 455: "Method Not Valid in This State"
        case 459: "Aggregate Operation Not Allowed"
        case 461: "Unsupported Transport"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 505: "RTSP Version Not Supported"
        default: "Unknown"
        }
    }
}
