// SPDX-License-Identifier: Apache-2.0

import Packets
import Testing

@Suite struct CaptureTallyTests {
    @Test func `notes are bounded and those without a place counted`() {
        let make = CaptureBytes()
        let reading = readCapture(
            make.header() + (0..<100).flatMap { make.record($0, 2_000_000, [1]) })
        #expect(reading.tally.refused == 100)
        #expect(reading.tally.notes.count == CaptureTally.noteLimit)
        #expect(reading.tally.furtherNotes == 84)
        #expect(!reading.tally.isPartial)
    }
}
