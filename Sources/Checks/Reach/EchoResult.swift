// SPDX-License-Identifier: Apache-2.0
public import Packets

/// What to ask of a host by ICMP echo.
///
/// It tells whose fault it is that video does not come; it never tells that a camera works.
public struct EchoRequest: Hashable, Sendable {
    /// The most echoes of one request: fifty, of which one lost is 2 %.
    public static let countLimit = 1000

    /// Who is asked.
    public var address: IPAddress
    /// How often: one echo is no measurement of loss.
    public var count: Int
    /// Between two, ns.
    public var intervalNanoseconds: Int64
    /// For the last answer, ns.
    public var answerLimit: Int64

    /// Asks ten times in a second, and waits another for the last answer.
    public init(
        _ address: IPAddress, count: Int = 10, intervalNanoseconds: Int64 = 100_000_000,
        answerLimit: Int64 = 1_000_000_000
    ) {
        self.address = address
        self.count = min(max(1, count), EchoRequest.countLimit)
        self.intervalNanoseconds = max(1_000_000, intervalNanoseconds)
        self.answerLimit = answerLimit
    }
}

/// What came of it; sums of integers, so that results of one host add up.
public struct EchoResult: Hashable, Sendable {
    /// Who was asked.
    public var address: IPAddress
    /// Requests that left.
    public var sent: UInt64 = 0
    /// Requests that were answered.
    public var answered: UInt64 = 0
    /// Answers beyond the first.
    public var duplicates: UInt64 = 0
    /// Sum of the round trips, ns.
    public var roundTripSum: Int64 = 0
    /// The shortest round trip, ns; nil without an answer, never 0.
    public var roundTripLeast: Int64?
    /// The longest, ns.
    public var roundTripGreatest: Int64?
    /// Why nothing could be asked.
    public var failure: CheckFailure?

    /// Makes the result of nothing asked yet.
    public init(_ address: IPAddress) { self.address = address }

    /// Requests without answer.
    public var lost: UInt64 { sent - min(sent, answered) }

    /// Adds one round trip.
    mutating func answer(after nanoseconds: Int64) {
        let time = max(1, nanoseconds)
        answered += 1
        roundTripSum += time
        roundTripLeast = min(roundTripLeast ?? time, time)
        roundTripGreatest = max(roundTripGreatest ?? time, time)
    }
}
