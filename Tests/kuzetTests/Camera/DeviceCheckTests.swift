// SPDX-License-Identifier: Apache-2.0
import Checks
import Packets
import RTSP
import Testing

@testable import kuzet

@Suite struct DeviceCheckTests {
    static func report(
        _ url: String, devicePort: UInt16, allowed: String = "127.0.0.0/8", mayLogIn: Bool = true
    ) throws -> DeviceReport {
        var question = try CameraCommandsTests.question(url, "--allow", allowed)
        question.devicePort = devicePort
        question.credentials = Digest.Credentials(user: "admin", password: "canary")
        let loop = try CheckLoop(seed: 1)
        return DeviceCheck(question: question, mayLogIn: mayLogIn)
            .run(on: loop, address: IPAddress(127, 0, 0, 1))
    }

    /// An answer to all that is asked.
    static let information = """
        <e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>\
        <GetDeviceInformationResponse><Manufacturer>ACME</Manufacturer><Model>M1</Model>\
        </GetDeviceInformationResponse><SystemDateAndTime/></e:Body></e:Envelope>
        """

    static func device(_ status: String = "200 OK", body: String = information) -> HTTPCamera? {
        HTTPCamera(
            answer: Array(
                """
                HTTP/1.1 \(status)\r\nContent-Type: application/soap+xml\r\n\
                Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)
                """.utf8))
    }

    @Test func `a device that tells its model in the first language is not asked in another`()
        throws
    {
        let device = try #require(Self.device())
        defer { device.end() }
        let report = try Self.report("rtsp://127.0.0.1/", devicePort: device.port)
        #expect(report.findings.map(\.language) == [.onvif])
        #expect(report.findings.first?.1.model == "M1")
        #expect(report.certificate == nil)
        #expect(report.echo?.address == IPAddress(127, 0, 0, 1))
    }

    @Test func `a refused login is tried in no other language`() throws {
        let device = try #require(Self.device("401 Unauthorized", body: ""))
        defer { device.end() }
        let report = try Self.report("rtsp://127.0.0.1/", devicePort: device.port)
        #expect(report.findings.map(\.language) == [.onvif])
        #expect((1...2).contains(report.findings.first?.1.loginFailures ?? 0))
        // What was refused before is not tried here.
        let careful = try Self.report(
            "rtsp://127.0.0.1/", devicePort: device.port, mayLogIn: false)
        #expect(careful.findings.allSatisfy { $0.1.loginFailures == 0 })
        #expect(careful.findings.first?.1.failure?.word == "credentials-missing")
    }

    @Test func `where nobody listens both languages say so, and RTSPS its certificate`() throws {
        let port = try #require(HTTPCamera.closedPort())
        let report = try Self.report("rtsps://127.0.0.1:\(port)/", devicePort: port)
        #expect(report.findings.map(\.language) == [.onvif, .psia])
        #expect(report.findings.allSatisfy { $0.1.failure?.word == "no-connection" })
        #expect(report.certificate?.failure?.word == "no-connection")
    }

    @Test func `an address that is not allowed is not asked`() throws {
        let report = try Self.report(
            "rtsp://127.0.0.1/", devicePort: 80, allowed: "10.0.0.0/8")
        #expect(report.echo?.failure?.word == "not-allowed")
        #expect(report.findings.allSatisfy { $0.1.failure?.word == "not-allowed" })
    }
}
