// SPDX-License-Identifier: Apache-2.0
public import Packets
public import RTSP

/// One HTTP or HTTPS request to an address that was checked.
public struct WebRequest: Sendable {
    /// Octets of an answer, at most; more is cut off and said.
    public static let answerLimit = 512 * 1024

    /// Where, without credentials; scheme `http` or `https`.
    public var url: RTSPURL
    /// The address that is dialled, whatever the URL's host means.
    public var address: IPAddress
    /// What is sent by POST; nil asks by GET.
    public var body: [UInt8]?
    /// The media type of `body`.
    public var contentType = "application/soap+xml; charset=utf-8"
    /// Who asks, by Digest, if the device wants to know.
    public var credentials: Digest.Credentials?
    /// Whether a certificate must be in order.
    public var verifiesCertificate = false
    /// A file of authorities in place of the system's.
    public var authorities: String?
    /// For all of it, ns.
    public var limit: Int64 = 10_000_000_000

    /// Makes a request.
    public init(url: RTSPURL, address: IPAddress) {
        self.url = url
        self.address = address
    }
}

/// What came of a request.
public struct WebAnswer: Hashable, Sendable {
    /// The status of HTTP; 0 if there was no answer.
    public var status = 0
    /// The media type in lower case, without parameters.
    public var contentType = ""
    /// The body, up to the limit.
    public var body: [UInt8] = []
    /// Whether the body was longer than the limit.
    public var isCut = false
    /// How long it took, ns.
    public var nanoseconds: Int64 = 0
    /// The first certificate that the device showed, if any.
    public var certificate: Certificate?
    /// Why there is no answer.
    public var failure: CheckFailure?

    /// Makes an empty answer.
    public init() {}
}
