// SPDX-License-Identifier: Apache-2.0
import Octets
import Testing

@Suite struct ParseFaultTests {
    @Test(arguments: [
        (
            ParseFault.Kind.truncated,
            "rtp: header at byte 54: truncated (got 3 bytes; expected 12)"
        ),
        (.invalid, "rtp: header at byte 54: invalid (got 3; expected 12)"),
        (.unsupported, "rtp: header at byte 54: not supported (got 3)"),
        (.overLimit, "rtp: header at byte 54: over the limit (got 3; expected at most 12)"),
        (
            .joined,
            "rtp: header at byte 54: several packets joined into one by the capturing host "
                + "(got 3 bytes; expected at most 12); ethtool -K INTERFACE gro off lro off keeps "
                + "them apart"
        ),
        (.conflict, "rtp: header: 3 addresses send under one SSRC to port 12"),
    ])
    func `a fault is told in one line with layer, field, place and both values`(
        kind: ParseFault.Kind, line: String
    ) {
        let fault = ParseFault(kind, .rtp, "header", offset: 54, needed: 12, had: 3)
        #expect(fault.description == line)
    }

    @Test func `names of kinds and layers are one word each, in lower case, and distinct`() {
        let names =
            ParseFault.Kind.allCases.map(\.rawValue) + ParseFault.Layer.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name == name.lowercased())
            #expect(!name.contains(" "))
        }
    }

    @Test func `two faults are equal only if kind, layer, field, place and values are`() {
        let fault = ParseFault(.invalid, .sdp, "port", offset: 7, needed: 1, had: 0)
        var other = fault
        #expect(other == fault)
        other.offset = 8
        #expect(other != fault)
    }
}
