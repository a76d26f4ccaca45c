// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import kuzet

extension NodeStatus {
    /// A node with one trouble of each kind.
    static let sample: NodeStatus = {
        var status = NodeStatus(
            version: "kuzet 0.1.0", node: "almaty-1", process: 7,
            started: "2026-11-20T08:00:00.000+05:00", now: "2026-11-23T02:51:26.250+05:00",
            registered: 1_000, ledger: LedgerState(path: "/var/lib/kuzet/kuzet.ledger"))
        status.states = ["up": 994, "degraded": 2, "down": 2, "unknown": 1, "excluded": 1]
        status.silent = 1
        status.ownClock = OwnClock(isInStep: true, text: "in step")
        status.vantages = [
            Vantage(
                name: "almaty-1/eth0", interface: "eth0", state: "watching", isWatching: true,
                packets: 1_000_000, packetRate: 52_000.4, cameras: 1_000, streams: 2_003,
                unregisteredCount: 3),
            Vantage(
                name: "eth1", interface: "eth1", state: "the interface is down",
                isWatching: false, drops: 17, ambiguous: ["10.0.0.1:5004 → 10.0.0.2:6000"]),
        ]
        status.ledger.octets = 1_234_567_890
        status.ledger.diskFree = 51_200_000_000
        status.ledger.daysLeft = 29.4
        status.ledger.kept = 8_640_000
        status.ledger.waiting = 12
        status.ledger.fault = "keeping measurements: kuzet.ledger: the disk is full"
        status.ledger.lastCommit = "2026-11-23T02:51:20.700+05:00"
        status.day = Day(
            up: 97_000, degraded: 1_000, down: 500, unknown: 1_500,
            unknownReasons: ["nobody watched": 1_200, "the probe itself lost packets": 300])
        var down = camera("school-1-gate", "down", ["no packets come"])
        down.since = "2026-11-23T02:38:11.120+05:00"
        var works = camera("road-12-east", "down", ["no packets come"])
        works.isUnderWorks = true
        var silent = camera("tau-market-hall-with-a-long-name", "up", [])
        silent.silentSince = "2026-11-23T02:51:24.691+05:00"
        var open = camera("radio-mast", "up", [])
        open.remarks = ["loses 8.01 % (A2.1.4: 20.0 %)"]
        let slow = camera("yard-3", "degraded", ["frame rate (A2.1.3)"])
        status.cameras = [
            down, silent, slow, works, camera("kiosk", "unknown", ["nobody watches"]),
            camera("tower", "excluded", []), open, camera("fine", "up", []),
        ]
        status.events = [
            Event(
                camera: "yard-3", kind: .returned, vantage: "eth0",
                at: "2026-11-23T02:51:25.100+05:00", noticed: "2026-11-23T02:51:25.320+05:00"),
            Event(
                camera: "tau-market-hall-with-a-long-name", kind: .silent, vantage: "eth0",
                at: "2026-11-23T02:51:24.691+05:00", noticed: "2026-11-23T02:51:26.320+05:00"),
        ]
        return status
    }()

    private static func camera(_ id: String, _ state: String, _ reasons: [String]) -> Camera {
        var camera = Camera(
            id: id, name: "Camera", site: "school-1", channel: "ring-a", state: state,
            reasons: reasons)
        camera.since = "2026-11-22T12:00:00.000+05:00"
        camera.kilobitsPerSecond = 5_120.4
        camera.framesPerSecond = 24.98
        camera.lossRatio = 0.00123
        camera.width = 1_920
        camera.height = 1_080
        camera.codec = "h264"
        camera.measured = "2026-11-23T02:51:20.000+05:00"
        return camera
    }
}

@Suite struct StatusScreenTests {
    @Test func `what checks found stands with the node, and is folded at 100 columns`() {
        var status = NodeStatus.sample
        status.ownClock = NodeStatus.OwnClock(
            isInStep: false, text: "not in step: nobody keeps it right")
        status.pulls = NodeStatus.Pulls(
            vantage: "pull", wanted: 40, playing: 37, blocked: 2, missedSamples: 3,
            remarks: ["1 cameras cannot be asked: the registry has no URL or address of them"])
        status.places = [
            NodeStatus.Place(
                kind: "site", id: "school-1",
                checks: [
                    NodeStatus.Check(
                        name: .gateway, result: "unreachable", reason: "no-answer",
                        text: "10.20.0.1 answers 0 of 10 echoes", at: "")
                ]),
            NodeStatus.Place(
                kind: "channel", id: "ring-a",
                checks: [
                    NodeStatus.Check(
                        name: .stamp, result: "ok",
                        text: "20 of 20 test packets came back, 4.1 ms there and back", at: "")
                ]),
        ]
        status.cameras[0].reasons = [
            "refuses: Connection refused",
            "answers echo, takes no connection: the camera's own service",
        ]
        let lines = StatusScreen(status).lines
        expectGolden(text(lines), "status-checks.txt")
        #expect(lines.allSatisfy { $0.width <= 100 })
    }

    private func text(_ lines: [StyledLine]) -> String {
        lines.map(\.plainText).joined(separator: "\n") + "\n"
    }

    @Test func `one screen says what is watched, wrong and unknown`() {
        let lines = StatusScreen(.sample).lines
        expectGolden(text(lines), "status.txt")
        #expect(lines.allSatisfy { $0.width <= 100 })
    }

    @Test func `a node where all is well says so`() {
        var status = NodeStatus.sample
        status.cameras = []
        status.events = []
        status.states = ["up": 1_000]
        let lines = StatusScreen(status).lines
        #expect(lines.last?.plainText == "Every camera is up.")
    }

    @Test func `what does not fit on the screen is counted`() {
        var status = NodeStatus.sample
        status.cameras = (0..<60).map { _ in NodeStatus.sample.cameras[0] }
        status.states = ["down": 900, "up": 100]
        let lines = StatusScreen(status).lines
        #expect(lines.contains { $0.plainText == "  and 875 more: kuzet top" })
        #expect(lines.count < 50)
    }

    @Test func `sizes and shares have units and few digits`() {
        #expect(StatusScreen.size(999) == "999 B")
        #expect(StatusScreen.size(1_500) == "1.5 kB")
        #expect(StatusScreen.size(2_000_000_000_000) == "2.0 TB")
        #expect(StatusScreen.percent(0) == "0.0 %")
        #expect(StatusScreen.percent(0.00123) == "0.12 %")
        #expect(StatusScreen.percent(0.25) == "25.0 %")
    }
}
