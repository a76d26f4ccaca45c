// SPDX-License-Identifier: Apache-2.0
import Glibc
import Packets
import Testing

@testable import Capture

/// Needs the right to capture and to make interfaces, as root has it.
@Suite(.serialized) struct StandingCaptureTests {
    static let mayCapture: Bool = {
        do {
            _ = try StandingCapture(interface: "kuzet-none")
            return true
        } catch {
            return false
        }
    }()

    private static func ip(_ words: String) -> Bool { run("ip " + words) }

    private static func run(_ line: String) -> Bool {
        unsafe system(line + " 2>/dev/null") == 0
    }

    /// Sends datagrams to the discard port of a neighbour of the interface's network.
    private static func send(_ count: Int, from source: String) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(9).bigEndian
        unsafe inet_pton(AF_INET, source, &address.sin_addr)
        let octets = [UInt8](repeating: 7, count: 64)
        for _ in 0..<count {
            let sent = unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe sendto(
                        descriptor, octets, octets.count, 0, $0,
                        socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            #expect(sent == octets.count)
        }
    }

    private static func count(_ capture: inout StandingCapture, atLeast wanted: Int) -> Int {
        var seen = 0
        var patience = 20
        while seen < wanted, patience > 0 {
            if !capture.read(timeoutMilliseconds: 50, { seen += $1.count }) { patience -= 1 }
        }
        return seen
    }

    @Test(.enabled(if: mayCapture, "capturing needs CAP_NET_RAW"))
    func `an interface that comes, goes and comes again is captured each time`() throws {
        let name = "kzs\(getpid() % 100_000)"
        var options = LiveCapture.Options()
        options.ringBytes = 1 << 20
        options.filter = "udp port 9"
        var capture = try StandingCapture(interface: name, options: options)
        #expect(capture.look() == (.missing, true))
        for round in 0..<2 {
            try #require(Self.ip("link add \(name) type veth peer name \(name)p"))
            defer { _ = Self.ip("link del \(name)") }
            try #require(Self.ip("addr add 198.51.100.\(round * 8 + 1)/29 dev \(name)"))
            try #require(Self.ip("link set \(name) up"))
            #expect(capture.look() == (.noCarrier, true))
            try #require(Self.ip("link set \(name)p up"))
            // The kernel tells of the link a little later.
            var tries = 50
            while capture.look().state != .watching, tries > 0 {
                usleep(20_000)
                tries -= 1
            }
            #expect(capture.look() == (.watching, false))
            _ = Self.ip(
                "neigh add 198.51.100.\(round * 8 + 2) lladdr 02:00:00:00:00:01 dev \(name)")
            try Self.send(5, from: "198.51.100.\(round * 8 + 2)")
            #expect(Self.count(&capture, atLeast: 5) == 5)
            try #require(Self.ip("link set \(name) down"))
            #expect(capture.look() == (.down, true))
            try #require(Self.ip("link set \(name) up"))
            // It was down, if only for a moment that nobody looked at.
            _ = Self.count(&capture, atLeast: 1)
            try #require(Self.ip("link set \(name) down"))
            try #require(Self.ip("link set \(name) name \(name)r"))
            try #require(Self.ip("link set \(name)r up"))
            tries = 50
            while capture.look().state != .renamed("\(name)r"), tries > 0 {
                usleep(20_000)
                tries -= 1
            }
            #expect(capture.look().state == .renamed("\(name)r"))
            try #require(Self.ip("link set \(name)r down"))
            try #require(Self.ip("link set \(name)r name \(name)"))
        }
        #expect(capture.look() == (.missing, true))
        #expect(capture.frames == 10)
        #expect(capture.takeDrops() == 0)
    }

    @Test(.enabled(if: mayCapture, "capturing needs CAP_NET_RAW"))
    func `a filter that is wrong is refused in words`() {
        var options = LiveCapture.Options()
        options.filter = "udp prot 9"
        #expect(throws: LiveCaptureError.self) {
            _ = try StandingCapture(interface: "lo", options: options)
        }
    }
}
