// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing

@Suite struct StreamIdentityTests {
    private let identity = StreamIdentity(
        source: "192.0.2.1:5000", destination: "192.0.2.2:6000", ssrc: 1, transport: .rtpUDP)

    @Test func `two cameras that chose one SSRC are two streams`() {
        var other = identity
        other.source = "192.0.2.3:5000"
        #expect(other != identity)
    }

    @Test func `one camera in two VLANs is two streams, and the order of tags matters`() {
        var inner = identity
        inner.vlan = [10, 300]
        var outer = identity
        outer.vlan = [300, 10]
        #expect(Set([identity, inner, outer]).count == 3)
    }

    @Test func `one SSRC in two interleaved channels is two streams`() {
        var second = identity
        second.interleavedChannel = 2
        #expect(second != identity)
    }

    @Test(arguments: Transport.allCases)
    func `names of transports are words joined by hyphens`(transport: Transport) {
        #expect(
            transport.rawValue.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-")
            })
    }
}
