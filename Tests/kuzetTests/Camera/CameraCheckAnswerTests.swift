// SPDX-License-Identifier: Apache-2.0
import Foundation
import RTSP
import Testing

@testable import Checks
@testable import kuzet

@Suite struct CameraCheckAnswerTests {
    static func answer(_ sink: ByteSink, device: DeviceAnswer? = nil) throws -> CameraCheckAnswer {
        var question = try CameraCommandsTests.question("rtsp://10.20.0.1/a")
        question.credentials = Digest.Credentials(user: "admin", password: "canary")
        var end = PullEnd(failure: CheckFailure(.authentication, "auth-failed", "said no"))
        end.loginFailures = 2
        end.serverSoftware = "Server\u{1b}[31m"
        var video = CameraFinding(method: .udp, outcome: .video, stream: SampleReports.camera(1))
        video.startNanoseconds = 12_345_678
        var failed = CameraFinding(method: .tcp, outcome: .failed(end.failure))
        failed.end = end
        return CameraCheckAnswer(
            question,
            [
                video, failed,
                CameraFinding(method: .multicast, outcome: .notTried("the login was refused")),
            ], device, sink: sink)
    }

    @Test func `the table has a line for each method, then reasons`() throws {
        let sink = ByteSink()
        try Self.answer(sink).writeTable()
        let lines = sink.text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "rtsp://10.20.0.1/a")
        #expect(lines[1].hasPrefix("method          result         codec"))
        #expect(lines[2].hasPrefix("rtsp-udp        video          h264   1920x1080"))
        #expect(lines[2].hasSuffix(" 12"))
        #expect(lines[3].hasPrefix("rtsp-tcp        authentication -"))
        #expect(lines[4].hasPrefix("rtsp-multicast  not tried      -"))
        #expect(lines[5] == "rtsp-tcp: authentication: auth-failed: said no")
        #expect(lines[6] == "rtsp-multicast: not tried: the login was refused")
        #expect(lines.count == 7)
    }

    @Test func `JSON has each method with its result, figures and reason`() throws {
        let sink = ByteSink()
        try Self.answer(sink).writeJSON()
        let object = try JSONSerialization.jsonObject(with: Data(sink.text.utf8))
        let root = try #require(object as? [String: Any])
        #expect(root["schema"] as? String == "kuzet.camera-check/1")
        let methods = try #require(root["methods"] as? [[String: Any]])
        #expect(
            methods.map { $0["result"] as? String } == ["video", "authentication", "not-tried"])
        #expect(methods[1]["reason"] as? String == "auth-failed")
        #expect(methods[1]["login_failures"] as? Int == 2)
        #expect(methods[1]["server"] as? String == "Server\u{1b}[31m")
        let stream = try #require(methods[0]["stream"] as? [String: Any])
        #expect(stream["codec"] as? String == "h264")
        #expect(stream["width"] as? Int == 1920)
        #expect(!sink.text.contains("canary"))
    }
}
