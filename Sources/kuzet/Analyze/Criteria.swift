// SPDX-License-Identifier: Apache-2.0
import Agreements

extension Criterion {
    /// Those that a stream itself can break.
    static let ofStreams = Criterion.allCases.filter { $0 != .downtime }

    /// The rule in a reader's words.
    var title: String {
        switch self {
        case .resolution: "resolution"
        case .bitrate: "bit rate"
        case .frameRate: "frame rate"
        case .loss: "packet loss"
        case .clockOffset: "clock offset"
        case .downtime: "downtime"
        }
    }

    /// Its name in JSON, a contract.
    var jsonName: String {
        switch self {
        case .resolution: "resolution"
        case .bitrate: "bitrate"
        case .frameRate: "frame_rate"
        case .loss: "loss"
        case .clockOffset: "clock"
        case .downtime: "downtime"
        }
    }
}

/// The limits that a video stream is judged by; the defaults are annex 2's.
///
/// Two rules keep honest cameras from breaching by arithmetic:
/// - *Tolerance.* A camera set to 25 frames/s measures 24.98: its clock is not ours, and one frame
///   more or less at the ends of a 10 s stretch is 0.4 %. So a measured mean (bit rate, frame
///   rate) breaks a minimum only when it lies more than `tolerance` below. What is read, not
///   measured (resolution), and what is counted (loss) has none.
/// - *Margin.* A figure with a maximum (loss, clock) is *near* from `margin` of its limit on. A
///   minimum has no margin: cameras are set to exactly what the order asks, and every one of them
///   would be near.
struct Criteria: Equatable, Sendable {
    /// Pixels across, A2.1.1; a picture turned upright (1080×1920) meets it too.
    var width = 1920
    /// Pixels down, A2.1.1.
    var height = 1080
    /// Bits a second on the IP layer, A2.1.2.
    var minimumBitrate = 5_000_000.0
    /// Frames a second by arrival, A2.1.3.
    var minimumFrameRate = 25.0
    /// Lost over expected packets, A2.1.4.
    var maximumLoss = 0.20
    /// Milliseconds that a camera's clock may be off, either way; chosen, as A2.6.2 has no number.
    var maximumClockOffset = 1000.0
    /// Share of a minimum that a measured mean may fall short.
    var tolerance = 0.005
    /// Share of a maximum from which on a figure is near it.
    var margin = 0.90
}
