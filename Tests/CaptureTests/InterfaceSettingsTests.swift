// SPDX-License-Identifier: Apache-2.0

import Capture
import Testing

@Suite struct InterfaceSettingsTests {
    @Test func `an interface that joins nothing is worth no remark`() {
        #expect(InterfaceSettings(name: "eth0").warning == nil)
    }

    @Test(arguments: [
        (true, false, "eth0: GRO may join", "; ethtool -K eth0 gro off keeps them apart"),
        (false, true, "eth0: LRO may join", "; ethtool -K eth0 lro off keeps them apart"),
        (
            true, true, "eth0: GRO and LRO may join",
            "; ethtool -K eth0 gro off lro off keeps them apart"
        ),
    ])
    func `the remark names what is on and the command that turns it off`(
        isGeneric: Bool, isLarge: Bool, beginning: String, end: String
    ) throws {
        var settings = InterfaceSettings(name: "eth0")
        settings.hasGenericReceiveOffload = isGeneric
        settings.hasLargeReceiveOffload = isLarge
        let warning = try #require(settings.warning)
        #expect(warning.hasPrefix(beginning))
        #expect(warning.hasSuffix(end))
    }

    @Test func `loopback tells its longest packet and is not warned of`() {
        let settings = InterfaceSettings(of: "lo")
        #expect(settings.longestPacket.map { $0 >= 1_500 } == true)
        #expect(settings.warning == nil)
    }

    @Test(arguments: ["", "no-such-if", "any", String(repeating: "x", count: 200)])
    func `of an interface that is not there nothing is known`(name: String) {
        #expect(InterfaceSettings(of: name) == InterfaceSettings(name: name))
    }
}
