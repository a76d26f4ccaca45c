// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Checks
import RTSP
import Testing

@testable import kuzet

@Suite(.serialized) struct CameraCheckTests {
    static func run(_ words: String...) throws -> (status: Int32, text: String) {
        let command = try CameraCheckCommand.parse(words + ["--video-only"])
        let sink = ByteSink()
        let status = try CameraCheck(try command.question()).run(command.format, sink: sink)
        return (status, sink.text)
    }

    @Test func `a camera that sends pictures is measured`() throws {
        let camera = try #require(HTTPCamera())
        defer { camera.end() }
        let (status, text) = try Self.run("http://127.0.0.1:\(camera.port)/video", "--for", "1s")
        #expect(status == 0)
        #expect(text.contains("http-multipart  video"))
    }

    @Test func `where nobody listens every method is tried and told with its reason`() throws {
        let port = try #require(HTTPCamera.closedPort())
        let (status, text) = try Self.run("rtsp://127.0.0.1:\(port)/a", "--for", "1s")
        #expect(status == 1)
        for method in ["rtsp-udp", "rtsp-tcp", "rtsp-multicast", "rtsp-http"] {
            #expect(text.contains("\(method): refuses: connection-refused:"))
        }
    }

    @Test func `what is not allowed is not tried by other ways`() throws {
        let (status, text) = try Self.run("rtsp://127.0.0.1:9/a", "--allow", "10.0.0.0/8")
        #expect(status == 1)
        #expect(text.contains("rtsp-udp: not-allowed: not-allowed:"))
        #expect(text.contains("rtsp-tcp: not tried: 127.0.0.1 is not among"))
    }

    @Test func `a camera that says no is told with the dialogue`() throws {
        let camera = try #require(
            HTTPCamera(answer: Array("RTSP/1.0 404 Not Found\r\nCSeq: 1\r\n\r\n".utf8)))
        defer { camera.end() }
        let (status, text) = try Self.run(
            "rtsp://127.0.0.1:\(camera.port)/a", "--method", "tcp", "--format", "json")
        #expect(status == 1)
        #expect(text.contains("\"> OPTIONS rtsp://127.0.0.1:\(camera.port)/a RTSP/1.0\""))
        #expect(text.contains("\"< RTSP/1.0 404 Not Found\""))
    }
}
