// SPDX-License-Identifier: Apache-2.0

/// Encoded pictures, one after the other, at about the format's bit rate.
struct FrameSource {
    let format: VideoFormat
    let framesPerGroup: Int
    private var generator: SplitMix64
    private var number = 0
    /// Octets that the group may still spend; what is left or owed goes to the next group.
    private var budget = 0
    private var h264: H264Encoder
    private var h265: H265Sketch
    private var mpeg4: MPEG4Encoder

    /// How many times larger than the others a key frame is meant to be.
    static let keyFrameWeight = 5

    init(_ format: VideoFormat, framesPerGroup: Int, seed: UInt64) {
        self.format = format
        self.framesPerGroup = max(1, framesPerGroup)
        generator = SplitMix64(seed: seed, party: 0x46_52_41_4d_45)
        h264 = H264Encoder(format)
        h265 = H265Sketch(format)
        mpeg4 = MPEG4Encoder(format)
    }

    var parameterSets: [[UInt8]] {
        switch format.codec {
        case .h264: [h264.sequenceParameterSet, h264.pictureParameterSet]
        case .h265: h265.parameterSets
        case .mjpeg: []
        case .mpeg4: [mpeg4.configuration]
        }
    }

    /// The next picture: NAL units, or one item for the codecs without.
    mutating func next() -> [[UInt8]] {
        let inGroup = number % framesPerGroup
        let isBright = number / framesPerGroup % 2 == 1
        let target = spend(inGroup)
        var units: [[UInt8]]
        switch format.codec {
        case .h264: units = nextH264(inGroup, isBright, target)
        case .h265: units = h265.next(isKey: inGroup == 0, target, &generator)
        case .mjpeg:
            units = [JPEGScan.encoded(format, octets: target, brightness: inGroup, &generator)]
        case .mpeg4: units = [mpeg4.next(isKey: inGroup == 0, isBright, target, inGroup)]
        }
        if format.codec != .mjpeg { budget -= units.reduce(0) { $0 + $1.count } }
        number += 1
        return units
    }

    /// How many octets the next frame may take; sizes vary by a fifth to either side.
    private mutating func spend(_ inGroup: Int) -> Int {
        if format.codec == .mjpeg { return vary(format.octetsPerFrame) }
        if inGroup == 0 {
            let group = format.octetsPerFrame * framesPerGroup
            // A debt beyond one group can never be repaid: the rate is below the codec's least.
            budget = max(budget, -group) + group
            return max(0, budget) * FrameSource.keyFrameWeight
                / (framesPerGroup - 1 + FrameSource.keyFrameWeight)
        }
        return vary(max(0, budget) / (framesPerGroup - inGroup))
    }

    private mutating func vary(_ octets: Int) -> Int {
        octets * (80 + generator.below(41)) / 100
    }

    private mutating func nextH264(_ inGroup: Int, _ isBright: Bool, _ target: Int) -> [[UInt8]] {
        if inGroup == 0 {
            let noise = max(0, target - h264.macroblocks) / H264Encoder.octetsPerNoise
            let picture = h264.idr(
                brightness: isBright ? 168 : 84, noise: noise, generator: &generator)
            return [h264.sequenceParameterSet, h264.pictureParameterSet, picture]
        }
        let noise = (target + H264Encoder.octetsPerNoise / 2) / H264Encoder.octetsPerNoise
        let room = max(1, h264.macroblocks - noise)
        let start = room * inGroup / framesPerGroup
        return [h264.predicted(start: start, noise: noise, generator: &generator)]
    }
}
