// SPDX-License-Identifier: Apache-2.0
import Packets
import RTSP
import Testing
import Timekeeping

@testable import Checks

/// A device that answers SOAP from a table, and a clock that stands still but for round trips.
private final class CannedDevice {
    /// Answers by the name of the request's element.
    var answers: [String: String] = [:]
    var status = 200
    var asked: [(name: String, request: WebRequest)] = []
    /// 2026-11-22T12:00:00Z.
    var now = Instant(nanoseconds: 1_795_348_800_000_000_000)
    var trip: Int64 = 40_000_000

    func ask(_ request: WebRequest) -> WebAnswer {
        now = now.advanced(byNanoseconds: trip)
        let body = String(decoding: request.body ?? [], as: UTF8.self)
        let name =
            [
                "GetSystemDateAndTime", "GetDeviceInformation", "GetNTP", "GetCapabilities",
                "GetProfiles", "GetStreamUri",
            ].first { body.contains("<\($0)") } ?? request.url.path
        asked.append((name, request))
        var answer = WebAnswer()
        answer.status = status
        answer.body = Array((answers[name] ?? "").utf8)
        return answer
    }

    func inquire(
        _ language: DeviceInquiry.Language = .onvif, hasCredentials: Bool = true
    ) throws -> DeviceFindings {
        let inquiry = DeviceInquiry(
            language, url: try RTSPURL(parsing: "http://192.0.2.10/"),
            address: IPAddress(192, 0, 2, 10),
            credentials: hasCredentials
                ? Digest.Credentials(user: "admin", password: "canary-secret") : nil,
            nonce: "n1", sha1: { [UInt8(truncatingIfNeeded: $0.count)] })
        return inquiry.run(ask: ask, now: { self.now })
    }

    static func soap(_ body: String) -> String {
        "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>\(body)"
            + "</e:Body></e:Envelope>"
    }

    static func time(hour: Int, minute: Int = 0, second: Int = 0, month: Int = 11) -> String {
        soap(
            """
            <t:GetSystemDateAndTimeResponse><t:SystemDateAndTime><s:DateTimeType>NTP\
            </s:DateTimeType><s:UTCDateTime><s:Time><s:Hour>\(hour)</s:Hour><s:Minute>\(minute)\
            </s:Minute><s:Second>\(second)</s:Second></s:Time><s:Date><s:Year>2026</s:Year>\
            <s:Month>\(month)</s:Month><s:Day>22</s:Day></s:Date></s:UTCDateTime>\
            </t:SystemDateAndTime></t:GetSystemDateAndTimeResponse>
            """)
    }

    static let information = soap(
        """
        <GetDeviceInformationResponse><Manufacturer>ACME</Manufacturer><Model>M1</Model>\
        <FirmwareVersion>2.0</FirmwareVersion><SerialNumber>S7</SerialNumber>\
        </GetDeviceInformationResponse>
        """)
    static let fault = soap(
        """
        <e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>ter:NotAuthorized\
        </e:Value></e:Subcode></e:Code><e:Reason><e:Text>no</e:Text></e:Reason></e:Fault>
        """)
}

struct DeviceInquiryTests {
    private func whole() -> CannedDevice {
        let device = CannedDevice()
        device.answers = [
            "GetSystemDateAndTime": CannedDevice.time(hour: 12),
            "GetDeviceInformation": CannedDevice.information,
            "GetNTP": CannedDevice.soap(
                """
                <GetNTPResponse><NTPInformation><FromDHCP>false</FromDHCP><NTPManual>\
                <Type>IPv4</Type><IPv4Address>192.0.2.1</IPv4Address></NTPManual>\
                </NTPInformation></GetNTPResponse>
                """),
            "GetCapabilities": CannedDevice.soap(
                """
                <GetCapabilitiesResponse><Capabilities><Media><XAddr>http://10.9.9.9/onvif/media\
                </XAddr></Media></Capabilities></GetCapabilitiesResponse>
                """),
            "GetProfiles": CannedDevice.soap(
                """
                <GetProfilesResponse><Profiles token="p&quot;1"><Name>main</Name>\
                <VideoEncoderConfiguration><Encoding>H264</Encoding><Resolution><Width>1920\
                </Width><Height>1080</Height></Resolution><RateControl><FrameRateLimit>25\
                </FrameRateLimit><BitrateLimit>6000</BitrateLimit></RateControl><H264><GovLength>50\
                </GovLength></H264></VideoEncoderConfiguration></Profiles></GetProfilesResponse>
                """),
            "GetStreamUri": CannedDevice.soap(
                """
                <GetStreamUriResponse><MediaUri><Uri>rtsp://admin:pw@192.0.2.10/main</Uri>\
                </MediaUri></GetStreamUriResponse>
                """),
        ]
        return device
    }

