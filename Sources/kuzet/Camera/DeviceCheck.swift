// SPDX-License-Identifier: Apache-2.0
import Checks
import Crypto
import Packets
import RTSP
import Registry

/// What is found at a camera's address besides its video.
struct DeviceReport {
    var echo: EchoResult?
    var certificate: CertificateResult?
    /// Answers by language.
    var findings: [(language: DeviceInquiry.Language, DeviceFindings)] = []
    var clock = OwnClock.read()
    var chrony: ChronyTracking?
}

/// Asks an address by echo, its certificate, and the device what it is.
struct DeviceCheck {
    let question: CameraQuestion
    /// Whether the login may be tried: not where it was refused before.
    let mayLogIn: Bool

    /// Asks all and waits for the answers.
    func run(on loop: CheckLoop, address: IPAddress) -> DeviceReport {
        var report = DeviceReport()
        let allowed = question.allowed
        loop.echo(EchoRequest(address), allowed: allowed) { report.echo = $0 }
        loop.chrony { report.chrony = $0 }
        if question.url.scheme == "rtsps" || question.url.scheme == "https" {
            let port = question.url.effectivePort
            var request = WebRequest(
                url: RTSPURL(scheme: "https", host: question.url.host, port: port, path: "/"),
                address: address)
            request.authorities = question.authorities
            loop.certificate(of: request, allowed: allowed) { report.certificate = $0 }
        }
        for language in DeviceInquiry.Language.allCases {
            let url = RTSPURL(
                scheme: "http", host: question.url.host, port: question.devicePort, path: "")
            let inquiry = DeviceInquiry(
                language, url: url, address: address,
                credentials: mayLogIn ? question.credentials : nil,
                nonce: String(UInt64.random(in: 0 ... .max), radix: 36), sha1: sha1)
            var isDone = false
            loop.inquire(inquiry, allowed: allowed) { findings in
                report.findings.append((language, findings))
                isDone = true
            }
            // One after the other: two wrong logins at once would be four.
            while !isDone { loop.turn(milliseconds: 50) }
            let found = report.findings.last?.1
            if found?.model != nil || (found?.loginFailures ?? 0) > 0 { break }
        }
        while loop.isBusy { loop.turn(milliseconds: 50) }
        return report
    }
}

/// SHA-1, which WS-UsernameToken is bound to.
@Sendable func sha1(_ octets: [UInt8]) -> [UInt8] { Array(Insecure.SHA1.hash(data: octets)) }
