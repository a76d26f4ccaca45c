// SPDX-License-Identifier: Apache-2.0
public import Agreements

extension CriterionName {
    /// The name of a criterion of the account.
    public init(_ criterion: Criterion) {
        switch criterion {
        case .resolution: self = .resolution
        case .bitrate: self = .bitrate
        case .frameRate: self = .frameRate
        case .loss: self = .loss
        case .clockOffset: self = .clockOffset
        case .downtime: self = .downtime
        }
    }
}

extension FailureName {
    /// The name of a reason of the account.
    public init(_ reason: FailureReason) {
        switch reason {
        case .silence: self = .silence
        case .loss: self = .loss
        case .frozen: self = .frozen
        }
    }
}

extension UnknownName {
    /// The name of a cause of the account.
    public init(_ cause: UnknownCause) {
        switch cause {
        case .notObserved: self = .notObserved
        case .probeDrops: self = .probeDrops
        case .betweenSamples: self = .betweenSamples
        case .vantagesDisagree: self = .vantagesDisagree
        case .noEvidence: self = .noEvidence
        case .released: self = .released
        }
    }
}

extension StatusStrip.State {
    /// How a state of the account is drawn.
    public init(_ state: CameraState) {
        switch state {
        case .up: self = .up
        case .degraded: self = .degraded
        case .down(let downtime): self = downtime.isMaintenance ? .downMaintenance : .downFailure
        case .unknown: self = .unknown
        case .excluded: self = .excluded
        }
    }
}
