// SPDX-License-Identifier: Apache-2.0

import Octets
import RTSP
import Testing

/// The fault of reading `text` as a message, or nil if it can be read.
private func fault(of text: String, only wire: RTSPMessage.Wire? = nil) -> ParseFault? {
    do throws(ParseFault) {
        _ = try RTSPMessage(parsing: text.octets.span, only: wire)
        return nil
    } catch {
        return error
    }
}

@Suite struct RTSPMessageTests {
    @Test func `a request is read`() throws {
        let text = "ANNOUNCE rtsp://c/live RTSP/1.0\r\ncseq: 7\r\nContent-Length: 3\r\n\r\nv=0rest"
        let message = try RTSPMessage(parsing: text.octets.span)
        #expect(message.method == .announce)
        #expect(message.target?.text == "rtsp://c/live")
        #expect(message.sequenceNumber == 7)
        #expect(message.body == "v=0".octets)
        #expect(message.version == 10)
    }

    @Test func `an unknown method is a method`() throws {
        let message = try RTSPMessage(parsing: "X_PING * RTSP/1.0\r\n\r\n".octets.span)
        #expect(message.method?.rawValue == "X_PING")
    }

    @Test func `names of headers are compared without case`() throws {
        let text = "RTSP/1.0 200 OK\r\nsEsSiOn: a\r\nSession: b\r\n\r\n"
        let message = try RTSPMessage(parsing: text.octets.span)
        #expect(message.headers["SESSION"] == "a")
        #expect(message.headers.values("session") == ["a", "b"])
    }

    @Test func `folded lines and bare line feeds are put up with`() throws {
        let text = "RTSP/1.0 200 OK\nTransport: RTP/AVP;\n  unicast\nnonsense\n\n"
        let message = try RTSPMessage(parsing: text.octets.span)
        #expect(message.headers["Transport"] == "RTP/AVP; unicast")
        #expect(message.tolerances == [.bareLineFeed, .foldedLine, .lineWithoutColon])
    }

    @Test func `row 29 a status line without reason is accepted`() throws {
        for text in ["RTSP/1.0 200\r\n\r\n", "RTSP/1.0 200 \r\n\r\n"] {
            let message = try RTSPMessage(parsing: text.octets.span)
            #expect(message.status == 200)
            #expect(message.tolerances.contains(.noReason))
        }
    }

    @Test func `row 29 other status lines are refused`() {
        #expect(
            fault(of: "HTTP/1.1 200 OK\r\n\r\n", only: .rtsp)?.field.contains("status line") == true
        )
        for code in ["99", "1000", "20O", "-20", "2 00", "", "099"] {
            let found = fault(of: "RTSP/1.0 \(code) OK\r\n\r\n")
            #expect(found?.layer == .rtsp)
            #expect(found?.field == "status line: status code", "\(code)")
        }
        #expect(fault(of: "RTSP/1.0200 OK\r\n\r\n") != nil)
        #expect(fault(of: "RTSP/3.0 200 OK\r\n\r\n")?.kind == .unsupported)
    }

    @Test func `row 31 a content length that cannot be is refused before any body`() {
        let limit = RTSPMessage.bodyLimit
        for (value, kind) in [
            ("4294967296", ParseFault.Kind.overLimit), ("-1", .invalid), ("+5", .invalid),
            ("\(limit + 1)", .overLimit), ("99999999999999999999999", .invalid), ("5 5", .invalid),
            ("5\r\nContent-Length: 6", .invalid),
        ] {
            let found = fault(of: "RTSP/1.0 200 OK\r\nContent-Length: \(value)\r\n\r\nhello!")
            #expect(found?.kind == kind, "\(value)")
            #expect(found?.field.hasPrefix("Content-Length") == true)
        }
        #expect(
            fault(of: "RTSP/1.0 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello")
                == nil)
        #expect(
            fault(of: "RTSP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhell")?.kind == .truncated)
    }

    @Test func `lines, headers and heads beyond the limits are refused`() {
        let long = String(repeating: "a", count: RTSPMessage.lineLimit)
        #expect(fault(of: "RTSP/1.0 200 OK\r\nX: \(long)\r\n\r\n")?.kind == .overLimit)
        let many = String(repeating: "X: y\r\n", count: RTSPMessage.fieldLimit)
        #expect(fault(of: "RTSP/1.0 200 OK\r\n\(many)\r\n") == nil)
        #expect(fault(of: "RTSP/1.0 200 OK\r\n\(many)X: y\r\n\r\n")?.field == "header fields")
        let folded = String(repeating: " \(long.prefix(2000))\r\n", count: 3)
        #expect(fault(of: "RTSP/1.0 200 OK\r\nX: y\r\n\(folded)\r\n")?.field == "folded line")
    }

    @Test func `every truncation of a message asks for more or is refused`() throws {
        let text = "SETUP rtsp://c/a RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 4\r\n\r\nbody".octets
        for count in 0..<text.count {
            #expect(throws: ParseFault.self) {
                try RTSPMessage(parsing: text.span.extracting(0..<count))
            }
        }
    }

    @Test func `no mutation of a message traps`() throws {
        var random = Seeded(state: 3)
        for name in ["gst_digest_client.txt", "gst_digest_server.txt", "trex_dss_server.txt"] {
            let octets = Array(try fixture(name).prefix(1200))
            for _ in 0..<1500 {
                let broken = mutated(octets, &random)
                guard let message = try? RTSPMessage(parsing: broken.span) else { continue }
                var session = ObservedSession()
                _ = session.observed(message, from: .server)
                #expect(!message.serialised().isEmpty)
            }
        }
    }

    @Test func `a message written is read again`() throws {
        let sent = RTSPMessage.request(
            .setup, "rtsp://c/a", sequenceNumber: 3, headers: ["Transport": "RTP/AVP"],
            body: "hi".octets)
        let read = try RTSPMessage(parsing: sent.serialised().span)
        #expect(read.start == sent.start)
        #expect(read.body == sent.body)
        #expect(read.sequenceNumber == 3)
        let answer = RTSPMessage.response(453, to: read)
        #expect(
            String(decoding: answer.serialised(), as: UTF8.self)
                == "RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: 3\r\n\r\n")
    }

    @Test func `a value with line ends adds no header when written`() throws {
        let sent = RTSPMessage.request(
            .options, "*", sequenceNumber: 1, headers: ["X": "a\r\nY: b"])
        let read = try RTSPMessage(parsing: sent.serialised().span)
        #expect(read.headers["Y"] == nil)
    }

    @Test func `no printed form holds credentials`() throws {
        let text =
            "PLAY rtsp://admin:se/cret@c/a RTSP/1.0\r\nAuthorization: Basic c2VjcmV0\r\n"
            + "Location: rtsp://u:secret@h/\r\n\r\n"
        let message = try RTSPMessage(parsing: text.octets.span)
        var dumped = ""
        dump(message, to: &dumped)
        for shown in ["\(message)", "\(message.start)", "\(message.headers)", dumped] {
            #expect(!shown.contains("cret"), "\(shown)")
            #expect(!shown.contains("c2Vj"))
        }
    }
}
