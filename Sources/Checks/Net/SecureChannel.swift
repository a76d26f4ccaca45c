// SPDX-License-Identifier: Apache-2.0
import CCurl
import Glibc
import Packets

/// TLS over a connection that stands already; libcurl does the cryptography.
///
/// Made on a worker's thread, for a handshake can only be waited for, then used on the loop's
/// alone: hence `@unchecked Sendable` (`docs/decisions/0010-unchecked-sendable.md`).
@safe final class SecureChannel: @unchecked Sendable {
    /// Why there is none.
    struct Failure: Error, Sendable {
        /// libcurl's number.
        var code: Int
        /// The reason of X.509 (`X509_V_ERR_…`) where the certificate is at fault, else 0.
        var verification: Int
        var text: String
    }

    private let handle: OpaquePointer
    /// The connection's descriptor, for waiting.
    let descriptor: Int32

    private static let ready: Bool = { curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK }()

    /// Shakes hands on the connection `descriptor`, which is libcurl's to close from now on.
    ///
    /// - Parameters:
    ///   - host: the name that the certificate must bear, if `verifies`.
    ///   - limit: for the handshake, ns.
    init(
        adopting descriptor: Int32, host: String, endpoint: Endpoint, verifies: Bool,
        limit: Int64
    ) throws(Failure) {
        guard SecureChannel.ready, let handle = unsafe curl_easy_init() else {
            _ = close(descriptor)
            throw Failure(code: Int(CURLE_FAILED_INIT.rawValue), verification: 0, text: "no TLS")
        }
        unsafe self.handle = OpaquePointer(handle)
        self.descriptor = descriptor
        let shown = host.utf8.contains(0x3a) ? "[\(host)]" : host
        let raw = unsafe handle
        _ = unsafe kuzet_curl_set_text(raw, CURLOPT_URL, "https://\(shown):\(endpoint.port)/")
        _ = unsafe kuzet_curl_set_text(raw, CURLOPT_PROXY, "")
        for (option, value) in [
            (CURLOPT_CONNECT_ONLY, 1), (CURLOPT_NOSIGNAL, 1), (CURLOPT_SSL_ENABLE_ALPN, 0),
            (CURLOPT_SSL_VERIFYPEER, verifies ? 1 : 0), (CURLOPT_SSL_VERIFYHOST, verifies ? 2 : 0),
            (CURLOPT_CONNECTTIMEOUT_MS, Int(limit / 1_000_000)),
        ] {
            _ = unsafe kuzet_curl_set_long(raw, option, value)
        }
        let address = endpoint.address
        let dialled = address.isV4 ? "\(address)" : "[\(address)]"
        let list = unsafe curl_slist_append(nil, "\(shown):\(endpoint.port):\(dialled)")
        defer { unsafe curl_slist_free_all(list) }
        _ = unsafe kuzet_curl_set_list(raw, CURLOPT_RESOLVE, list)
        unsafe kuzet_curl_adopt(raw, descriptor)
        let code = unsafe curl_easy_perform(raw)
        guard code == CURLE_OK else {
            var verification = 0
            _ = unsafe kuzet_curl_get_long(raw, CURLINFO_SSL_VERIFYRESULT, &verification)
            let text = unsafe String(cString: curl_easy_strerror(code))
            throw Failure(code: Int(code.rawValue), verification: verification, text: text)
        }
    }

    deinit { unsafe curl_easy_cleanup(UnsafeMutableRawPointer(handle)) }

    /// Sends what is taken and says how much; nil if the connection is broken.
    func send(_ octets: ArraySlice<UInt8>) -> Int? {
        var count = 0
        let code = unsafe octets.withUnsafeBytes { bytes in
            unsafe curl_easy_send(
                UnsafeMutableRawPointer(handle), bytes.baseAddress, bytes.count, &count)
        }
        if code == CURLE_OK { return count }
        return code == CURLE_AGAIN ? 0 : nil
    }

    /// Reads what is there; 0 at the end, nil if nothing waits.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        var count = 0
        let code = unsafe curl_easy_recv(
            UnsafeMutableRawPointer(handle), buffer.baseAddress, buffer.count, &count)
        if code == CURLE_OK { return count }
        return code == CURLE_AGAIN ? nil : 0
    }
}
