// SPDX-License-Identifier: Apache-2.0
import CCurl
import Glibc
import Packets
import RTSP
import Timekeeping

/// Asks by HTTP or HTTPS and waits for the answer: for a worker's thread.
///
/// Follows no redirect, uses no proxy, speaks nothing but the two, and dials the address that
/// was checked.
enum WebClient {
    /// What libcurl writes to, while a request runs.
    private final class Gathering {
        var answer = WebAnswer()
    }

    private static let ready = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    static func ask(_ request: WebRequest) -> WebAnswer {
        let (answer, _, _) = perform(request)
        return answer
    }

    /// Looks at a device's certificate: once strictly, and where that fails once more to read
    /// what it says.
    static func certificate(_ request: WebRequest) -> CertificateResult {
        var strict = request
        strict.verifiesCertificate = true
        let (answer, code, verification) = perform(strict, connectsOnly: true)
        guard let failure = answer.failure else {
            return CertificateResult(certificate: answer.certificate)
        }
        guard code == Int(CURLE_PEER_FAILED_VERIFICATION.rawValue) else {
            return CertificateResult(failure: failure)
        }
        var lenient = request
        lenient.verifiesCertificate = false
        let (second, _, _) = perform(lenient, connectsOnly: true)
        return CertificateResult(
            certificate: second.certificate,
            fault: CertificateResult.Fault(verification: verification))
    }

