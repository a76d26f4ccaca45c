// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Testing

@testable import kuzet

@Suite struct AnalyzeTests {
    @Test func `a file alone asks for a table of its streams`() throws {
        let options = try Analyze.parse(["camera.pcap"]).options
        #expect(options == AnalyzeOptions(.file("camera.pcap")))
        #expect(options.interval == 10_000_000_000)
        #expect(try Analyze.parse(["-"]).options.origin == .file("-"))
    }

    @Test func `every option is understood`() throws {
        let options = try Analyze.parse([
            "--interface", "eth1", "--duration", "60s", "--ring", "64MiB", "--filter",
            "udp port 5004", "--snaplen", "256", "--format", "ndjson", "--series", "--interval",
            "5s", "--check", "--sort", "loss", "--no-color", "--all",
        ]).options
        var expected = AnalyzeOptions(.interface("eth1"))
        expected.duration = 60_000_000_000
        expected.ringBytes = 64 << 20
        expected.filter = "udp port 5004"
        expected.snapLength = 256
        expected.format = .ndjson
        expected.series = true
        expected.interval = 5_000_000_000
        expected.check = true
        expected.sort = .loss
        expected.wantsColour = false
        expected.showsAll = true
        #expect(options == expected)
    }

    @Test(arguments: [
        [], ["a.pcap", "--interface", "eth0"], ["a.pcap", "--duration", "5s"],
        ["--interface", "eth0", "--salvage"], ["a.pcap", "--series"],
        ["a.pcap", "--series", "--format", "table"], ["a.pcap", "--format", "xml"],
        ["--interface", "eth0", "--duration", "0s"], ["--interface", "eth0", "--duration", "1y"],
        ["--interface", "eth0", "--snaplen", "20"], ["a.pcap", "--ring", "0"],
        ["a.pcap", "--interval", "10ms"], ["--interface", "eth0", "--ring", "9999999999GiB"],
    ])
    func `what makes no sense is refused before anything is read`(arguments: [String]) {
        #expect(throws: (any Error).self) { try Analyze.parse(arguments) }
    }

    @Test func `the help has its examples and exit statuses`() {
        expectGolden(Analyze.helpMessage(columns: 80), "analyze-help.txt")
    }

    @Test func `live is for a terminal and a table`() {
        let terminal = TerminalStyle(colour: true, ascii: false, columns: 80, isTerminal: true)
        var options = AnalyzeOptions(.interface("eth0"))
        #expect(options.isLive(terminal))
        #expect(!options.isLive(.pipe))
        options.check = true
        #expect(!options.isLive(terminal))
        #expect(!AnalyzeOptions(.file("x")).isLive(terminal))
    }
}
