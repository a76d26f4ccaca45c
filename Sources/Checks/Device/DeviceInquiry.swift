// SPDX-License-Identifier: Apache-2.0
public import Packets
public import RTSP
import Timekeeping

/// What to ask a device about itself.
///
/// Its time is asked first and without a login: signatures carry a time, and a camera whose clock
/// is off would refuse a good password. So the login is signed in the camera's own time, and the
/// offset is what is reported.
public struct DeviceInquiry: Sendable {
    /// In which language.
    public enum Language: String, Hashable, Sendable, CaseIterable {
        case onvif
        case psia
    }

    /// In which language.
    public var language: Language
    /// Where the device is managed, without credentials; its path is the device service's.
    public var url: RTSPURL
    /// The address that is dialled.
    public var address: IPAddress
    /// Who asks.
    public var credentials: Digest.Credentials?
    /// A random text that signatures use once.
    public var nonce: String
    /// SHA-1, which WS-UsernameToken is bound to.
    public var sha1: @Sendable ([UInt8]) -> [UInt8]
    /// For each answer, ns.
    public var answerLimit: Int64 = 5_000_000_000

    /// The device service of ONVIF where nothing else is known (Core specification).
    public static let usualPath = "/onvif/device_service"

    /// Makes an inquiry.
    public init(
        _ language: Language, url: RTSPURL, address: IPAddress,
        credentials: Digest.Credentials? = nil, nonce: String,
        sha1: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        self.language = language
        self.url = url
        self.address = address
        self.credentials = credentials
        self.nonce = nonce
        self.sha1 = sha1
    }

    /// Asks all there is to ask, in order, and stops where a device stops answering.
    func run(ask: (WebRequest) -> WebAnswer, now: () -> Instant) -> DeviceFindings {
        switch language {
        case .onvif: return runONVIF(ask: ask, now: now)
        case .psia: return runPSIA(ask: ask, now: now)
        }
    }

    func request(_ path: String) -> WebRequest {
        var request = WebRequest(
            url: RTSPURL(scheme: url.scheme, host: url.host, port: url.port, path: path),
            address: address)
        request.limit = answerLimit
        return request
    }

    /// The element of an answer, or why there is none.
    static func document(
        _ answer: WebAnswer
    ) -> Result<XMLElement, CheckFailure> {
        if let failure = answer.failure { return .failure(failure) }
        if answer.isCut {
            return .failure(CheckFailure(.badStream, "too-long", "answers more than 512 KiB"))
        }
        switch answer.status {
        case 401:
            return .failure(
                CheckFailure(.authentication, "auth-failed", "does not accept the credentials"))
        case 403:
            return .failure(CheckFailure(.authentication, "refused", "refuses (403 Forbidden)"))
        case 404:
            return .failure(CheckFailure(.refuses, "not-found", "has no such service (404)"))
        case 503: return .failure(CheckFailure(.busy, "busy", "is busy (503)"))
        default: break
        }
        do throws(XMLFault) {
            return .success(try XMLReader.read(answer.body))
        } catch {
            return .failure(
                CheckFailure(
                    .badStream, "not-xml",
                    "answers what is no XML to be read (\(error.kind.rawValue), octet \(error.offset))"
                ))
        }
    }
}

// MARK: - PSIA

extension DeviceInquiry {
    /// Asks `/PSIA/System/deviceInfo` and `/PSIA/System/time`.
    private func runPSIA(ask: (WebRequest) -> WebAnswer, now: () -> Instant) -> DeviceFindings {
        var findings = DeviceFindings()
        let root = url.path.isEmpty || url.path == "/" ? "/PSIA" : url.path
        var about = request(root + "/System/deviceInfo")
        about.credentials = credentials
        switch DeviceInquiry.document(ask(about)) {
        case .failure(let failure):
            findings.failure = failure
            if failure.word == "auth-failed", credentials != nil { findings.loginFailures = 1 }
            return findings
        case .success(let element):
            findings.maker = DeviceFindings.kept(element.first("manufacturer")?.text)
            findings.model = DeviceFindings.kept(element.first("model")?.text)
            findings.firmware = DeviceFindings.kept(element.first("firmwareVersion")?.text)
            findings.serialNumber = DeviceFindings.kept(element.first("serialNumber")?.text)
        }
        var time = request(root + "/System/time")
        time.credentials = credentials
        let asked = now()
        let answer = DeviceInquiry.document(ask(time))
        let answered = now()
        guard case .success(let element) = answer else { return findings }
        let mode = element.first("timeMode")?.text.lowercased()
        if let text = element.first("localTime")?.text, let device = try? Instant(parsing: text) {
            findings.clock = DeviceClock(
                device: device, step: text.utf8.contains(0x2e) ? 0 : 1_000_000_000, asked: asked,
                answered: answered, isKept: mode.map { $0 == "ntp" })
        } else if element.first("localTime") != nil {
            findings.note("the time is none of RFC 3339")
        }
        return findings
    }
}
