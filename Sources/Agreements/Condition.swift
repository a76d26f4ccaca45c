// SPDX-License-Identifier: Apache-2.0
public import Measurements
public import Timekeeping

/// Why a camera's video did not arrive; the raw values are stored.
public enum FailureReason: UInt8, Hashable, Sendable, CaseIterable {
    /// No packet came.
    case silence = 0
    /// More packets were lost than agreed (A2.1.4).
    case loss = 1
    /// Packets came, and no new frame.
    case frozen = 2
}

/// Why nobody can say; the raw values are stored.
public enum UnknownCause: UInt8, Hashable, Sendable, CaseIterable {
    /// Nobody watched.
    case notObserved = 0
    /// The probe itself lost packets.
    case probeDrops = 1
    /// Two samples differ; when it changed between them nobody saw.
    case betweenSamples = 2
    /// Two vantages contradict each other.
    case vantagesDisagree = 3
    /// What was kept does not tell.
    case noEvidence = 4
    /// The receiver ended the only session that was watched (RTSP TEARDOWN).
    case released = 5
}

/// What measurements alone say of a camera at an instant.
public enum Condition: Hashable, Sendable {
    /// Video arrives as agreed.
    case up
    /// Video arrives, and these criteria are broken.
    case degraded(CriterionSet)
    /// Video does not arrive.
    case down(FailureReason)
    /// Nobody can say.
    case unknown(UnknownCause)
}

/// A stretch in which one condition holds: what the ledger keeps.
public struct ConditionSpan: Hashable, Sendable {
    /// From when to when.
    public var range: TimeRange
    /// What holds.
    public var condition: Condition
    /// How it is known.
    public var evidence: Evidence

    /// Makes a span.
    public init(range: TimeRange, condition: Condition, evidence: Evidence = .observed) {
        self.range = range
        self.condition = condition
        self.evidence = evidence
    }
}

extension Condition {
    /// The condition in two bytes: its kind, and the reason, cause or set of criteria.
    public var code: (kind: UInt8, detail: UInt8) {
        switch self {
        case .up: (0, 0)
        case .degraded(let criteria): (1, criteria.rawValue)
        case .down(let reason): (2, reason.rawValue)
        case .unknown(let cause): (3, cause.rawValue)
        }
    }

    /// Reads what `code` gives; nil for anything else.
    public init?(kind: UInt8, detail: UInt8) {
        switch kind {
        case 0 where detail == 0: self = .up
        case 1 where detail != 0 && detail < 1 << 6:
            self = .degraded(CriterionSet(rawValue: detail))
        case 2:
            guard let reason = FailureReason(rawValue: detail) else { return nil }
            self = .down(reason)
        case 3:
            guard let cause = UnknownCause(rawValue: detail) else { return nil }
            self = .unknown(cause)
        default: return nil
        }
    }
}

extension [ConditionSpan] {
    /// Appends spans that follow; the first goes on with the last if both say the same.
    public mutating func join(_ next: [ConditionSpan]) {
        for span in next {
            if let last, last.condition == span.condition, last.evidence == span.evidence,
                last.range.end == span.range.start,
                let range = TimeRange(start: last.range.start, end: span.range.end)
            {
                self[count - 1].range = range
            } else {
                append(span)
            }
        }
    }
}
