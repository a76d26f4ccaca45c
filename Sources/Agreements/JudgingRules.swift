// SPDX-License-Identifier: Apache-2.0

/// How measurements are judged: windows, confirmation, limits of time.
///
/// One set for an installation; a change of it is an event of the journal. Every number is in
/// nanoseconds unless it says otherwise.
public struct JudgingRules: Hashable, Sendable {
    /// The length of an interval, aligned to UTC.
    public var interval: Int64 = 10 * second
    /// How much bad time, without good time in between, makes a camera down or degraded.
    ///
    /// Three intervals: one bad interval is often a handover, three are trouble (chosen; G.826
    /// takes ten seconds of one).
    public var confirm: Int64 = 30 * second
    /// How much good time, without bad time in between, ends it.
    public var clear: Int64 = 30 * second
    /// From how long on a gap between frames is a silence.
    public var silence: Int64 = 10 * second
    /// The window over which means are taken: bit rate and frame rate; tumbling, aligned to UTC.
    public var meanWindow: Int64 = 60 * second
    /// How much a mean may stay below its limit, parts per million.
    ///
    /// A camera set to 25 frames/s measures 24.98, since its clock is not ours
    /// (`docs/measurements.md`, criteria).
    public var meanTolerance: Int = 5_000
    /// For how long an unconfirmed change of a criterion waits for more evidence.
    ///
    /// Arrival is seen whenever anybody watches, and waits for ever. A clock may be told once and
    /// never again; without an end its one reading would wait for years (chosen: an hour).
    public var patience: Int64 = 3_600 * second
    /// How long after the last frame's first packet its last may come; what comes later, without a
    /// new frame, shows that the picture is frozen (chosen: a second).
    public var frameTail: Int64 = second
    /// The greatest distance of two samples between which a state that both show is taken to
    /// hold; nil where nothing is sampled.
    public var sampleSpacing: Int64?

    private static let second: Int64 = 1_000_000_000

    /// The rules that hold where nobody says otherwise.
    public static let standard = JudgingRules()

    /// Makes the rules that hold where nobody says otherwise.
    public init() {}

    /// The window of a criterion: one interval for what each interval tells by itself.
    public func window(of criterion: Criterion) -> Int64 {
        switch criterion {
        case .bitrate, .frameRate: meanWindow
        case .resolution, .loss, .clockOffset, .downtime: interval
        }
    }

    /// Whether the numbers can be judged by: lengths above zero, `meanWindow` not below
    /// `interval`, a tolerance below the whole.
    public var isValid: Bool {
        interval > 0 && confirm > 0 && clear > 0 && silence > 0 && meanWindow >= interval
            && (0..<1_000_000).contains(meanTolerance) && patience >= confirm
            && patience >= clear && frameTail >= 0 && sampleSpacing ?? 1 > 0
            && [interval, confirm, clear, silence, meanWindow, patience, frameTail]
                .allSatisfy { $0 <= JudgingRules.longest }
            && sampleSpacing ?? 1 <= JudgingRules.longest
    }

    /// The longest of any length: 31 days, beyond which it is a slip of the hand (chosen).
    public static let longest: Int64 = 31 * 86_400 * second
}
