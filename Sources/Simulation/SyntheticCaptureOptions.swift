// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

extension SyntheticCapture {
    /// What a synthetic capture is made of.
    ///
    /// The defaults are a channel of the tender's cameras:
    /// 1920x1080 H.264 at 25 frames/s and 5 Mbit/s, undisturbed.
    public struct Options: Hashable, Sendable {
        /// Cameras, 1…100 000.
        public var cameras = 1
        /// When to stop.
        public var extent: Extent = .nanoseconds(10_000_000_000)
        /// What the cameras' encoders are set to; camera *i* takes format *i* modulo their number.
        public var formats: [VideoFormat] = VideoFormat().map { [$0] } ?? []
        /// Probability that a packet is lost on its way, 0…0.9.
        public var lossRatio = 0.0
        /// Whether losses come in runs (Gilbert's model, five packets on average).
        public var losesInBursts = false
        /// Probability that a packet arrives twice.
        public var duplicateRatio = 0.0
        /// Probability that a packet is overtaken.
        public var reorderRatio = 0.0
        /// By how many packets it is overtaken, 1…1000.
        public var reorderDepth = 3
        /// Share of the cameras with one VLAN tag.
        public var vlanShare = 0.0
        /// Share of the cameras with two VLAN tags.
        public var qinqShare = 0.0
        /// Share of the cameras on IPv6.
        public var ipv6Share = 0.0
        /// How far the clocks of some cameras are ahead, ns; negative if behind.
        public var clockOffsetNanoseconds: Int64 = 0
        /// Share of the cameras whose clock is off.
        public var clockOffsetShare = 1.0
        /// Time between RTCP sender reports, ns; nil for none.
        public var senderReportNanoseconds: Int64? = 5_000_000_000
        /// Whether each stream is opened by an RTSP dialogue over TCP.
        public var hasSignalling = false
        /// Octets of a packet kept at most.
        public var snapLength = 65_535
        /// Random delay of each frame's sending, ns at most.
        public var frameJitterNanoseconds: Int64 = 200_000
        /// Seed of everything random.
        public var seed: UInt64 = 1
        /// Time of the first packet, about.
        public var start = Instant(nanoseconds: 1_767_225_600_000_000_000)  // 2026-01-01
        /// Longest RTP payload, octets.
        public var largestPayload = 1400

        /// Makes the default options.
        public init() {}
    }

    /// When a capture stops.
    public enum Extent: Hashable, Sendable {
        /// After so many records, whatever they are.
        case records(UInt64)
        /// When no camera has anything more to send in so many nanoseconds; frames are not cut.
        case nanoseconds(Int64)
    }

    /// One packet written.
    public struct Record: Hashable, Sendable {
        /// What the packet is.
        public enum Content: Hashable, Sendable {
            case media, senderReport, signalling
        }

        /// When it passed the capture port; never before the record before.
        public var time: Instant
        /// Its length on the wire, without the frame check sequence.
        public var originalLength: Int
        /// Which camera it belongs to, from 0.
        public var camera: Int
        /// What it is.
        public var content: Content
    }
}
