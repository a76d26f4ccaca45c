// SPDX-License-Identifier: Apache-2.0
import Octets
import Testing

@testable import RTP

@Suite struct AggregationUnitsTests {
    /// The units of `payload` from `start` on, and the fault that ended them.
    private func units(
        _ payload: [UInt8], header: Int = 1, from start: Int = 0, extra: Int = 0,
        stated: Int? = nil
    ) -> (units: [Range<Int>], fault: ParseFault?) {
        var found: [Range<Int>] = []
        var units = AggregationUnits(
            .h264, headerLength: header, from: start, extra: extra,
            stated: stated ?? payload.count)
        do throws(ParseFault) {
            while let unit = try units.next(in: payload.span) { found.append(unit) }
            return (found, nil)
        } catch {
            return (found, error)
        }
    }

    @Test func `units lie behind their sizes`() {
        let (found, fault) = units([0x78, 0, 2, 0x67, 1, 0, 1, 0x68], from: 1)
        #expect(found == [3..<5, 7..<8])
        #expect(fault == nil)
    }

    @Test func `octets of decoding order stand between size and unit`() {
        let (found, _) = units([0x7a, 9, 9, 0, 1, 7, 7, 7, 0x65], from: 3, extra: 3)
        #expect(found == [8..<9])
    }

    @Test func `a unit shorter than its header is refused where its size stands`() {
        let (found, fault) = units([0, 2, 0x40, 1, 0, 1, 0x42], header: 2)
        #expect(found == [2..<4])
        #expect(
            fault == ParseFault(.invalid, .h264, "NAL unit size", offset: 4, needed: 2, had: 1))
    }

    @Test func `a unit beyond the payload is refused`() {
        let (found, fault) = units([0, 9, 0x67])
        #expect(found.isEmpty)
        #expect(
            fault
                == ParseFault(
                    .truncated, .h264, "aggregated NAL unit", offset: 0, needed: 9, had: 1))
        #expect(
            units([0]).fault
                == ParseFault(.truncated, .h264, "NAL unit size", offset: 0, needed: 2, had: 1))
    }

    @Test func `what the capture cut ends the units without a fault`() {
        let payload: [UInt8] = [0, 2, 0x67, 1, 0, 200, 0x65, 1, 2]
        #expect(units(payload, stated: 206).units == [2..<4, 6..<206])
        for captured in [4, 5, 6] {
            let (found, fault) = units(Array(payload.prefix(captured)), stated: 206)
            #expect(found == [2..<4])
            #expect(fault == nil)
        }
    }

    @Test func `as many units as the limit are given, and one more is refused`() {
        let unit: [UInt8] = [0, 1, 0x67]
        let most = [UInt8]([[UInt8]](repeating: unit, count: AggregationUnits.limit).joined())
        #expect(units(most).units.count == AggregationUnits.limit)
        #expect(units(most).fault == nil)
        let more = units(most + unit)
        #expect(more.units.count == AggregationUnits.limit)
        #expect(more.fault?.kind == .overLimit)
    }
}
