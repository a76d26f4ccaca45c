// SPDX-License-Identifier: Apache-2.0
public import Packets
public import RTSP

/// A pull of a loop; never used twice by it.
public struct PullID: Hashable, Sendable, Comparable {
    /// Counts up from 1.
    public let number: UInt32

    /// Orders by age.
    public static func < (older: PullID, newer: PullID) -> Bool { older.number < newer.number }
}

/// What a pull does; told at each change.
public enum PullState: Sendable {
    /// Looks the host up and connects.
    case connecting
    /// Talks with the camera at that address.
    case asking(Endpoint)
    /// Media comes.
    case playing([PullFlow])
    /// Over.
    case ended(PullEnd)
}

/// Where the packets of one medium come; what they carry is for the meters to say.
public struct PullFlow: Hashable, Sendable {
    /// The medium as the camera described it; nil where HTTP carries pictures.
    public var medium: MediaDescription?
    /// Where packets go: the own port, a group, or the own end of the connection.
    public var destination: Endpoint
    /// The channel of RTP, if interleaved.
    public var channel: UInt8?
}

/// How a pull ended, with the evidence.
public struct PullEnd: Sendable {
    /// Why.
    public var failure: CheckFailure
    /// Whether media came before that.
    public var hasPlayed = false
    /// The dialogue: its first and last lines, without credentials.
    public var dialogue: [RTSPClientSession.Line] = []
    /// How often the login was refused: two and more, and nobody should try again until told.
    public var loginFailures = 0
    /// What a server did that was put up with.
    public var oddities = RTSPClientSession.Oddities()
    /// What the camera says that it is.
    public var serverSoftware: String?
    /// Datagrams that came from somebody else.
    public var strayDatagrams: UInt64 = 0
    /// Datagrams that the own sockets lost.
    public var droppedDatagrams: UInt64 = 0
}

/// Takes what pulls yield; called on the loop's thread.
public protocol PullSink: AnyObject {
    /// Packets of a pull came, as frames of Ethernet that lie in `window`.
    ///
    /// Hand them to a `Tracker` as if a capture had seen them.
    func received(_ pull: PullID, window: Span<UInt8>, records: Span<CapturedRecord>)
    /// A pull's own sockets lost datagrams since last told: what was lost in the interval is not
    /// to be held against the camera.
    func dropped(_ pull: PullID, datagrams: UInt64)
    /// A pull does something else now.
    func changed(_ pull: PullID, to state: PullState)
}
