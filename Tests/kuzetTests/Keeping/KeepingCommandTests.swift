// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Simulation
import Testing
import Timekeeping

@testable import kuzet

@Suite struct KeepingCommandTests {
    private func registry() throws -> Registry {
        try #require(Registry.make(HistoryRegistry(HistoryLayout(cameras: 8)).drafts).registry)
    }

    @Test func `a scope names something of the registry`() throws {
        let registry = try registry()
        let camera = try #require(CameraID("cam-0001"))
        let channel = try #require(ChannelID("channel-0001"))
        #expect(try Decision.scope("camera:cam-0001", in: registry) == .camera(camera))
        #expect(try Decision.scope("channel:channel-0001", in: registry) == .channel(channel))
        #expect(try Decision.scope("all", in: registry) == .all)
        for wrong in ["camera:cam-9999", "camera", "cam-0001", "site:", "", "ALL", "party:x y"] {
            #expect(throws: Refusal.self) { try Decision.scope(wrong, in: registry) }
        }
    }

    @Test func `what a person writes is not empty, not long and holds no control characters`()
        throws
    {
        #expect(try Decision.text("кабель ауыстыру", of: "--what") == "кабель ауыстыру")
        for wrong in ["", "  ", "a\nb", "\u{1b}[31m", String(repeating: "x", count: 1001)] {
            #expect(throws: Refusal.self) { try Decision.text(wrong, of: "--what") }
        }
    }

    @Test func `time spent is written in hours to the millisecond, cut and never rounded`() {
        #expect(Spent.text(0) == "0:00:00.000")
        #expect(Spent.text(180_000_000_000_000) == "50:00:00.000")
        #expect(Spent.text(3_723_004_999_999) == "1:02:03.004")
    }
}
