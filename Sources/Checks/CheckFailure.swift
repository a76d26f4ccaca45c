// SPDX-License-Identifier: Apache-2.0
public import RTSP

/// Why a check came to nothing: one branch of the tree, and the leaf.
///
/// The branch says what to do about it and whose it may be; which of them count as an outage is
/// for the agreement to say.
public struct CheckFailure: Hashable, Sendable, Error {
    /// The branches.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Nobody answers at the address.
        case unreachable
        /// Somebody answers and says no.
        case refuses
        /// The login is not accepted, or not possible.
        case authentication
        /// The login failed because the clocks differ.
        case clock
        /// The device serves others and has no room; it is not down.
        case busy
        /// The device answers, and no video comes.
        case noStream = "no-stream"
        /// Something comes that is no video as agreed, or no protocol.
        case badStream = "bad-stream"
        /// The site's settings do not let the probe dial there.
        case notAllowed = "not-allowed"
        /// The probe's own trouble: says nothing of the camera.
        case probe
        /// Ended by the probe as it was asked to.
        case stopped
    }

    /// The branch.
    public let kind: Kind
    /// The leaf, as a word for records: `connection-refused`, `auth-failed`, `silent`.
    public let word: String
    /// The leaf in words, credentials left out.
    public let text: String

    /// Makes a failure.
    public init(_ kind: Kind, _ word: String, _ text: String) {
        self.kind = kind
        self.word = word
        self.text = text
    }

    /// The failure that the end of a session is.
    public init(_ end: ClientSessionEnd) {
        let kind: Kind
        switch end {
        case .stopped: kind = .stopped
        case .credentialsMissing, .notAuthenticated: kind = .authentication
        case .busy: kind = .busy
        case .notFound, .nothingWanted, .silent, .sessionLost, .endedByServer: kind = .noStream
        case .closed(let method): kind = method == nil ? .noStream : .refuses
        case .refused(_, 403): kind = .authentication
        case .refused, .noTransport, .redirected, .tooSlow: kind = .refuses
        case .foreignTransport, .unreadable, .nonsense: kind = .badStream
        case .noPorts: kind = .probe
        }
        self.init(kind, end.word, end.description)
    }

    init(_ failure: SystemFailure) {
        self =
            failure.isRefusal
            ? CheckFailure(.refuses, "connection-refused", failure.text)
            : failure.isOwn
                ? CheckFailure(.probe, "no-network", failure.text)
                : CheckFailure(.unreachable, "unreachable", failure.text)
    }

    /// Whether the camera was asked for its video and none came: evidence that it does not
    /// arrive, as silence on the wire is.
    ///
    /// A login, a certificate, a redirect or a device without room says nothing of the video, and
    /// neither does trouble of the probe's own, a name that cannot be looked up included.
    public var showsNoVideo: Bool {
        switch kind {
        case .unreachable: word != "unknown-name"
        case .refuses: ["connection-refused", "closed", "too-slow"].contains(word)
        case .noStream: true
        case .badStream: word != "foreign-transport"
        case .authentication, .clock, .busy, .notAllowed, .probe, .stopped: false
        }
    }

    init(_ refusal: Resolver.Refusal) {
        switch refusal {
        case .unknownName(let text):
            self.init(.unreachable, "unknown-name", "the name is not known: \(text)")
        case .notAllowed(let address):
            self.init(.notAllowed, "not-allowed", "\(address) is not among the allowed addresses")
        }
    }
}
