// SPDX-License-Identifier: Apache-2.0
import RTSP
import Timekeeping

/// ONVIF: device and media services, by SOAP 1.2 (Core and Media specifications).
extension DeviceInquiry {
    private static let device = "http://www.onvif.org/ver10/device/wsdl"
    private static let media = "http://www.onvif.org/ver10/media/wsdl"
    private static let schema = "http://www.onvif.org/ver10/schema"
    private static let security =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity"
    /// Login failures after which nothing more is asked.
    private static let loginLimit = 2

    /// An inquiry under way.
    private struct Talk {
        var findings = DeviceFindings()
        /// Device less probe, for signatures; 0 while unknown.
        var offset: Int64 = 0
        /// HTTP Digest in place of a signature, once a device wanted that.
        var usesDigest = false
    }

    func runONVIF(ask: (WebRequest) -> WebAnswer, now: () -> Instant) -> DeviceFindings {
        var talk = Talk()
        let path = url.path.isEmpty || url.path == "/" ? DeviceInquiry.usualPath : url.path
        readTime(path, &talk, ask: ask, now: now)
        if let failure = talk.findings.failure, failure.kind != .authentication {
            return talk.findings
        }
        talk.findings.failure = nil
        func call(_ body: String, at path: String) -> XMLElement? {
            converse(body, path, &talk, ask: ask, now: now)
        }
        guard
            let about = call(
                "<GetDeviceInformation xmlns=\"\(Self.device)\"/>", at: path)
        else { return talk.findings }
        talk.findings.maker = DeviceFindings.kept(about.first("Manufacturer")?.text)
        talk.findings.model = DeviceFindings.kept(about.first("Model")?.text)
        talk.findings.firmware = DeviceFindings.kept(about.first("FirmwareVersion")?.text)
        talk.findings.serialNumber = DeviceFindings.kept(about.first("SerialNumber")?.text)
        if let element = call("<GetNTP xmlns=\"\(Self.device)\"/>", at: path) {
            talk.findings.timeServers = Self.timeServers(element)
        }
        let wish =
            "<GetCapabilities xmlns=\"\(Self.device)\"><Category>Media</Category></GetCapabilities>"
        let services = call(wish, at: path)
        let mediaPath = servicePath(services, &talk.findings) ?? path
        guard let profiles = call("<GetProfiles xmlns=\"\(Self.media)\"/>", at: mediaPath)
        else { return talk.findings }
        var found = Self.profiles(profiles)
        for index in found.indices {
            let token = XMLReader.escaped(found[index].token)
            let wish = """
                <GetStreamUri xmlns="\(Self.media)"><StreamSetup>\
                <Stream xmlns="\(Self.schema)">RTP-Unicast</Stream>\
                <Transport xmlns="\(Self.schema)"><Protocol>RTSP</Protocol></Transport>\
                </StreamSetup><ProfileToken>\(token)</ProfileToken></GetStreamUri>
                """
            guard let answer = call(wish, at: mediaPath) else { break }
            guard let text = answer.first("Uri")?.text,
                let stream = try? RTSPURL(parsing: text)
            else { continue }
            if stream.host != url.host {
                talk.findings.note("names a stream at another host, \(stream.host)")
            }
            if stream.hadCredentials { talk.findings.note("puts a password into a stream's URL") }
            found[index].streamURL = DeviceFindings.kept(stream.description)
        }
        talk.findings.profiles = found
        // What was learnt in spite of one refusal is no failure.
        if !found.isEmpty { talk.findings.failure = nil }
        return talk.findings
    }

    // MARK: Asking

    /// Asks one thing; nil, with the reason among the findings, if there is no answer to it.
    private func converse(
        _ body: String, _ path: String, _ talk: inout Talk,
        ask: (WebRequest) -> WebAnswer, now: () -> Instant
    ) -> XMLElement? {
        while talk.findings.loginFailures < Self.loginLimit {
            var request = request(path)
            let moment = now().advanced(byNanoseconds: talk.offset)
            let header = talk.usesDigest ? "" : signature(at: moment)
            if talk.usesDigest { request.credentials = credentials }
            request.body = Self.envelope(header, body)
            let answer = ask(request)
            let isDigestWanted = answer.status == 401 && !talk.usesDigest && credentials != nil
            let document = DeviceInquiry.document(answer)
            if isDigestWanted {
                // A device that wants Digest has not looked at the signature.
                talk.usesDigest = true
                continue
            }
            switch document {
            case .failure(let failure):
                talk.findings.failure = failure
                guard failure.word == "auth-failed" else { return nil }
                if credentials == nil {
                    talk.findings.failure = Self.noCredentials
                } else {
                    talk.findings.loginFailures += 1
                }
                return nil
            case .success(let element):
                guard let fault = element.first("Fault") else {
                    guard let body = element["Body"] else {
                        talk.findings.failure = CheckFailure(
                            .badStream, "not-soap", "answers XML that is no SOAP")
                        return nil
                    }
                    return body
                }
                talk.findings.failure = failure(of: fault, &talk.findings)
                return nil
            }
        }
        return nil
    }

    /// A fault of SOAP as a branch of the tree.
    private func failure(
        of fault: XMLElement, _ findings: inout DeviceFindings
    ) -> CheckFailure {
        let codes = Self.texts(of: fault).joined(separator: " ")
        let reason = DeviceFindings.kept(
            fault.first("Text")?.text ?? fault.first("faultstring")?.text)
        guard codes.contains("NotAuthorized") || codes.contains("FailedAuthentication") else {
            return CheckFailure(.refuses, "soap-fault", reason ?? "a fault without a reason")
        }
        guard credentials != nil else { return Self.noCredentials }
        findings.loginFailures += 1
        return CheckFailure(
            .authentication, "auth-failed", reason ?? "does not accept the credentials")
    }

