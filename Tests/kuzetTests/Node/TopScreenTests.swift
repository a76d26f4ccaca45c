// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import kuzet

@Suite struct TopScreenTests {
    private let size = TerminalSize(columns: 100, rows: 30)

    private func rows(_ screen: inout TopScreen) -> [String] {
        screen.lines(.sample, size: size).map(\.plainText)
    }

    private func expectPress(_ screen: inout TopScreen, _ key: TerminalKey, goesOn: Bool) {
        let answer = screen.press(key)
        #expect(answer == goesOn)
    }

    @Test func `all cameras are listed and those that are up can be left out`() {
        var screen = TopScreen()
        #expect(rows(&screen).contains { $0.hasPrefix("up        fine") })
        expectPress(&screen, .character("a"), goesOn: true)
        #expect(!rows(&screen).contains { $0.hasPrefix("up        fine") })
        #expect(rows(&screen).contains { $0.hasPrefix("DOWN      school-1-gate") })
    }

    @Test func `the chosen camera stays chosen while the order changes`() {
        var screen = TopScreen()
        _ = rows(&screen)
        #expect(screen.selected == "school-1-gate")
        _ = screen.press(.down)
        _ = screen.press(.down)
        _ = rows(&screen)
        #expect(screen.selected == "yard-3")
        _ = screen.press(.character("s"))
        _ = rows(&screen)
        #expect(screen.sort == .name)
        #expect(screen.selected == "yard-3")
        _ = screen.press(.end)
        _ = rows(&screen)
        #expect(screen.selected == "yard-3")
        _ = screen.press(.home)
        _ = rows(&screen)
        #expect(screen.selected == "fine")
    }

    @Test func `enter shows a camera with its intervals and escape goes back`() {
        var screen = TopScreen()
        _ = rows(&screen)
        expectPress(&screen, .enter, goesOn: true)
        #expect(screen.shown == "school-1-gate")
        screen.intervals = [NodeStatus.sample.cameras[0]]
        let shown = rows(&screen)
        #expect(shown.contains { $0.hasPrefix("school-1-gate  Camera") })
        #expect(
            shown.contains(
                "  02:51:20    5,120   25.0   0.12 %        -          -         -    1920x1080"
                    + "    h264"))
        expectPress(&screen, .escape, goesOn: true)
        #expect(screen.shown == nil)
        expectPress(&screen, .character("q"), goesOn: false)
    }

    @Test func `a node that does not answer is said above what was last known`() {
        var screen = TopScreen()
        screen.trouble = "kuzet.sock: no node answers there"
        #expect(rows(&screen).contains("kuzet.sock: no node answers there"))
    }
}
