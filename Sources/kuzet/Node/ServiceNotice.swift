// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Tells the service manager how a node is (sd_notify(3)): ready, reloading, stopping, alive.
///
/// Where nobody manages it (`NOTIFY_SOCKET` is not set) nothing happens.
final class ServiceNotice {
    private let path: String?
    /// How often it must be told that the node is alive, ns; nil where nobody asks.
    private let rhythm: Int64?
    private var next: Int64 = 0

    init(environment: (String) -> String? = ServiceNotice.environment) {
        path = environment("NOTIFY_SOCKET").flatMap { $0.isEmpty ? nil : $0 }
        // Half of what the manager allows, as it recommends.
        rhythm = environment("WATCHDOG_USEC").flatMap(Int64.init).map { $0 * 1_000 / 2 }
    }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    func ready(status: String) { send("READY=1\nSTATUS=\(status)\n") }
    func reloading() {
        // The manager compares it with the clock that stands still in suspend.
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        send("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)\n")
    }
    func stopping() { send("STOPPING=1\n") }

    /// To be called often by the loop whose standstill should end the process.
    func alive() {
        guard let rhythm, MonotonicClock.now >= next else { return }
        next = MonotonicClock.now + rhythm
        send("WATCHDOG=1\n")
    }

    private func send(_ text: String) {
        guard let path, var address = UnixAddress(path: path) else { return }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let octets = Array(text.utf8)
        unsafe address.withPointer { address, length in
            _ = unsafe sendto(
                descriptor, octets, octets.count, Int32(MSG_NOSIGNAL), address, length)
        }
    }
}

/// The address of a Unix socket: a path, or with `@` first a name that no file has.
struct UnixAddress {
    private var address = sockaddr_un()
    private let length: socklen_t

    /// Nil if the path is too long (107 octets fit).
    init?(path: String) {
        var octets = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard !octets.isEmpty, octets.count < capacity else { return nil }
        if octets[0] == UInt8(ascii: "@") { octets[0] = 0 }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            unsafe place.copyBytes(from: octets)
        }
        let head = MemoryLayout<sockaddr_un>.size - capacity
        length = socklen_t(head + octets.count + (octets[0] == 0 ? 0 : 1))
    }

    /// Gives the address to a call of the system.
    mutating func withPointer<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, length)
            }
        }
    }
}
