// SPDX-License-Identifier: Apache-2.0

import Capture
import Glibc
import Packets
import Testing
import Timekeeping

@Suite struct LiveCaptureTests {
    private func error(_ interface: String, filter: String? = nil) -> LiveCaptureError? {
        var options = LiveCapture.Options()
        options.filter = filter
        do throws(LiveCaptureError) {
            _ = try LiveCapture(interface: interface, options: options)
            return nil
        } catch {
            return error
        }
    }

    /// Whether this process may capture on the loopback interface.
    private static var mayCapture: Bool {
        do throws(LiveCaptureError) {
            _ = try LiveCapture(interface: "lo")
            return true
        } catch {
            return false
        }
    }

    @Test func `an interface that is not there is answered with those that are`() throws {
        let problem = try #require(error("no-such-if")?.problem)
        #expect(problem == .noSuchInterface(existing: LiveCapture.interfaces()))
        #expect(LiveCapture.interfaces().contains("lo"))
        #expect(
            error("no-such-if")?.description.hasPrefix(
                "no-such-if: no such interface (expected one of ") == true)
    }

    @Test func `who may not capture is told what to do`() throws {
        try #require(!Self.mayCapture || getuid() == 0)
        guard !Self.mayCapture else { return }
        #expect(error("lo")?.problem == .notPermitted)
        #expect(error("lo")?.description.contains("setcap cap_net_raw=ep") == true)
    }

    @Test(.enabled(if: Self.mayCapture))
    func `a bad filter is answered in libpcap's words`() throws {
        let found = try #require(error("lo", filter: "udp prot 5"))
        guard case .filter("udp prot 5", let message) = found.problem else {
            Issue.record("\(found)")
            return
        }
        #expect(!message.isEmpty)
    }

    @Test(.enabled(if: Self.mayCapture))
    func `packets on the loopback interface are given once and whole`() throws {
        var options = LiveCapture.Options()
        options.filter = "udp dst port 47813"
        options.gatherMilliseconds = 1
        var capture = try LiveCapture(interface: "lo", options: options)
        #expect(capture.linkType == .ethernet)
        for number in 0..<50 { send([UInt8](repeating: UInt8(number), count: 100 + number)) }
        var seen: [Int] = []
        for _ in 0..<100 where seen.count < 50 {
            _ = try capture.read(timeoutMilliseconds: 50) { window, frames in
                for index in frames.indices {
                    let bytes = window.extracting(frames[index].bytes)
                    let content = try FrameContent(
                        bytes, linkType: frames[index].linkType,
                        originalLength: frames[index].originalLength)
                    let udp = try UDPDatagram(try #require(content.packet), in: bytes)
                    let first = Int(bytes[udp.payload.lowerBound])
                    #expect(udp.payload.count == 100 + first)
                    #expect(frames[index].arrival.nanoseconds > 1_700_000_000_000_000_000)
                    seen.append(first)
                }
            }
        }
        #expect(seen == Array(0..<50))
        #expect(capture.frames == 50)
        #expect(try capture.drops().kernel == 0)
        #expect(try capture.read(timeoutMilliseconds: 1) { _, _ in } == false)
    }

    /// Sends a datagram to port 47813 of this host.
    private func send(_ bytes: [UInt8]) {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(47_813).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe sendto(
                    descriptor, bytes, bytes.count, 0, address,
                    socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
