// SPDX-License-Identifier: Apache-2.0

/// The interarrival jitter of RFC 3550 section 6.4.1 and appendix A.8.
///
/// `J += (|D| − J) / 16`, where D is how much longer (or shorter) two packets took to arrive than
/// their media timestamps lie apart.
public struct JitterEstimator: Hashable, Sendable {
    /// The estimator's value, ns.
    public var nanoseconds: Double = 0

    /// Begins at zero, as the RFC says.
    @inlinable
    public init() {}

    /// Takes the steps since the packet before, both in ns, and answers the new value.
    @inlinable
    public mutating func receive(arrivalStep: Int64, mediaStep: Double) -> Double {
        nanoseconds += (abs(Double(arrivalStep) - mediaStep) - nanoseconds) / 16
        return nanoseconds
    }
}
