// SPDX-License-Identifier: Apache-2.0
import Octets

/// What a parameter set says of the pictures.
public struct PictureFormat: Hashable, Sendable {
    /// Pixels across, after cropping, 1...16384.
    public var width: Int
    /// Pixels down, after cropping; of interlaced video both fields, 1...16384.
    public var height: Int
    /// Frames a second that the sender declares; nil if it does not.
    public var nominalFrameRate: Double?
    /// The profile's number in the codec's own numbering: `profile_idc` of H.264, the general
    /// profile of H.265, the object type of MPEG-4 Visual (1 simple, 17 advanced simple).
    public var profile: Int?

    /// The greatest width and height believed: 16384, above the largest level of H.264 and H.265
    /// (8192x4320) and of camera sensors (chosen).
    public static let maxSide = 16_384

    /// Makes a format.
    public init(width: Int, height: Int, nominalFrameRate: Double? = nil, profile: Int? = nil) {
        self.width = width
        self.height = height
        self.nominalFrameRate = nominalFrameRate
        self.profile = profile
    }

    /// Makes a format, or throws `overLimit` or `invalid` if a side is outside 1...16384.
    init(
        checking width: Int, _ height: Int, _ layer: ParseFault.Layer
    ) throws(ParseFault) {
        for (side, field) in [(width, "width"), (height, "height")] {
            guard side >= 1 else {
                throw ParseFault(.invalid, layer, field, offset: 0, needed: 1, had: side)
            }
            guard side <= PictureFormat.maxSide else {
                throw ParseFault(
                    .overLimit, layer, field, offset: 0, needed: PictureFormat.maxSide, had: side)
            }
        }
        self.init(width: width, height: height)
    }

    /// `scale / units` if it is a rate that a camera can have, 0.01...1000 a second.
    static func plausibleRate(scale: Int, units: Int) -> Double? {
        guard scale > 0, units > 0 else { return nil }
        let rate = Double(scale) / Double(units)
        return (0.01...1000).contains(rate) ? rate : nil
    }
}
