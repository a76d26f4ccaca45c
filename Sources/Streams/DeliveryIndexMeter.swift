// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// The media delivery index of RFC 4445, for a stream whose media rate is declared.
///
/// A virtual buffer is filled by what arrives and drained at the media rate; over each second the
/// delay factor is the buffer's range divided by the rate, and the loss rate the packets that
/// were expected and did not come (section 3.2). A camera's rate varies, so the delay factor is
/// true to the name only where the declared rate is.
struct DeliveryIndexMeter {
    /// Declared octets a second.
    let octetsPerSecond: Double
    private var windowStart: Int64?
    private var buffer = 0.0
    private var least = 0.0
    private var greatest = 0.0
    private var last: Int64 = 0
    private var lostAtStart: UInt64 = 0
    private var worstDelay: Double?
    private var worstLoss: UInt64 = 0

    /// Begins for a media rate in bits a second; nil unless it is positive.
    init?(bitsPerSecond: Double) {
        guard bitsPerSecond > 0, bitsPerSecond.isFinite else { return nil }
        octetsPerSecond = bitsPerSecond / 8
    }

    /// Takes one packet of `octets` media octets; `lost` is the stream's count so far.
    mutating func receive(octets: Int, lost: UInt64, at instant: Int64) {
        guard let start = windowStart, instant >= last else {
            return begin(at: instant, octets: octets, lost: lost)
        }
        buffer -= DeliveryIndexMeter.seconds(from: last, to: instant) * octetsPerSecond
        last = instant
        least = min(least, buffer)
        if DeliveryIndexMeter.seconds(from: start, to: instant) >= 1 {
            close(lost: lost)
            begin(at: instant, octets: octets, lost: lost)
            return
        }
        buffer += Double(octets)
        greatest = max(greatest, buffer)
    }

    private static func seconds(from earlier: Int64, to later: Int64) -> Double {
        let earlier = Instant(nanoseconds: earlier)
        return Double(Instant(nanoseconds: later).nanoseconds(since: earlier)) / 1e9
    }

    private mutating func begin(at instant: Int64, octets: Int, lost: UInt64) {
        windowStart = instant
        last = instant
        buffer = Double(octets)
        least = 0
        greatest = buffer
        lostAtStart = lost
    }

    private mutating func close(lost: UInt64) {
        let delay = (greatest - least) / octetsPerSecond * 1000
        worstDelay = max(worstDelay ?? 0, delay)
        worstLoss = max(worstLoss, lost - min(lost, lostAtStart))
    }

    /// The worst second so far, or nil before one is whole.
    var index: MediaDeliveryIndex? {
        worstDelay.map {
            MediaDeliveryIndex(delayFactorMilliseconds: $0, mediaLossRate: Double(worstLoss))
        }
    }
}
