// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Packets
import Synchronization
import Testing

@testable import Checks
@testable import kuzet

/// Answers each search that comes to a port of loopback, twice, as devices do.
private final class SearchResponder: Sendable {
    let port: UInt16
    private let descriptor: Int32
    private let isOver = Atomic(false)

    init?(services: String) {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard let port = LoopbackPort.bind(descriptor) else { return nil }
        self.port = port
        DispatchQueue(label: "responder").async { [self] in
            while !isOver.load(ordering: .relaxed) { answer(services) }
            close(descriptor)
        }
    }

    func end() { isOver.store(true, ordering: .relaxed) }

    private func answer(_ services: String) {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, 20) > 0 else { return }
        var octets = [UInt8](repeating: 0, count: 4096)
        var from = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let count = unsafe withUnsafeMutablePointer(to: &from) { from in
            unsafe from.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe recvfrom(descriptor, &octets, octets.count, 0, $0, &length)
            }
        }
        let text = String(decoding: octets.prefix(max(0, count)), as: UTF8.self)
        guard let begin = text.firstRange(of: "MessageID>"),
            let end = text[begin.upperBound...].firstRange(of: "<")
        else { return }
        let reply = Array(
            """
            <E><Header><RelatesTo>\(text[begin.upperBound..<end.lowerBound])</RelatesTo></Header>\
            <Body><ProbeMatches><ProbeMatch><EndpointReference><Address>urn:uuid:1</Address>\
            </EndpointReference><XAddrs>\(services)</XAddrs></ProbeMatch></ProbeMatches></Body></E>
            """.utf8)
        for _ in 0..<2 {
            _ = unsafe withUnsafePointer(to: &from) { from in
                unsafe from.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe sendto(descriptor, reply, reply.count, 0, $0, length)
                }
            }
        }
    }
}

@Suite struct DeviceSearchTests {
    private static func devices(
        _ responder: SearchResponder, allowed: AllowedAddresses, searches: Int = 1
    ) throws -> [AskedDevice] {
        let search = try DeviceSearch(allowed: allowed, credentials: nil)
        let loopback = try #require(LocalNetwork.all().first { $0.interface == "lo" })
        for _ in 0..<searches {
            search.search(
                loopback, nanoseconds: 300_000_000,
                target: Endpoint(address: IPAddress(127, 0, 0, 1), port: responder.port))
        }
        while search.isBusy { search.turn(milliseconds: 20) }
        #expect(search.failures.isEmpty)
        return search.devices
    }

    @Test func `a device that answers several times and searches is asked once`() throws {
        let device = try #require(DeviceCheckTests.device())
        defer { device.end() }
        let responder = try #require(
            SearchResponder(services: "http://127.0.0.1:\(device.port)/onvif/device_service"))
        defer { responder.end() }
        let allowed = AllowedAddresses(only: [IPAddress(127, 0, 0, 1)])
        let found = try Self.devices(responder, allowed: allowed, searches: 2)
        #expect(found.count == 1)
        #expect(found.first?.device.endpointReference == "urn:uuid:1")
        #expect(found.first?.findings?.model == "M1")
    }

    @Test func `a device that may not be asked is found all the same`() throws {
        let responder = try #require(SearchResponder(services: "http://127.0.0.1:9/onvif"))
        defer { responder.end() }
        let found = try Self.devices(responder, allowed: AllowedAddresses([]))
        #expect(found.map { $0.findings?.failure?.word } == ["not-allowed"])
    }
}
