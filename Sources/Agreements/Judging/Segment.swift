// SPDX-License-Identifier: Apache-2.0
import Measurements

/// What is said of a stretch, before it is said in the words of `Condition`.
struct Segment: Hashable, Sendable {
    enum Kind: UInt8, Hashable, Sendable {
        /// Video arrives: up.
        case good = 0
        /// Video does not: a candidate for down, or down.
        case bad = 1
        /// Nobody can say.
        case unknown = 2
    }

    /// Nanoseconds since the epoch, as everywhere in this folder.
    var start: Int64
    var end: Int64
    var kind: Kind
    /// Raw value of a `FailureReason` if bad, of an `UnknownCause` if unknown, 0 if good.
    var detail: UInt8
    var evidence: Evidence

    var length: Int64 { end - start }

    func says(_ kind: Kind, _ detail: UInt8, _ evidence: Evidence) -> Bool {
        self.kind == kind && self.detail == detail && self.evidence == evidence
    }

    /// Bad for `reason`.
    static func bad(_ reason: FailureReason) -> (Kind, UInt8) { (.bad, reason.rawValue) }
    /// Unknown by `cause`.
    static func unknown(_ cause: UnknownCause) -> (Kind, UInt8) { (.unknown, cause.rawValue) }

    var condition: Condition {
        switch kind {
        case .good: .up
        case .bad: .down(FailureReason(rawValue: detail) ?? .silence)
        case .unknown: .unknown(UnknownCause(rawValue: detail) ?? .noEvidence)
        }
    }
}

extension Line<Segment> {
    /// Appends a stretch, joined to the last if it says the same and touches it.
    mutating func extend(_ segment: Segment) {
        guard segment.start < segment.end else { return }
        if var last, last.end == segment.start,
            last.says(segment.kind, segment.detail, segment.evidence)
        {
            last.end = segment.end
            self.last = last
        } else {
            append(segment)
        }
    }
}
