// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// Ed25519 keys (RFC 8032) in PEM, as OpenSSL reads and writes them (RFC 8410).
enum SigningKey {
    /// Octets of a key's file that are read at most; ours have 119 (chosen).
    static let largestFile = 4096

    private static let privateHead: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]
    private static let publicHead: [UInt8] = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// A new key pair, both as PEM.
    static func generate() -> (privateKey: String, publicKey: String) {
        let key = Curve25519.Signing.PrivateKey()
        return (
            pem("PRIVATE KEY", privateHead + Array(key.rawRepresentation)),
            pem("PUBLIC KEY", publicHead + Array(key.publicKey.rawRepresentation))
        )
    }

    /// The signature of `octets`, 64 octets; nil if `pem` is no private key.
    static func signature(of octets: [UInt8], privateKey pem: [UInt8]) -> [UInt8]? {
        guard let raw = body(pem, "PRIVATE KEY", head: privateHead),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw),
            let signature = try? key.signature(for: Data(octets))
        else { return nil }
        return Array(signature)
    }

    /// Whether `signature` is that of `octets`; nil if `pem` is no public key.
    static func isValid(
        _ signature: [UInt8], of octets: [UInt8], publicKey pem: [UInt8]
    ) -> Bool? {
        guard let raw = body(pem, "PUBLIC KEY", head: publicHead),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
        else { return nil }
        return key.isValidSignature(Data(signature), for: Data(octets))
    }

    /// The public key of a private one, as PEM; nil if `pem` is no private key.
    static func publicKey(ofPrivate pem: [UInt8]) -> String? {
        guard let raw = body(pem, "PRIVATE KEY", head: privateHead),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw)
        else { return nil }
        return self.pem("PUBLIC KEY", publicHead + Array(key.publicKey.rawRepresentation))
    }

    private static func pem(_ label: String, _ octets: [UInt8]) -> String {
        "-----BEGIN \(label)-----\n\(Data(octets).base64EncodedString())\n-----END \(label)-----\n"
    }

    private static func body(_ pem: [UInt8], _ label: String, head: [UInt8]) -> Data? {
        guard pem.count <= largestFile else { return nil }
        let lines = String(decoding: pem, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.count >= 3, lines.first == "-----BEGIN \(label)-----",
            lines.last == "-----END \(label)-----",
            let octets = Data(base64Encoded: lines[1..<(lines.count - 1)].joined()),
            octets.count == head.count + 32, Array(octets.prefix(head.count)) == head
        else { return nil }
        return Data(octets.dropFirst(head.count))
    }
}
