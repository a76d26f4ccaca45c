// SPDX-License-Identifier: Apache-2.0

/// Something that goes wrong at a simulated camera or on the way from it, for a while or for good.
public struct CameraFault: Hashable, Sendable {
    /// What goes wrong.
    public enum Kind: Hashable, Sendable {
        /// This share of packets is not sent, 0…1.
        case loss(Double)
        /// This share of packets is sent twice, 0…1.
        case duplicate(Double)
        /// This share of packets is sent three packets late, 0…1.
        case reorder(Double)
        /// Each packet is delayed by up to so many nanoseconds, order kept.
        case jitter(nanoseconds: Int64)
        /// The wall clock in sender reports is so far ahead.
        case clock(nanoseconds: Int64)
        /// The encoder is set to so many frames in 1000 s.
        case frameRate(millihertz: Int)
        /// The encoder is set to this picture size.
        case size(width: Int, height: Int)
        /// The encoder is set to this bit rate.
        case bitRate(Int)
        /// The encoder hangs: no frames, while timestamps and reports go on.
        case freeze
        /// The camera is without power: it sends and answers nothing.
        case die
        /// The encoder begins again, with another SSRC, sequence and timestamp; an event, at the
        /// start of the fault's time.
        case restart
    }

    /// What goes wrong.
    public var kind: Kind
    /// When, in nanoseconds since the camera's start; half open.
    public var range: Range<Int64>

    /// Makes a fault of the time from `start` to, not including, `end`; for good without `end`.
    public init(_ kind: Kind, from start: Int64 = 0, to end: Int64 = .max) {
        self.kind = kind
        range = max(0, start)..<max(max(0, start), end)
    }
}

extension CameraFault: CustomStringConvertible {
    /// The fault as it is written on the command line, without its time.
    public var description: String {
        func percent(_ ratio: Double) -> String {
            "\(decimal(thousandths: Int((ratio * 100_000).rounded())))%"
        }
        func seconds(_ nanoseconds: Int64) -> String {
            (nanoseconds < 0 ? "-" : "")
                + "\(decimal(thousandths: Int((nanoseconds / 1_000_000).magnitude)))s"
        }
        return switch kind {
        case .loss(let ratio): "loss=\(percent(ratio))"
        case .duplicate(let ratio): "duplicate=\(percent(ratio))"
        case .reorder(let ratio): "reorder=\(percent(ratio))"
        case .jitter(let nanoseconds): "jitter=\(seconds(nanoseconds))"
        case .clock(let nanoseconds): "clock=\(seconds(nanoseconds))"
        case .frameRate(let millihertz): "fps=\(decimal(thousandths: millihertz))"
        case .size(let width, let height): "size=\(width)x\(height)"
        case .bitRate(let bits): "bitrate=\(bits)"
        case .freeze: "freeze"
        case .die: "die"
        case .restart: "restart"
        }
    }
}

/// Everything that goes wrong at one camera, and when.
public struct FaultSchedule: Hashable, Sendable {
    /// In order of precedence: of two that say different values, the later one in the list holds.
    public var faults: [CameraFault]

    /// Makes a schedule.
    public init(_ faults: [CameraFault] = []) {
        self.faults = faults
    }

    /// What holds at one moment.
    public struct State: Hashable, Sendable {
        /// Share of packets not sent, 0…1.
        public internal(set) var lossRatio = 0.0
        /// Share of packets sent twice, 0…1.
        public internal(set) var duplicateRatio = 0.0
        /// Share of packets sent late, 0…1.
        public internal(set) var reorderRatio = 0.0
        /// Greatest delay of a packet.
        public internal(set) var jitterNanoseconds: Int64 = 0
        /// How far the wall clock is ahead.
        public internal(set) var clockOffsetNanoseconds: Int64 = 0
        /// Whether the encoder hangs.
        public internal(set) var isFrozen = false
        /// Whether the camera is without power.
        public internal(set) var isDead = false
        /// Restarts so far.
        public internal(set) var restarts = 0
        /// What the encoder is set to.
        public internal(set) var format: VideoFormat
    }

    /// What holds `elapsed` nanoseconds after the start, for an encoder else set to `format`.
    ///
    /// A setting that the codec cannot express is left out.
    public func state(at elapsed: Int64, of format: VideoFormat) -> State {
        var state = State(format: format)
        for fault in faults where fault.range.lowerBound <= elapsed {
            if fault.kind == .restart { state.restarts += 1 }
            guard fault.range.contains(elapsed) else { continue }
            FaultSchedule.apply(fault.kind, to: &state)
        }
        return state
    }

    private static func apply(_ kind: CameraFault.Kind, to state: inout State) {
        var wanted = state.format
        switch kind {
        case .loss(let ratio): state.lossRatio = ratio
        case .duplicate(let ratio): state.duplicateRatio = ratio
        case .reorder(let ratio): state.reorderRatio = ratio
        case .jitter(let nanoseconds): state.jitterNanoseconds = nanoseconds
        case .clock(let nanoseconds): state.clockOffsetNanoseconds = nanoseconds
        case .frameRate(let millihertz): wanted.frameRateMillihertz = millihertz
        case .size(let width, let height):
            wanted.width = width
            wanted.height = height
        case .bitRate(let bits): wanted.bitRate = bits
        case .freeze: state.isFrozen = true
        case .die: state.isDead = true
        case .restart: break
        }
        let format = VideoFormat(
            codec: wanted.codec, width: wanted.width, height: wanted.height,
            frameRateMillihertz: wanted.frameRateMillihertz, bitRate: wanted.bitRate)
        state.format = format ?? state.format
    }

    /// Every format that the encoder is ever set to, the given one first.
    public func formats(of format: VideoFormat) -> [VideoFormat] {
        var formats = [format]
        for edge in edges {
            let next = state(at: edge, of: format).format
            if !formats.contains(next) { formats.append(next) }
        }
        return formats
    }

    /// What begins or ends after `earlier` and not after `later`, in order of time.
    public func changes(after earlier: Int64, notAfter later: Int64) -> [Change] {
        var changes: [Change] = []
        for fault in faults {
            let start = fault.range.lowerBound
            let end = fault.range.upperBound
            if start > earlier, start <= later {
                changes.append(Change(fault: fault, time: start, isOn: true))
            }
            if end > earlier, end <= later, end < .max, fault.kind != .restart {
                changes.append(Change(fault: fault, time: end, isOn: false))
            }
        }
        return changes.sorted { $0.time < $1.time }
    }

    /// A fault switching on or off.
    public struct Change: Hashable, Sendable {
        /// Which.
        public var fault: CameraFault
        /// When, nanoseconds since the start.
        public var time: Int64
        /// Whether it begins.
        public var isOn: Bool
    }

    /// The moments at which anything changes.
    private var edges: [Int64] {
        faults.flatMap { [$0.range.lowerBound, $0.range.upperBound] }.filter { $0 < .max }.sorted()
    }
}
