// SPDX-License-Identifier: Apache-2.0
import Octets

/// What an elementary stream is, as its programme's map says it.
public struct StreamType: Hashable, Sendable {
    /// What it is for.
    public enum Kind: Hashable, Sendable { case video, audio, other }

    /// The number in the map (ISO/IEC 13818-1 table 2-34).
    public let number: UInt8
    /// What it is for.
    public let kind: Kind
    /// The codec in lower case, such as `h264`; nil if the map does not tell.
    public let codec: String?

    /// Names the stream type `number`; private types by the registration descriptor.
    public init(_ number: UInt8, descriptors: Span<UInt8>) {
        self.number = number
        (kind, codec) = Self.meaning(number) ?? Self.registered(descriptors) ?? (.other, nil)
    }

    /// ISO/IEC 13818-1 table 2-34, and ATSC A/53 part 3 for 0x81 and 0x87.
    private static func meaning(_ number: UInt8) -> (Kind, String)? {
        switch number {
        case 0x01: (.video, "mp1v")
        case 0x02: (.video, "mp2v")
        case 0x03, 0x04: (.audio, "mpa")
        case 0x0f, 0x11, 0x1c: (.audio, "aac")
        case 0x10: (.video, "mpeg4")
        case 0x1b: (.video, "h264")
        case 0x21: (.video, "jpeg2000")
        case 0x24: (.video, "h265")
        case 0x32: (.video, "jpegxs")
        case 0x33: (.video, "h266")
        case 0x42: (.video, "avs")
        case 0x81: (.audio, "ac3")
        case 0x87: (.audio, "eac3")
        case 0xd1: (.video, "dirac")
        case 0xea: (.video, "vc1")
        default: nil
        }
    }

    /// The format identifier of the registration descriptor (ISO/IEC 13818-1 2.6.8), tag 5.
    private static func registered(_ descriptors: Span<UInt8>) -> (Kind, String)? {
        var place = 0
        while place + 2 <= descriptors.count {
            let length = Int(descriptors[place + 1])
            guard length <= descriptors.count - place - 2 else { return nil }
            if descriptors[place] == 0x05, length >= 4 {
                switch descriptors.uint32(at: place + 2) {
                case 0x4845_5643: return (.video, "h265")  // HEVC
                case 0x4156_3031: return (.video, "av1")  // AV01
                case 0x5643_2d31: return (.video, "vc1")  // VC-1
                case 0x4f70_7573: return (.audio, "opus")  // Opus
                case 0x4143_2d33: return (.audio, "ac3")  // AC-3
                default: return nil
                }
            }
            place += 2 + length
        }
        return nil
    }
}
