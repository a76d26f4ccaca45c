// SPDX-License-Identifier: Apache-2.0
import CDigest
import RTSP

/// The hash functions of Digest authentication, from libmd.
func digestHash(_ algorithm: DigestAlgorithm, _ octets: [UInt8]) -> [UInt8] {
    switch algorithm {
    case .md5:
        var context = MD5_CTX()
        var result = [UInt8](repeating: 0, count: 16)
        unsafe MD5Init(&context)
        unsafe MD5Update(&context, octets, octets.count)
        unsafe MD5Final(&result, &context)
        return result
    case .sha256:
        var context = SHA2_CTX()
        var result = [UInt8](repeating: 0, count: 32)
        unsafe SHA256Init(&context)
        unsafe SHA256Update(&context, octets, octets.count)
        unsafe SHA256Final(&result, &context)
        return result
    }
}