    private static let noCredentials = CheckFailure(
        .authentication, "credentials-missing", "asks who is asking, and no credentials were given")

    private static func texts(of element: XMLElement) -> [String] {
        [element.text] + element.children.flatMap { texts(of: $0) }
    }

    private static func envelope(_ header: String, _ body: String) -> [UInt8] {
        Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>\
            <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">\
            <s:Header>\(header)</s:Header><s:Body>\(body)</s:Body></s:Envelope>
            """.utf8)
    }

    /// WS-UsernameToken with a digest: Base64(SHA-1(nonce + created + password)).
    private func signature(at moment: Instant) -> String {
        guard let credentials else { return "" }
        let created = moment.text(decimals: 3)
        let once = Array((nonce + created).utf8)
        return credentials.lend { user, password in
            let proof = Base64.encode(sha1(once + Array(created.utf8) + Array(password.utf8)))
            let name = Self.security
            return """
                <Security s:mustUnderstand="1" xmlns="\(name)-secext-1.0.xsd"><UsernameToken>\
                <Username>\(XMLReader.escaped(user))</Username>\
                <Password Type="\(Self.profile)#PasswordDigest">\(proof)</Password>\
                <Nonce>\(Base64.encode(once))</Nonce>\
                <Created xmlns="\(name)-utility-1.0.xsd">\(created)</Created>\
                </UsernameToken></Security>
                """
        }
    }

    private static let profile =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"

    // MARK: Reading

    private func readTime(
        _ path: String, _ talk: inout Talk, ask: (WebRequest) -> WebAnswer, now: () -> Instant
    ) {
        var request = request(path)
        request.body = Self.envelope(
            "", "<GetSystemDateAndTime xmlns=\"\(Self.device)\"/>")
        let asked = now()
        let answer = ask(request)
        let answered = now()
        switch DeviceInquiry.document(answer) {
        case .failure(let failure): talk.findings.failure = failure
        case .success(let element):
            guard let time = element.first("SystemDateAndTime") else {
                if element.first("Fault") == nil {
                    talk.findings.failure = CheckFailure(
                        .badStream, "not-soap", "answers XML that is no SOAP")
                }
                return
            }
            guard let device = Self.instant(time.first("UTCDateTime")) else {
                return talk.findings.note("the time is no time, or is none in UTC")
            }
            let clock = DeviceClock(
                device: device, step: 1_000_000_000, asked: asked, answered: answered,
                isKept: time.first("DateTimeType").map { $0.text == "NTP" })
            talk.offset = clock.offsetNanoseconds
            talk.findings.clock = clock
        }
    }

    private static func instant(_ element: XMLElement?) -> Instant? {
        guard let element, let year = Int(element.first("Year")?.text ?? ""),
            let month = Int(element.first("Month")?.text ?? ""),
            let day = Int(element.first("Day")?.text ?? ""),
            let hour = Int(element.first("Hour")?.text ?? ""),
            let minute = Int(element.first("Minute")?.text ?? ""),
            let second = Int(element.first("Second")?.text ?? ""),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        return Certificate.instant(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    private static func timeServers(_ element: XMLElement) -> [String] {
        guard let information = element.first("NTPInformation") else { return [] }
        let entries = information.all("NTPManual") + information.all("NTPFromDHCP")
        return entries.prefix(8).compactMap { entry in
            DeviceFindings.kept(
                entry["IPv4Address"]?.text ?? entry["IPv6Address"]?.text ?? entry["DNSname"]?.text)
        }
    }

    /// The path of the media service; its host is the one that is asked, whatever it says.
    private func servicePath(
        _ element: XMLElement?, _ findings: inout DeviceFindings
    ) -> String? {
        guard let text = element?.first("Media")?["XAddr"]?.text,
            let service = try? RTSPURL(parsing: text), !service.path.isEmpty
        else { return nil }
        if service.host != url.host {
            findings.note("names its media service at another host, \(service.host)")
        }
        return service.path
    }

    private static func profiles(_ element: XMLElement) -> [DeviceProfile] {
        guard let answer = element.first("GetProfilesResponse") else { return [] }
        return answer.all("Profiles").prefix(DeviceFindings.profileLimit).compactMap { profile in
            guard let token = profile.attributes["token"], !token.isEmpty,
                token.utf8.count <= DeviceFindings.textLimit
            else { return nil }
            let encoder = profile["VideoEncoderConfiguration"]
            let kilobits = encoder?.at("RateControl", "BitrateLimit").flatMap { Int64($0.text) }
            let pixels = 1...65_535
            return DeviceProfile(
                token: token, name: DeviceFindings.kept(profile["Name"]?.text),
                source: DeviceFindings.kept(
                    profile.at("VideoSourceConfiguration", "SourceToken")?.text),
                encoding: DeviceFindings.kept(encoder?["Encoding"]?.text),
                width: number(encoder?.at("Resolution", "Width"), in: pixels),
                height: number(encoder?.at("Resolution", "Height"), in: pixels),
                frameRateLimit: number(encoder?.at("RateControl", "FrameRateLimit"), in: 1...1000),
                bitRateLimit: kilobits.flatMap {
                    (0...100_000_000).contains($0) ? $0 * 1000 : nil
                },
                keyFrameInterval: number(encoder?.at("H264", "GovLength"), in: 1...100_000))
        }
    }

    private static func number(_ element: XMLElement?, in range: ClosedRange<Int>) -> Int? {
        element.flatMap { Int($0.text) }.flatMap { range.contains($0) ? $0 : nil }
    }
}
