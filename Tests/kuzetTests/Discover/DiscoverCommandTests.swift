// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Checks
import Packets
import Registry
import Testing

@testable import kuzet

@Suite struct DiscoverCommandTests {
    @Test(arguments: [
        ["--for", "30s"], ["--passive"], ["--passive", "-i", "eth0"], ["--new"],
        ["--registry", "a", "--settings", "b"], ["--search", "0s"], ["--search", "2h"],
        ["-i", "eth0", "--for", "2h"], ["--user", "u"], ["--password-file", "f"],
        ["--user", "u", "--password-file", "f", "--password-env", "E"], ["--format", "yaml"],
        ["rtsp://10.0.0.1/"],
    ])
    func `what makes no sense is refused before anybody is asked`(words: [String]) {
        #expect(throws: (any Error).self) { try DiscoverCommand.parse(words) }
    }

    @Test(arguments: [
        [], ["-i", "eth0", "--for", "30s", "--passive"], ["-i", "eth0", "-i", "eth1"],
        ["--user", "u", "--password-env", "E", "--allow", "10.0.0.0/8", "--allow", "10.1.0.1"],
        ["--registry", "a", "--new", "--format", "table"], ["--site", "s", "--channel", "c"],
    ])
    func `what makes sense is taken`(words: [String]) throws {
        _ = try DiscoverCommand.parse(words)
    }

    static func network(
        _ name: String, _ address: IPAddress, _ mask: UInt32 = 0xffff_ff00, leadsOut: Bool = true
    ) throws -> LocalNetwork {
        try #require(
            LocalNetwork(interface: name, address: address, mask: mask, leadsOut: leadsOut))
    }

    @Test func `searched is from all interfaces that lead out, or from those that are named`()
        throws
    {
        let all = [
            try Self.network("lo", IPAddress(127, 0, 0, 1), 0xff00_0000, leadsOut: false),
            try Self.network("eth0", IPAddress(10, 0, 0, 1)),
            try Self.network("eth1", IPAddress(10, 1, 0, 1)),
            try Self.network("eth1", IPAddress(10, 2, 0, 1)),
        ]
        #expect(try DiscoverCommand.networks([], among: all) == Array(all[1...]))
        #expect(try DiscoverCommand.networks(["eth1"], among: all) == Array(all[2...]))
        #expect(try DiscoverCommand.networks(["lo"], among: all) == [all[0]])
        let refusal = #expect(throws: Refusal.self) {
            try DiscoverCommand.networks(["eth0", "eth\u{1b}9"], among: all)
        }
        #expect(refusal?.description == "eth?9: no such interface is up with an IPv4 address")
    }

    @Test func `rows have the columns of the registry's own file`() throws {
        let cameras =
            "name,id,site,channel,kind,stream\nN,a,almaty-tau,fibre-almaty-a,"
            + "outdoor-overview,10.0.0.1\n"
        try RegistryCommandsTests.withCopy(["cameras.csv": cameras]) { folder in
            let command = try DiscoverCommand.parse(["--registry", folder])
            let (registry, columns) = try command.readRegistry()
            #expect(registry?.cameras.count == 1)
            #expect(columns?.header == "name,id,site,channel,kind,stream\n")
        }
        let settings = RegistryCommandsTests.examples + "/kuzet.yaml"
        let (_, columns) = try DiscoverCommand.parse(["--settings", settings]).readRegistry()
        #expect(columns == CameraColumns())
        let (none, nothing) = try DiscoverCommand.parse([]).readRegistry()
        #expect(none == nil && nothing == nil)
    }

    @Test func `an interface or a registry that is not there ends it with status 2`() throws {
        for words in [["-i", "kuzet-none0"], ["--registry", "/nowhere"], ["--allow", "x"]] {
            let command = try DiscoverCommand.parse(words + ["--search", "100ms"])
            let code = #expect(throws: ExitCode.self) { try command.run() }
            #expect(code?.rawValue == 2)
        }
    }
}