    @Test func `a decent device tells what it is, its time and what it is set to`() throws {
        let device = whole()
        let findings = try device.inquire()
        #expect(findings.failure == nil)
        #expect(findings.maker == "ACME" && findings.model == "M1")
        #expect(findings.firmware == "2.0" && findings.serialNumber == "S7")
        #expect(findings.timeServers == ["192.0.2.1"])
        let profile = try #require(findings.profiles.first)
        #expect(profile.width == 1920 && profile.height == 1080)
        #expect(profile.bitRateLimit == 6_000_000 && profile.frameRateLimit == 25)
        #expect(profile.keyFrameInterval == 50)
        #expect(profile.streamURL == "rtsp://192.0.2.10/main")
        #expect(findings.oddities.count == 2)
        #expect(!String(describing: findings).contains("pw@"))
    }

    @Test func `the time is asked first and without a login`() throws {
        let device = whole()
        _ = try device.inquire()
        let first = try #require(device.asked.first)
        #expect(first.name == "GetSystemDateAndTime")
        #expect(!String(decoding: first.request.body ?? [], as: UTF8.self).contains("Username"))
        let second = String(decoding: device.asked[1].request.body ?? [], as: UTF8.self)
        #expect(second.contains("PasswordDigest") && !second.contains("canary"))
    }

    @Test func `every request goes to the address asked, whatever the device names`() throws {
        let device = whole()
        _ = try device.inquire()
        #expect(device.asked.allSatisfy { $0.request.address == IPAddress(192, 0, 2, 10) })
        #expect(device.asked.allSatisfy { $0.request.url.host == "192.0.2.10" })
        #expect(device.asked.contains { $0.request.url.path == "/onvif/media" })
    }

    @Test func `a login is signed in the device's own time`() throws {
        let device = whole()
        device.answers["GetSystemDateAndTime"] = CannedDevice.time(hour: 9, minute: 13)
        let findings = try device.inquire()
        let body = String(decoding: device.asked[1].request.body ?? [], as: UTF8.self)
        #expect(body.contains("2026-11-22T09:13:00."))
        let clock = try #require(findings.clock)
        // 2 h 47 min behind, half a second and half a trip aside.
        #expect(abs(clock.offsetNanoseconds + 10_020_000_000_000) <= 1_000_000_000)
        #expect(clock.uncertaintyNanoseconds == 520_000_000)
        #expect(!clock.looksLikeLocalTime)
        #expect(clock.isKept == true)
    }

    @Test func `whole hours off look like a local time`() throws {
        let device = whole()
        device.answers["GetSystemDateAndTime"] = CannedDevice.time(hour: 17)
        #expect(try device.inquire().clock?.looksLikeLocalTime == true)
    }

    @Test func `a time that is none is an oddity and no end`() throws {
        let device = whole()
        device.answers["GetSystemDateAndTime"] = CannedDevice.time(hour: 24, month: 13)
        let findings = try device.inquire()
        #expect(findings.clock == nil)
        #expect(findings.model == "M1")
        #expect(!findings.oddities.isEmpty)
    }

    @Test func `two refused logins are the end`() throws {
        let device = whole()
        for name in device.answers.keys where name != "GetSystemDateAndTime" {
            device.answers[name] = CannedDevice.fault
        }
        let findings = try device.inquire()
        #expect(findings.failure?.kind == .authentication)
        #expect(findings.loginFailures <= 2)
        #expect(device.asked.count <= 3)
        let none = try device.inquire(hasCredentials: false)
        #expect(none.failure?.word == "credentials-missing")
    }

    @Test func `a login page is no SOAP, and bombs are refused`() throws {
        let device = CannedDevice()
        device.answers["GetSystemDateAndTime"] = "<html><body>log in</body></html>"
        #expect(try device.inquire().failure?.word == "not-soap")
        device.answers["GetSystemDateAndTime"] = "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>"
        #expect(try device.inquire().failure?.word == "not-xml")
        device.status = 503
        #expect(try device.inquire().failure?.kind == .busy)
    }

