// SPDX-License-Identifier: Apache-2.0

/// A client's login: what the server wants to see proved, and how often it did not believe it.
struct ClientLogin: Sendable {
    /// How often a proof was refused, stale nonces left out.
    private(set) var failures = 0

    private let credentials: Digest.Credentials?
    private let clientNonce: String
    private let hash: @Sendable (DigestAlgorithm, [UInt8]) -> [UInt8]
    private var dialogue: AuthenticationDialogue
    private var challenge: Digest.Challenge?
    private var usesBasic = false
    private var nonceCount: UInt32 = 0

    init(_ configuration: RTSPClientSession.Configuration) {
        credentials = configuration.credentials
        clientNonce = configuration.clientNonce
        hash = configuration.hash
        dialogue = AuthenticationDialogue(allowsBasic: configuration.allowsBasic)
    }

    /// The value of `Authorization`, once the server asked for one.
    mutating func proof(_ method: RTSPMethod, _ target: String) -> String? {
        guard let credentials else { return nil }
        if let challenge {
            nonceCount &+= 1
            return Digest.authorization(
                challenge, credentials, method: method, uri: target, count: nonceCount,
                clientNonce: clientNonce, hash: hash)
        }
        return usesBasic ? credentials.basic : nil
    }

    /// Takes a 401; gives the end of the session, or nil if it is worth asking again.
    ///
    /// - Parameter hadProof: Whether the request that was refused had a proof.
    mutating func challenged(by response: RTSPMessage, hadProof: Bool) -> ClientSessionEnd? {
        guard credentials != nil else { return .credentialsMissing }
        let answer = dialogue.challenged(by: response)
        if case .prove(let challenge) = answer, challenge.isStale {
            // The proof was good; only its nonce was too old.
        } else if hadProof {
            failures += 1
        }
        switch answer {
        case .prove(let challenge):
            if challenge.nonce != self.challenge?.nonce { nonceCount = 0 }
            self.challenge = challenge
            usesBasic = false
        case .basic:
            challenge = nil
            usesBasic = true
        case .giveUp(let reason): return .notAuthenticated(reason)
        }
        return nil
    }

    /// The server believed the last proof, or wanted none.
    mutating func accepted() { dialogue.accepted() }
}
