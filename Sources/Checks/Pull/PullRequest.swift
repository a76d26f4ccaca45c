// SPDX-License-Identifier: Apache-2.0
public import RTSP
import Registry

/// Which camera to pull, how, and where that may lead.
public struct PullRequest: Sendable {
    /// What carries the dialogue.
    public enum Way: String, Hashable, Sendable, CaseIterable {
        /// RTSP, under TLS if the URL says `rtsps`.
        case rtsp
        /// RTSP through HTTP, or HTTPS if the URL says `rtsps` or `https`.
        case tunnel
        /// Pictures by HTTP or HTTPS.
        case multipart
    }

    /// The stream's URL without credentials.
    public var url: RTSPURL
    /// What carries the dialogue.
    public var way: Way
    /// How media is delivered, the best liked first; of no meaning but for `rtsp`.
    public var deliveries: [RTSPClientSession.Delivery] = [.udp, .interleaved]
    /// Who asks, if the camera wants to know.
    public var credentials: Digest.Credentials?
    /// Whether the password may be sent as it is.
    public var allowsBasic = false
    /// Where may be dialled: nowhere else, whatever name or camera says.
    public var allowed: AllowedAddresses
    /// Whether a certificate must be in order: most cameras sign their own, so no by default.
    public var verifiesCertificate = false
    /// Whether addresses in answers that are not the camera's are passed over, as needed behind
    /// address translation, instead of ending the pull.
    public var ignoresForeignAddresses = false
    /// The port of the tunnel; nil for the URL's, or 80 and 443.
    public var tunnelPort: UInt16?
    /// For a connection and for TLS each, ns; 5 s, a lost first packet twice sent again included.
    public var connectLimit: Int64 = 5_000_000_000
    /// For one whole answer, ns.
    public var answerLimit: Int64 = 10_000_000_000
    /// Without a packet while playing, ns.
    public var silenceLimit: Int64 = 10_000_000_000
    /// The hash functions of Digest.
    public var hash: @Sendable (DigestAlgorithm, [UInt8]) -> [UInt8]

    /// Makes a request; the way is that of the URL's scheme.
    public init(
        url: RTSPURL, allowed: AllowedAddresses, credentials: Digest.Credentials? = nil,
        hash: @escaping @Sendable (DigestAlgorithm, [UInt8]) -> [UInt8]
    ) {
        self.url = url
        self.allowed = allowed
        self.credentials = credentials
        self.hash = hash
        way = url.scheme == "http" || url.scheme == "https" ? .multipart : .rtsp
    }

    /// Whether all that is said is under TLS.
    public var isSecure: Bool { url.scheme == "rtsps" || url.scheme == "https" }

    /// The port that is dialled.
    var port: UInt16 {
        if way == .tunnel { return tunnelPort ?? url.port ?? (isSecure ? 443 : 80) }
        return url.effectivePort ?? 554
    }

    /// The host as it is dialled.
    var host: Host? { try? Host(parsing: url.host) }

    /// What the machine of the dialogue is to do.
    func configuration(nonce: String) -> RTSPClientSession.Configuration {
        var configuration = RTSPClientSession.Configuration(
            url: url, credentials: credentials, hash: hash)
        configuration.allowsBasic = allowsBasic || (isSecure && verifiesCertificate)
        configuration.deliveries = way == .tunnel ? [.interleaved] : deliveries
        configuration.ignoresForeignAddresses = ignoresForeignAddresses
        configuration.clientNonce = nonce
        configuration.answerLimit = answerLimit
        configuration.silenceLimit = silenceLimit
        return configuration
    }
}