    @Test func `PSIA tells what it is and its time`() throws {
        let device = CannedDevice()
        device.answers = [
            "/PSIA/System/deviceInfo": """
            <DeviceInfo><model>P1</model><serialNumber>77</serialNumber><firmwareVersion>1.2\
            </firmwareVersion></DeviceInfo>
            """,
            "/PSIA/System/time": """
            <Time><timeMode>NTP</timeMode><localTime>2026-11-22T17:00:10+05:00</localTime></Time>
            """,
        ]
        let findings = try device.inquire(.psia)
        #expect(findings.model == "P1" && findings.serialNumber == "77")
        let clock = try #require(findings.clock)
        #expect((9_000_000_000...11_000_000_000).contains(clock.offsetNanoseconds))
        #expect(clock.isKept == true)
    }
}

struct DiscoveryTests {
    private static func answer(to id: String, services: String) -> [UInt8] {
        Array(
            """
            <E><Header><RelatesTo>\(id)</RelatesTo></Header><Body><ProbeMatches><ProbeMatch>\
            <EndpointReference><Address>urn:uuid:1</Address></EndpointReference>\
            <Scopes>onvif://www.onvif.org/name/A  onvif://www.onvif.org/location/x</Scopes>\
            <XAddrs>\(services)</XAddrs></ProbeMatch></ProbeMatches></Body></E>
            """.utf8)
    }

    @Test func `services elsewhere and answers to others are left out`() throws {
        let source = IPAddress(192, 0, 2, 10)
        let octets = Self.answer(
            to: "uuid:7",
            services:
                "http://192.0.2.10/onvif http://127.0.0.1/x file:///etc http://u:p@192.0.2.10/")
        let devices = Discovery.devices(octets, from: source, to: "uuid:7")
        let device = try #require(devices.first)
        #expect(device.services == ["http://192.0.2.10/onvif", "http://192.0.2.10/"])
        #expect(device.scopes.count == 2)
        #expect(Discovery.devices(octets, from: source, to: "uuid:8").isEmpty)
        let many = Self.answer(
            to: "uuid:7",
            services: (0..<10_000).map { "http://192.0.2.10/\($0)" }.joined(separator: " "))
        #expect(
            Discovery.devices(many, from: source, to: "uuid:7").first.map { $0.services.count <= 8 }
                ?? true)
    }

    @Test func `a match without the list around it is one`() throws {
        let listed = String(decoding: Self.answer(to: "uuid:7", services: ""), as: UTF8.self)
        let bare = listed.replacing("<ProbeMatches>", with: "").replacing(
            "</ProbeMatches>", with: "")
        let source = IPAddress(192, 0, 2, 10)
        #expect(
            Discovery.devices(Array(bare.utf8), from: source, to: "uuid:7")
                == Discovery.devices(Array(listed.utf8), from: source, to: "uuid:7"))
        #expect(Discovery.devices(Array(bare.utf8), from: source, to: "uuid:8").isEmpty)
        #expect(Discovery.devices(Array(bare.utf8), from: source, to: "uuid:7").count == 1)
    }

    @Test func `identifiers are of version 4`() {
        let text = Discovery.identifier(0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210)
        #expect(text == "uuid:01234567-89ab-4def-bedc-ba9876543210")
    }
}

struct CertificateTests {
    @Test func `dates of certificates are read, and days left rounded down`() throws {
        let certificate = Certificate(fields: [
            "Subject:CN = camera", "Issuer:CN = site", "Start date:Nov  1 00:00:00 2026 GMT",
            "Expire date:Nov 22 21:14:48 2026 GMT", "nonsense",
        ])
        let noon = try Instant(parsing: "2026-11-20T12:00:00Z")
        #expect(certificate.subject == "CN = camera")
        #expect(certificate.daysLeft(at: noon) == 2)
        let after = try Instant(parsing: "2026-11-22T21:14:49Z")
        #expect(certificate.daysLeft(at: after) == -1)
        for bad in [
            "", "Foo 1 00:00:00 2026 GMT", "Feb 30 00:00:00 2026 GMT", "Nov 1 24:00:00 2026 GMT",
        ] {
            #expect(Certificate.instant(bad) == nil)
        }
    }
}
