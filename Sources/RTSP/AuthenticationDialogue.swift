// SPDX-License-Identifier: Apache-2.0

/// A client's side of being asked who it is: what to answer to each 401, and when to stop.
///
/// Stops early, because a camera that sees wrong passwords locks the account for everybody.
public struct AuthenticationDialogue: Hashable, Sendable {
    /// How often a proof is sent before giving up, unless the nonce was only too old.
    ///
    /// Chosen: cameras lock an account after three to five failures.
    public static let tryLimit = 2
    /// How many renewed nonces in a row are believed.
    ///
    /// Chosen: a camera renews one a session.
    public static let staleLimit = 3

    /// What to do about a 401.
    public enum Answer: Hashable, Sendable {
        /// Ask again with a proof for this challenge.
        case prove(Digest.Challenge)
        /// Ask again with `Basic`, which was allowed for this camera.
        case basic
        /// Give up.
        case giveUp(Reason)
    }

    /// Why a client gives up.
    public enum Reason: String, Hashable, Sendable {
        /// The limit of tries is reached: the credentials are wrong.
        case tooManyTries = "auth-failed"
        /// No challenge that can be answered: none, no nonce, unknown algorithm.
        case noUsableChallenge = "no-usable-challenge"
        /// Only `Basic` is offered, which would send the password in clear.
        case basicInClear = "basic-in-clear"
        /// A weaker algorithm is offered than before.
        case downgrade = "downgrade"
    }

    /// Whether `Basic` may be sent to this camera.
    public let allowsBasic: Bool
    private var tries = 0
    private var staleNonces = 0
    private var strongest: DigestAlgorithm?

    /// Makes a dialogue that was not asked anything yet.
    public init(allowsBasic: Bool = false) {
        self.allowsBasic = allowsBasic
    }

    /// A response came that was no 401: the proof was good.
    public mutating func accepted() {
        tries = 0
        staleNonces = 0
    }

    /// A 401 came; returns what to do about it.
    public mutating func challenged(by response: RTSPMessage) -> Answer {
        let headers = AuthenticationHeader.all(
            parsing: response.headers.values("WWW-Authenticate"))
        let challenges = headers.compactMap { Digest.Challenge($0) }
        guard let best = challenges.max(by: { $0.algorithm < $1.algorithm }) else {
            let hasBasic = headers.contains { $0.scheme == "basic" }
            guard hasBasic else { return .giveUp(.noUsableChallenge) }
            guard strongest == nil else { return .giveUp(.downgrade) }
            guard allowsBasic else { return .giveUp(.basicInClear) }
            return countTry() ? .basic : .giveUp(.tooManyTries)
        }
        if let strongest, best.algorithm < strongest { return .giveUp(.downgrade) }
        strongest = best.algorithm
        if best.isStale, tries > 0, staleNonces < Self.staleLimit {
            staleNonces += 1
            return .prove(best)
        }
        return countTry() ? .prove(best) : .giveUp(.tooManyTries)
    }

    private mutating func countTry() -> Bool {
        guard tries < Self.tryLimit else { return false }
        tries += 1
        return true
    }
}
