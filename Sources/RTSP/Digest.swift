// SPDX-License-Identifier: Apache-2.0

/// A hash function that Digest names (RFC 7616 section 3.4); better ones compare greater.
public enum DigestAlgorithm: Int, Hashable, Sendable, Comparable, CaseIterable {
    case md5
    case sha256

    /// The name in headers.
    public var name: String { self == .md5 ? "MD5" : "SHA-256" }

    /// The algorithm of a challenge that names `name`; MD5 where none is named.
    ///
    /// Nil for others, and for the `-sess` variants, which no camera seen so far asks for.
    public init?(named name: String?) {
        guard let name else {
            self = .md5
            return
        }
        guard let match = Self.allCases.first(where: { sameWord($0.name, name) }) else {
            return nil
        }
        self = match
    }

    /// Whether the other is better.
    public static func < (worse: DigestAlgorithm, better: DigestAlgorithm) -> Bool {
        worse.rawValue < better.rawValue
    }
}

/// Digest authentication (RFC 7616, and RFC 2617 before it): both sides, without the hashing.
public enum Digest {
    /// Hashes octets with the algorithm named; the roof lends it, for this room has none.
    public typealias Hash = (DigestAlgorithm, [UInt8]) -> [UInt8]

    /// Who asks.
    ///
    /// Never printed.
    public struct Credentials: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
        let user: String
        let password: String

