// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing

@testable import Agreements

@Suite struct StayTests {
    private func stay(_ start: Int64, _ end: Int64, _ kind: Stay.Kind) -> Stay {
        Stay(start: start, end: end, kind: kind, evidence: .observed, detail: 0)
    }

    @Test func `a mark near the edges of a downtime takes the whole of it`() {
        let stays = [stay(0, 100, .up), stay(100, 500, .failure), stay(500, 900, .up)]
        let marks = [Marked(start: 103, end: 496)].snapped(to: stays, within: 10)
        #expect(marks == [Marked(start: 100, end: 500)])
    }

    @Test func `a mark far from an edge stays where it is`() {
        let stays = [stay(0, 100, .up), stay(100, 500, .failure), stay(500, 900, .up)]
        let marks = [Marked(start: 110, end: 490)].snapped(to: stays, within: 10)
        #expect(marks == [Marked(start: 110, end: 490)])
    }

    @Test func `a downtime of failure and works is one downtime`() {
        let stays = [
            stay(0, 100, .failure), stay(100, 300, .maintenance), stay(300, 400, .failure),
            stay(400, 900, .up),
        ]
        let marks = [Marked(start: 5, end: 395)].snapped(to: stays, within: 10)
        #expect(marks == [Marked(start: 0, end: 400)])
    }

    @Test func `a mark over two downtimes marks each and not the time between`() {
        let stays = [
            stay(0, 100, .failure), stay(100, 300, .unknown), stay(300, 400, .failure),
        ]
        let marks = [Marked(start: 2, end: 399)].snapped(to: stays, within: 10)
        #expect(marks == [Marked(start: 0, end: 100), Marked(start: 300, end: 400)])
    }
}
