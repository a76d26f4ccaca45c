// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Simulation
import Testing

@testable import kuzet

@Suite struct SimulateFaultsTests {
    private static let second: Int64 = 1_000_000_000

    @Test(arguments: [
        ("loss=8%", CameraFault(.loss(0.08))),
        ("loss=25%@30s..60s", CameraFault(.loss(0.25), from: 30 * second, to: 60 * second)),
        ("fps=12", CameraFault(.frameRate(millihertz: 12_000))),
        ("size=1280x720", CameraFault(.size(width: 1280, height: 720))),
        ("freeze@20s..26s", CameraFault(.freeze, from: 20 * second, to: 26 * second)),
        ("die@60s", CameraFault(.die, from: 60 * second)),
        ("restart@1.5s", CameraFault(.restart, from: 1_500_000_000)),
        ("clock=-3.2s", CameraFault(.clock(nanoseconds: -3_200_000_000))),
        ("jitter=30ms", CameraFault(.jitter(nanoseconds: 30_000_000))),
        ("bitrate=2M", CameraFault(.bitRate(2_000_000))),
    ])
    func `faults are read as documented`(text: String, fault: CameraFault) {
        #expect(FaultArgument(argument: text)?.fault == fault)
    }

    @Test(arguments: [
        "", "loss", "loss=", "loss=101%", "fog=1", "freeze=1", "die@", "die@9s..3s",
        "die@1s..2s..3s",
        "die@-1s", "size=12", "fps=0", "jitter=-1s", "@3s",
    ])
    func `what is no fault is refused`(text: String) {
        #expect(FaultArgument(argument: text) == nil)
    }

    @Test func `a fault of one camera begins with its number`() {
        let argument = CameraFaultArgument(argument: "2:loss=8%")
        #expect(argument?.camera == 2)
        #expect(argument?.fault == CameraFault(.loss(0.08)))
        #expect(CameraFaultArgument(argument: "0:loss=8%") == nil)
        #expect(CameraFaultArgument(argument: "loss=8%") == nil)
    }

    @Test func `a scenario has a line for each camera`() throws {
        let scenario = try Scenario(
            parsing: "# three\nyard loss=8%  freeze@2s..3s # remark\n\n\tgate\r\ndoor die@9s",
            file: "plan")
        #expect(scenario.cameras.map(\.name) == ["yard", "gate", "door"])
        #expect(scenario.cameras.map(\.schedule.faults.count) == [2, 0, 1])
    }

    @Test(arguments: [
        ("yard fog=1", "plan:1: found \"fog=1\"; expected a fault"),
        ("yard\nyard", "plan:2: found \"yard\" again"),
        ("\n../etc", "plan:2: found \"../etc\"; expected a camera's name"),
    ])
    func `a fault in a scenario is told with its line`(text: String, message: String) {
        let error = #expect(throws: ValidationError.self) {
            try Scenario(parsing: text, file: "plan")
        }
        #expect(error?.message.hasPrefix(message) == true)
    }

    @Test(arguments: [
        ["pcap", "x", "--cameras", "0"], ["pcap", "x", "--loss", "95%"],
        ["pcap", "x", "--packets", "5", "--duration", "3s"],
        ["pcap", "x", "--codec", "mjpeg", "--size", "2048x1080"],
        ["pcap", "x", "--sender-reports", "never"], ["camera", "--listen", "nowhere"],
        ["camera", "--user", "a"], ["camera", "--camera", "2:die"], ["camera", "--fault", "fog"],
    ])
    func `options that make no sense are refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try Simulate.parseAsRoot(arguments) }
    }
}