        /// Makes credentials.
        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }

        /// Says that there are some.
        public var description: String { "(credentials)" }

        /// Shows nothing.
        public var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// A challenge that can be answered.
    public struct Challenge: Hashable, Sendable {
        /// What is protected.
        public let realm: String
        /// The server's number used once; never empty.
        public let nonce: String
        /// The hash function.
        public let algorithm: DigestAlgorithm
        /// To be given back as it came.
        public let opaque: String?
        /// Whether the proof covers a count and a number of the client's (`qop=auth`).
        public let coversCount: Bool
        /// Whether the proof before was good and only the nonce was too old.
        public let isStale: Bool

        /// Makes a challenge, as a server does.
        public init(
            realm: String, nonce: String, algorithm: DigestAlgorithm = .md5, opaque: String? = nil,
            coversCount: Bool = false, isStale: Bool = false
        ) {
            self.realm = realm
            self.nonce = nonce
            self.algorithm = algorithm
            self.opaque = opaque
            self.coversCount = coversCount
            self.isStale = isStale
        }

        /// Takes a challenge, or nil if it is none of Digest, lacks realm or nonce, names an
        /// unknown algorithm, or asks only for protection of bodies (`auth-int`).
        public init?(_ header: AuthenticationHeader) {
            guard header.scheme == "digest", let realm = header["realm"],
                let nonce = header["nonce"], !nonce.isEmpty,
                let algorithm = DigestAlgorithm(named: header["algorithm"])
            else { return nil }
            let qualities = (header["qop"] ?? "").split(separator: ",").map {
                FieldScanner.trimmed(String($0)).lowercased()
            }
            guard qualities.isEmpty || qualities.contains("auth") else { return nil }
            self.init(
                realm: realm, nonce: nonce, algorithm: algorithm, opaque: header["opaque"],
                coversCount: !qualities.isEmpty,
                isStale: header["stale"].map { sameWord($0, "true") } ?? false)
        }

        /// The text as a value of `WWW-Authenticate`.
        ///
        /// MD5 is not named, as the oldest clients expect it.
        public var text: String {
            "Digest realm=\(quoted(realm)), nonce=\(quoted(nonce))"
                + (algorithm == .md5 ? "" : ", algorithm=\(algorithm.name)")
                + (opaque.map { ", opaque=\(quoted($0))" } ?? "")
                + (coversCount ? ", qop=\"auth\"" : "") + (isStale ? ", stale=true" : "")
        }
    }

    /// The value of `Authorization` that answers a challenge.
    ///
    /// - Parameters:
    ///   - uri: the request's target, exactly as it stands in the request line.
    ///   - count: how often this nonce was used, counting this time; 1 at first.
    ///   - clientNonce: a random text, used only if the challenge asks for it.
    ///   - hash: the hash functions.
    public static func authorization(
        _ challenge: Challenge, _ credentials: Credentials, method: RTSPMethod, uri: String,
        count: UInt32 = 1, clientNonce: String = "", hash: Hash
    ) -> String {
        let cover = challenge.coversCount ? Cover(count: hex8(count), nonce: clientNonce) : nil
        let proof = response(
            secret(credentials, realm: challenge.realm, challenge.algorithm, hash),
            challenge.algorithm, nonce: challenge.nonce, cover, method: method.rawValue, uri: uri,
            hash)
        var text = "Digest username=\(quoted(credentials.user))"
        text += ", realm=\(quoted(challenge.realm)), nonce=\(quoted(challenge.nonce))"
        text += ", uri=\(quoted(uri)), response=\"\(proof)\""
        if challenge.algorithm != .md5 { text += ", algorithm=\(challenge.algorithm.name)" }
        if let opaque = challenge.opaque { text += ", opaque=\(quoted(opaque))" }
        if let cover { text += ", qop=auth, nc=\(cover.count), cnonce=\(quoted(cover.nonce))" }
        return text
    }

    /// Why a proof was not accepted.
    public enum Rejection: Hashable, Sendable {
        /// The request had none, or not of Digest.
        case absent
        /// It answers another challenge: realm, nonce or algorithm differ, or what the challenge
        /// asked to cover is not covered.
        case otherChallenge
        /// It is about another user.
        case otherUser
        /// It was made for another request.
        case otherTarget
        /// It does not fit: a wrong password.
        case wrong
    }

    /// Whether a request proves that its sender knows the credentials; nil if so.
    public static func rejection(
        of request: RTSPMessage, _ challenge: Challenge, _ credentials: Credentials, hash: Hash
    ) -> Rejection? {
        guard let value = request.headers["Authorization"], let method = request.method,
            let target = request.target,
            let header = AuthenticationHeader.all(parsing: [value]).first,
            header.scheme == "digest", let given = header["response"]
        else { return .absent }
        guard header["realm"] == challenge.realm, header["nonce"] == challenge.nonce,
            DigestAlgorithm(named: header["algorithm"]) == challenge.algorithm
        else { return .otherChallenge }
        guard header["username"] == credentials.user else { return .otherUser }
        guard let uri = header["uri"], uri == target.text else { return .otherTarget }
        var cover: Cover?
        if challenge.coversCount {
            guard let count = header["nc"], let nonce = header["cnonce"], header["qop"] == "auth"
            else { return .otherChallenge }
            cover = Cover(count: count, nonce: nonce)
        }
        let expected = response(
            secret(credentials, realm: challenge.realm, challenge.algorithm, hash),
            challenge.algorithm, nonce: challenge.nonce, cover, method: method.rawValue, uri: uri,
            hash)
        return isSame(expected, given.lowercased()) ? nil : .wrong
    }
}

// MARK: - The arithmetic of RFC 7616 section 3.4.1

extension Digest {
    private struct Cover {
        var count: String
        var nonce: String
    }

    private static func hex(
        _ text: String, _ algorithm: DigestAlgorithm, _ hash: Hash
    ) -> String { Hexadecimal.encode(hash(algorithm, Array(text.utf8))) }

    private static func secret(
        _ credentials: Credentials, realm: String, _ algorithm: DigestAlgorithm, _ hash: Hash
    ) -> String { hex("\(credentials.user):\(realm):\(credentials.password)", algorithm, hash) }

    private static func response(
        _ secret: String, _ algorithm: DigestAlgorithm, nonce: String, _ cover: Cover?,
        method: String, uri: String, _ hash: Hash
    ) -> String {
        let request = hex("\(method):\(uri)", algorithm, hash)
        let middle = cover.map { "\(nonce):\($0.count):\($0.nonce):auth" } ?? nonce
        return hex("\(secret):\(middle):\(request)", algorithm, hash)
    }

    private static func hex8(_ count: UInt32) -> String {
        let digits = String(count, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }

    private static func quoted(_ text: String) -> String { FieldScanner.quoted(text) }

    /// Compares without telling by its duration how much agrees.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
