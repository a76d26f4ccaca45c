// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Settings

@Suite struct SettingsReaderNodeTests {
    private static func capture(_ lines: String) throws -> [String] {
        try SampleFiles.settings("capture:\n" + lines).filter { !$0.contains("registry: missing") }
    }

    @Test func `what a node watches is read with its units`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "kuzet.yaml",
            """
            node: {name: almaty-1, socket: run/kuzet.sock}
            registry: {parties: p, sites: s, channels: c, cameras: m}
            capture:
              - interface: eth0
              - interface: br_lan.12
                ring: 64MiB
                filter: udp or tcp port 554
                promiscuous: false
                watch: all
              - {interface: eth1, vantage: "almaty-1/eth1"}

            """)
        var reader = SettingsReader(path: path)
        let read = reader.read()
        let settings = try #require(read)
        #expect(reader.problems.sorted.isEmpty)
        #expect(settings.node.name == "almaty-1")
        #expect(settings.socketPath == folder.path("run/kuzet.sock"))
        #expect(settings.captures.map(\.vantage) == ["eth0", "br-lan.12", "almaty-1/eth1"])
        #expect(settings.captures.map(\.ringBytes) == [32 << 20, 64 << 20, 32 << 20])
        #expect(settings.captures.map(\.watch) == [.seen, .all, .seen])
        #expect(settings.captures.map(\.isPromiscuous) == [true, false, true])
        #expect(settings.captures[1].filter == "udp or tcp port 554")
    }

    @Test func `the socket lies beside the ledger where nobody says otherwise`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "kuzet.yaml",
            """
            registry: {parties: p, sites: s, channels: c, cameras: m}
            ledger: {path: data/l.ledger}

            """)
        var reader = SettingsReader(path: path)
        let settings = reader.read()
        #expect(settings?.socketPath == folder.path("data/kuzet.sock"))
    }

    @Test func `each fault of a capture is named with its place`() throws {
        #expect(
            try Self.capture("  - interfaces: eth0\n") == [
                "kuzet.yaml:2:5: capture[1].interfaces: unknown key (expected one of interface, "
                    + "vantage, filter, ring, promiscuous, watch); did you mean `interface`?",
                "kuzet.yaml:2:5: capture[1].interface: missing "
                    + "(expected the name of an interface)",
            ])
        #expect(
            try Self.capture("  - {interface: a/b, ring: 4, watch: sen, vantage: Eth 0}\n") == [
                "kuzet.yaml:2:17: capture[1].interface: no name of an interface (got \"a/b\"; "
                    + "expected 1 to 15 letters, digits and the like, such as eth0)",
                "kuzet.yaml:2:28: capture[1].ring: a number without its unit (got \"4\"; "
                    + "expected a number with its unit (B, KiB, MiB, GiB, TiB), such as 64MiB)",
                "kuzet.yaml:2:38: capture[1].watch: an unknown word, did you mean `seen`? "
                    + "(got \"sen\"; expected one of seen, all)",
                "kuzet.yaml:2:52: capture[1].vantage: no name of a vantage (got \"Eth 0\"; "
                    + "expected 1 to 64 of a-z, 0-9 and . / : -)",
            ])
        #expect(
            try Self.capture("  - interface: eth0\n  - interface: eth0\n") == [
                "kuzet.yaml:3:5: capture[2].vantage: the vantage of eth0 too (got \"eth0\"; "
                    + "expected a name of its own)"
            ])
        #expect(
            try Self.capture("  interface: eth0\n") == [
                "kuzet.yaml:2:3: capture: a mapping (expected a list, each with an interface)"
            ])
    }

    @Test func `a socket's path that the system cannot hold is refused`() throws {
        let path = "/" + String(repeating: "a", count: 120)
        let found = try SampleFiles.settings("node: {socket: \(path)}\n")
        #expect(found.contains { $0.contains("node.socket: too long a path for a socket") })
    }
}
