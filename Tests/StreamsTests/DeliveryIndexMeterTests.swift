// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing

@testable import Streams

/// The delay factor is (fullest - emptiest) / media rate over a second (RFC 4445 section 3.2);
/// every case is computed by hand for a rate of 1,000 octets a second.
@Suite struct DeliveryIndexMeterTests {
    /// The index after packets of so many octets at so many ms, with the losses counted so far.
    private func index(
        _ packets: [(milliseconds: Int64, octets: Int, lost: UInt64)]
    ) throws -> MediaDeliveryIndex? {
        var meter = try #require(DeliveryIndexMeter(bitsPerSecond: 8_000))
        for packet in packets {
            meter.receive(
                octets: packet.octets, lost: packet.lost,
                at: 1_000_000_000_000 + packet.milliseconds * 1_000_000)
        }
        return meter.index
    }

    @Test func `an even stream has the delay of one packet`() throws {
        // 100 octets each 100 ms: the buffer goes from 0 to 100 and back, 100 / 1000 s.
        let index = try index((0...10).map { (Int64($0) * 100, 100, 0) })
        #expect(index == MediaDeliveryIndex(delayFactorMilliseconds: 100, mediaLossRate: 0))
    }

    @Test func `a second's media in one burst has the delay of a second`() throws {
        let burst = (0..<10).map { _ in (Int64(0), 100, UInt64(0)) }
        let index = try index(burst + [(1_000, 100, 0)])
        #expect(index == MediaDeliveryIndex(delayFactorMilliseconds: 1_000, mediaLossRate: 0))
    }

    @Test func `a buffer that runs dry adds what it lacks`() throws {
        // 100 in, 400 short at 500 ms, 100 in, 800 short at the end: 100 - (-800).
        let index = try index([(0, 100, 0), (500, 100, 0), (1_000, 100, 0)])
        #expect(index == MediaDeliveryIndex(delayFactorMilliseconds: 900, mediaLossRate: 0))
    }

    @Test func `the loss rate is that of the worst second`() throws {
        var packets: [(Int64, Int, UInt64)] = []
        for place in 0...30 {
            let lost: UInt64 = place <= 5 ? 0 : place < 15 ? 4 : place < 25 ? 11 : 13
            packets.append((Int64(place) * 100, 100, lost))
        }
        // 4 in the first second, 7 in the second, 2 in the third.
        #expect(try index(packets)?.mediaLossRate == 7)
    }

    @Test func `the worst of all seconds is kept`() throws {
        let even = (0...10).map { (Int64($0) * 100, 100, UInt64(0)) }
        let burst = (0..<5).map { _ in (Int64(1_000), 100, UInt64(0)) }
        let tail = (21...40).map { (Int64($0) * 100, 100, UInt64(0)) }
        // At 1,000 ms the packet of the even part and five more: 600 in the buffer. Drained to
        // -500 when the next one comes at 2,100 ms, which closes that second.
        #expect(try index(even + burst + tail)?.delayFactorMilliseconds == 1_100)
    }

    @Test func `before a second is whole nothing is known`() throws {
        #expect(try index([]) == nil)
        #expect(try index([(0, 100, 0), (999, 100, 0)]) == nil)
        #expect(try index([(0, 100, 0), (1_000, 100, 0)]) != nil)
    }

    @Test func `a clock set back begins another second`() throws {
        #expect(try index([(5_000, 100, 0), (0, 100, 0), (999, 100, 0)]) == nil)
        #expect(try index([(5_000, 100, 3), (0, 100, 3), (1_000, 100, 3)])?.mediaLossRate == 0)
    }

    @Test(arguments: [0, -1, .nan, .infinity, -.infinity] as [Double])
    func `a rate that is none has no meter`(rate: Double) {
        #expect(DeliveryIndexMeter(bitsPerSecond: rate) == nil)
    }

    @Test func `losses that are taken back and times at the ends trap nowhere`() throws {
        var meter = try #require(DeliveryIndexMeter(bitsPerSecond: 1))
        for instant in [Int64.min, -1, 0, .max - 1, .max, .min, .max] {
            for lost in [UInt64.max, 0, 5] { meter.receive(octets: .max, lost: lost, at: instant) }
        }
        #expect(meter.index?.delayFactorMilliseconds.isFinite == true)
    }
}
