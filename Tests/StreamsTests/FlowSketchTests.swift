// SPDX-License-Identifier: Apache-2.0
import Simulation
import Testing

@testable import Streams

@Suite struct FlowSketchTests {
    @Test func `a flow may begin 64 streams in one interval`() {
        var sketch = FlowSketch()
        var admitted = 0
        for _ in 0..<1000 where sketch.admit(flow: 0xabcd_ef01_2345_6789) { admitted += 1 }
        #expect(admitted == 64)
        let other = sketch.admit(flow: 0x1111_1111_1111_1111)
        #expect(other)
    }

    @Test func `the next interval begins anew`() {
        var sketch = FlowSketch()
        for _ in 0..<100 { _ = sketch.admit(flow: 1) }
        let before = sketch.admit(flow: 1)
        sketch.beginInterval()
        let after = sketch.admit(flow: 1)
        #expect(!before && after)
    }

    @Test func `50 000 flows of three streams are all admitted`() {
        var sketch = FlowSketch()
        var random = SplitMix64(seed: 8)
        var refused = 0
        for _ in 0..<50_000 {
            let flow = random.next()
            for _ in 0..<3 where !sketch.admit(flow: flow) { refused += 1 }
        }
        #expect(refused == 0)
    }
}