    private static func perform(
        _ request: WebRequest, connectsOnly: Bool = false
    ) -> (WebAnswer, code: Int, verification: Int) {
        let gathering = Gathering()
        guard ready, let handle = unsafe curl_easy_init() else {
            gathering.answer.failure = CheckFailure(.probe, "no-curl", "libcurl does not start")
            return (gathering.answer, Int(CURLE_FAILED_INIT.rawValue), 0)
        }
        defer { unsafe curl_easy_cleanup(handle) }
        let port = request.url.effectivePort ?? 80
        let host =
            request.url.host.utf8.contains(0x3a)
            ? "[\(request.url.host)]" : request.url.host
        let path = request.url.path.isEmpty ? "/" : request.url.path
        unsafe set(handle, CURLOPT_URL, "\(request.url.scheme)://\(host):\(port)\(path)")
        let dialled = request.address.isV4 ? "\(request.address)" : "[\(request.address)]"
        let addresses = unsafe curl_slist_append(nil, "\(host):\(port):\(dialled)")
        defer { unsafe curl_slist_free_all(addresses) }
        _ = unsafe kuzet_curl_set_list(handle, CURLOPT_RESOLVE, addresses)
        unsafe setRules(handle, request, connectsOnly)
        var headers: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(headers) }
        if let body = request.body {
            for line in ["Content-Type: \(request.contentType)", "Expect:"] {
                unsafe headers = curl_slist_append(headers, line)
            }
            _ = unsafe kuzet_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
            _ = unsafe kuzet_curl_set_long(handle, CURLOPT_POSTFIELDSIZE, body.count)
            unsafe set(handle, CURLOPT_COPYPOSTFIELDS, String(decoding: body, as: UTF8.self))
        }
        if let credentials = request.credentials {
            credentials.lend { user, password in
                unsafe set(handle, CURLOPT_USERNAME, user)
                unsafe set(handle, CURLOPT_PASSWORD, password)
            }
            _ = unsafe kuzet_curl_set_long(handle, CURLOPT_HTTPAUTH, 2)
        }
        _ = unsafe kuzet_curl_set_pointer(
            handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(gathering).toOpaque())
        _ = unsafe kuzet_curl_set_sink(handle, CURLOPT_WRITEFUNCTION) {
            octets, size, count, place in
            guard let octets = unsafe octets, let place = unsafe place else { return 0 }
            let gathering = unsafe Unmanaged<Gathering>.fromOpaque(place).takeUnretainedValue()
            let room = WebRequest.answerLimit - gathering.answer.body.count
            let bytes = unsafe UnsafeRawBufferPointer(
                start: octets, count: min(size * count, room))
            unsafe gathering.answer.body.append(contentsOf: bytes)
            gathering.answer.isCut = size * count > room
            // Less than was offered ends the transfer.
            return gathering.answer.isCut ? 0 : size * count
        }
        let start = LoopClock.steady
        let code = unsafe curl_easy_perform(handle)
        gathering.answer.nanoseconds = LoopClock.steady.nanoseconds(since: start)
        let verification = withExtendedLifetime(gathering) {
            unsafe finish(handle, code, request, gathering)
        }
        return (gathering.answer, Int(code.rawValue), verification)
    }

    private static func set(
        _ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ text: String
    ) {
        _ = unsafe kuzet_curl_set_text(handle, option, text)
    }

    private static func setRules(
        _ handle: UnsafeMutableRawPointer, _ request: WebRequest, _ connectsOnly: Bool
    ) {
        unsafe set(handle, CURLOPT_PROXY, "")
        unsafe set(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        unsafe set(handle, CURLOPT_USERAGENT, "kuzet")
        if let authorities = request.authorities { unsafe set(handle, CURLOPT_CAINFO, authorities) }
        let milliseconds = Int(request.limit / 1_000_000)
        for (option, value) in [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_CERTINFO, 1),
            (CURLOPT_SSL_VERIFYPEER, request.verifiesCertificate ? 1 : 0),
            (CURLOPT_SSL_VERIFYHOST, request.verifiesCertificate ? 2 : 0),
            (CURLOPT_CONNECTTIMEOUT_MS, milliseconds), (CURLOPT_TIMEOUT_MS, milliseconds),
            (CURLOPT_CONNECT_ONLY, connectsOnly ? 1 : 0),
        ] {
            _ = unsafe kuzet_curl_set_long(handle, option, value)
        }
    }

    /// Reads what libcurl found; OpenSSL's number of what is wrong with the certificate.
    private static func finish(
        _ handle: UnsafeMutableRawPointer, _ code: CURLcode, _ request: WebRequest,
        _ gathering: Gathering
    ) -> Int {
        var status = 0
        _ = unsafe kuzet_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        gathering.answer.status = status
        var type: UnsafePointer<CChar>?
        _ = unsafe kuzet_curl_get_text(handle, CURLINFO_CONTENT_TYPE, &type)
        if let type = unsafe type {
            let text = unsafe String(cString: type).prefix { $0 != ";" && $0 != " " }
            gathering.answer.contentType = text.lowercased()
        }
        unsafe gathering.answer.certificate = certificate(handle)
        var verification = 0
        _ = unsafe kuzet_curl_get_long(handle, CURLINFO_SSL_VERIFYRESULT, &verification)
        if code != CURLE_OK, !gathering.answer.isCut {
            let text = unsafe String(cString: curl_easy_strerror(code))
            gathering.answer.failure = failure(code, text)
        }
        return verification
    }

    private static func failure(_ code: CURLcode, _ text: String) -> CheckFailure {
        switch code {
        case CURLE_COULDNT_CONNECT: CheckFailure(.refuses, "no-connection", text)
        case CURLE_OPERATION_TIMEDOUT: CheckFailure(.unreachable, "timeout", text)
        case CURLE_PEER_FAILED_VERIFICATION: CheckFailure(.refuses, "certificate", text)
        case CURLE_SSL_CONNECT_ERROR: CheckFailure(.refuses, "tls", text)
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR: CheckFailure(.refuses, "closed", text)
        default: CheckFailure(.badStream, "http", text)
        }
    }

    private static func certificate(_ handle: UnsafeMutableRawPointer) -> Certificate? {
        var list: UnsafeMutablePointer<curl_certinfo>?
        guard unsafe kuzet_curl_get_certificates(handle, &list) == CURLE_OK,
            let list = unsafe list, unsafe list.pointee.num_of_certs > 0
        else { return nil }
        var fields: [String] = []
        var entry = unsafe list.pointee.certinfo[0]
        while let one = unsafe entry, fields.count < 64 {
            if let data = unsafe one.pointee.data { fields.append(unsafe String(cString: data)) }
            unsafe entry = one.pointee.next
        }
        return Certificate(fields: fields)
    }
}
