// SPDX-License-Identifier: Apache-2.0

public import Octets

/// What the messages of a connection tell about its streams.
public enum SessionFact: Hashable, Sendable {
    /// A server described a presentation, or a client one that it will send.
    case described(ObservedDescription)
    /// A description came that could not be read.
    case undescribed(RTSPURL?, ParseFault)
    /// Both sides agreed on the transport of a medium.
    case setUp(ObservedMedium)
    /// Delivery begins: to the client, or from it after RECORD.
    case started(ObservedDelivery)
    /// Delivery halts.
    case paused(session: String?, url: RTSPURL?)
    /// A session ended, or one medium of it if the URL is that of a medium.
    case tornDown(session: String?, url: RTSPURL?, media: [ObservedMedium])
    /// The server asks who it is; the schemes in lower case.
    case authenticationRequired(RTSPURL?, schemes: [String])
    /// The server did not accept a proof: wrong credentials, as a rule.
    case authenticationRefused(RTSPURL?, schemes: [String])
    /// The client is sent elsewhere.
    case redirected(RTSPURL?, to: RTSPURL, isOtherHost: Bool)
    /// The server did not do what it was asked, such as 404, or 453 where sessions ran out.
    case refused(RTSPMethod, RTSPURL?, status: Int)
    /// Part of a message could not be used: a header that cannot be read, an answer to a request
    /// that was not seen, more than is kept.
    case unusable(ParseFault)
}

/// A description and where it came from.
public struct ObservedDescription: Hashable, Sendable {
    /// What was described; nil if the request was not seen.
    public let url: RTSPURL?
    /// What the controls of the description are relative to.
    public let base: RTSPURL?
    /// The description.
    public let description: SessionDescription
    /// Whether the client described what it will send (ANNOUNCE).
    public let isAnnounced: Bool
    /// Whether the end of the description is missing in the capture.
    public let isPartial: Bool
}

/// A medium whose transport is agreed.
public struct ObservedMedium: Hashable, Sendable {
    /// What was set up; nil if the request was not seen.
    public let url: RTSPURL?
    /// Its place in the description, if one was seen that fits.
    public let index: Int?
    /// Its description, if one was seen that fits.
    public let description: MediaDescription?
    /// The transport: what the server answered, completed by what the client asked for.
    public let transport: TransportHeader
    /// What names the session; nil if the server named none that can be read.
    public let session: SessionHeader?
    /// Whether media flows from the client to the server.
    public let isRecorded: Bool
}

/// A delivery that begins.
public struct ObservedDelivery: Hashable, Sendable {
    /// What names the session.
    public let session: String?
    /// What is played: as a rule the presentation, not one medium.
    public let url: RTSPURL?
    /// Whether media flows from the client to the server.
    public let isRecorded: Bool
    /// The range that the server plays.
    public let range: PlayRange?
    /// Where the streams begin.
    public let streams: [RTPInfo]
}
