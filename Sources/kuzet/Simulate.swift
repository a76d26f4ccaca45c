// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
public import Simulation

/// Makes traffic of cameras that are not there.
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays cameras: for trying out, for tests, for demonstrations.",
        subcommands: [SimulatePcap.self, SimulateCamera.self, SimulateHistory.self])
}

/// A picture size on the command line: `1920x1080`.
struct PictureSizeArgument: ExpressibleByArgument, Hashable {
    var width: Int
    var height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init?(argument: String) {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]) else {
            return nil
        }
        self.init(width: width, height: height)
    }

    static func parse(_ text: String) throws -> PictureSizeArgument {
        try quantityArgument(text, expected: "a picture size such as 1920x1080")
    }

    var defaultValueDescription: String { "\(width)x\(height)" }
}

/// Frames a second on the command line: `25`, `12.5`.
struct FrameRateArgument: ExpressibleByArgument, Hashable {
    var millihertz: Int

    init(millihertz: Int) {
        self.millihertz = millihertz
    }

    init?(argument: String) {
        guard let rate = Double(argument), (0.1...120).contains(rate) else { return nil }
        millihertz = Int((rate * 1000).rounded())
    }

    static func parse(_ text: String) throws -> FrameRateArgument {
        try quantityArgument(text, expected: "frames a second, 0.1 to 120, such as 25 or 12.5")
    }

    var defaultValueDescription: String { "\(Double(millihertz) / 1000)" }
}

extension VideoCodec: ExpressibleByArgument {}
extension CaptureFile.Format: ExpressibleByArgument {}

/// What the encoders are set to, as far as the command line says.
func videoFormat(
    _ codec: VideoCodec, size: PictureSizeArgument, rate: FrameRateArgument, bits: BitRateArgument
) throws -> VideoFormat {
    guard
        let format = VideoFormat(
            codec: codec, width: size.width, height: size.height,
            frameRateMillihertz: rate.millihertz, bitRate: bits.bitsPerSecond)
    else {
        throw ValidationError(
            "found \(codec.rawValue) of \(size.width)x\(size.height) at \(bits.bitsPerSecond) bit/s;"
                + " expected even sizes of 16 to 4096 (mjpeg: multiples of 8 to 2040)"
                + " and 1k to 200M bit/s")
    }
    return format
}
