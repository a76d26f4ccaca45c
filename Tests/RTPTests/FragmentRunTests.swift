// SPDX-License-Identifier: Apache-2.0
import RTP
import Testing

@Suite struct FragmentRunTests {
    private func hear(
        _ run: inout FragmentRun, _ fragment: PayloadReading.Fragment, _ isNewFrame: Bool
    ) -> Bool {
        run.hear(fragment, isNewFrame: isNewFrame)
    }

    @Test func `whole units and whole fragments are no damage`() {
        var run = FragmentRun()
        for fragment in [.middle, .last, .whole, .first, .middle, .last, .first, .last]
            as [PayloadReading.Fragment]
        {
            run.hear(fragment, isNewFrame: false)
        }
        #expect(run.damagedUnits == 0)
    }

    @Test func `a fragment never ended is one damage`() {
        var run = FragmentRun()
        run.hear(.first, isNewFrame: true)
        run.hear(.middle, isNewFrame: false)
        #expect(hear(&run, .first, true) == true)
        #expect(hear(&run, .last, false) == false)
        run.hear(.first, isNewFrame: true)
        #expect(hear(&run, .whole, true) == true)
        #expect(run.damagedUnits == 2)
    }

    @Test func `fragments never begun are one damage`() {
        var run = FragmentRun()
        run.hear(.whole, isNewFrame: true)
        #expect(hear(&run, .middle, true) == true)
        #expect(hear(&run, .middle, false) == false)
        #expect(hear(&run, .last, false) == false)
        #expect(hear(&run, .last, true) == true)
        #expect(run.damagedUnits == 2)
    }
}
