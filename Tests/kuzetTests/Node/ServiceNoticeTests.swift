// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import kuzet

@Suite struct ServiceNoticeTests {
    @Test func `the manager is told what it asks for`() throws {
        let path = "/tmp/kuzet-notify-\(getpid()).sock"
        unsafe unlink(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        defer {
            close(descriptor)
            unsafe unlink(path)
        }
        var address = try #require(UnixAddress(path: path))
        try #require(unsafe address.withPointer { unsafe bind(descriptor, $0, $1) } == 0)
        func heard() -> String? {
            var buffer = [UInt8](repeating: 0, count: 512)
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
        }
        let notice = ServiceNotice { ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "30000000"][$0] }
        notice.ready(status: "watching 7 cameras")
        #expect(heard() == "READY=1\nSTATUS=watching 7 cameras\n")
        notice.alive()
        #expect(heard() == "WATCHDOG=1\n")
        notice.alive()
        #expect(heard() == nil)
        notice.reloading()
        #expect(heard()?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true)
        notice.stopping()
        #expect(heard() == "STOPPING=1\n")
    }

    @Test func `where nobody manages the node nothing is sent`() {
        let notice = ServiceNotice { _ in nil }
        notice.ready(status: "x")
        notice.alive()
        notice.stopping()
    }
}
