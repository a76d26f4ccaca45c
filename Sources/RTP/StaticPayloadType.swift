// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// A payload type whose meaning RFC 3551 (section 6, tables 4 and 5) fixes.
public struct StaticPayloadType: Hashable, Sendable {
    /// What it carries.
    public enum Kind: Hashable, Sendable {
        case audio
        case video
        /// MPEG transport streams: both.
        case audioAndVideo
    }

    /// The payload type, 0...34.
    public let number: UInt8
    /// The encoding's name as in `a=rtpmap`.
    public let name: String
    /// What it carries.
    public let kind: Kind
    /// Ticks a second of the RTP timestamp.
    public let clockRate: MediaClock.Rate
    /// The format that Kuzet reads the payload as; nil if it does not.
    public let format: PayloadFormat?

    /// The static payload type `number`, or nil: reserved, unassigned or dynamic (96...127).
    public init?(_ number: UInt8) {
        let entry: (name: String, kind: Kind, hertz: Int)
        switch number {
        case 0: entry = ("PCMU", .audio, 8000)
        case 3: entry = ("GSM", .audio, 8000)
        case 4: entry = ("G723", .audio, 8000)
        case 5: entry = ("DVI4", .audio, 8000)
        case 6: entry = ("DVI4", .audio, 16_000)
        case 7: entry = ("LPC", .audio, 8000)
        case 8: entry = ("PCMA", .audio, 8000)
        // 8000 although it samples at 16 kHz: a mistake of RFC 1890 kept since.
        case 9: entry = ("G722", .audio, 8000)
        case 10, 11: entry = ("L16", .audio, 44_100)
        case 12: entry = ("QCELP", .audio, 8000)
        case 13: entry = ("CN", .audio, 8000)
        case 14: entry = ("MPA", .audio, 90_000)
        case 15: entry = ("G728", .audio, 8000)
        case 16: entry = ("DVI4", .audio, 11_025)
        case 17: entry = ("DVI4", .audio, 22_050)
        case 18: entry = ("G729", .audio, 8000)
        case 25: entry = ("CelB", .video, 90_000)
        case 26: entry = ("JPEG", .video, 90_000)
        case 28: entry = ("nv", .video, 90_000)
        case 31: entry = ("H261", .video, 90_000)
        case 32: entry = ("MPV", .video, 90_000)
        case 33: entry = ("MP2T", .audioAndVideo, 90_000)
        case 34: entry = ("H263", .video, 90_000)
        default: return nil
        }
        guard let rate = MediaClock.Rate(hertz: entry.hertz) else { return nil }
        self.number = number
        name = entry.name
        kind = entry.kind
        clockRate = rate
        format = PayloadFormat(encodingName: entry.name)
    }

    /// Whether sessions agree on what `number` means: 96...127 (RFC 3551 section 6).
    public static func isDynamic(_ number: UInt8) -> Bool { (96...127).contains(number) }
}
