// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An IPv4 or IPv6 address with a port, as the system takes it.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private(set) var length: socklen_t

    /// Reads a numeric address; nil if it is none.
    init?(_ host: String, port: UInt16) {
        var four = in_addr()
        var six = in6_addr()
        if unsafe inet_pton(AF_INET, host, &four) == 1 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr = four
            length = SocketAddress.copy(address, to: &storage)
        } else if unsafe inet_pton(AF_INET6, host, &six) == 1 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = six
            length = SocketAddress.copy(address, to: &storage)
        } else {
            return nil
        }
    }

    /// Copies an address of one family into the room that all have; its length.
    private static func copy(_ address: some Any, to storage: inout sockaddr_storage) -> socklen_t {
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe withUnsafeBytes(of: address) { source in
                unsafe target.copyMemory(from: source)
                return socklen_t(source.count)
            }
        }
    }

    /// The address that `fill` writes; nil if it fails.
    private init?(_ fill: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Int32) {
        length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var length = self.length
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe fill($0, &length)
            }
        }
        guard result >= 0 else { return nil }
        self.length = length
    }

    /// The address that a socket is bound to.
    init?(localOf descriptor: Int32) {
        unsafe self.init { unsafe getsockname(descriptor, $0, &$1) }
    }

    /// Accepts a connection: the peer's address and the new descriptor; nil if none waits.
    static func accept(_ listener: Int32) -> (descriptor: Int32, peer: SocketAddress)? {
        var descriptor: Int32 = -1
        let peer = unsafe SocketAddress { pointer, length in
            descriptor = unsafe Glibc.accept(listener, pointer, &length)
            return descriptor
        }
        guard let peer else { return nil }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return (descriptor, peer)
    }

    var isIPv6: Bool { Int32(storage.ss_family) == AF_INET6 }

    /// The port; it lies at the same place for both families.
    var port: UInt16 {
        get {
            unsafe withUnsafeBytes(of: storage) { unsafe UInt16($0[2]) << 8 | UInt16($0[3]) }
        }
        set {
            unsafe withUnsafeMutableBytes(of: &storage) {
                unsafe $0[2] = UInt8(newValue >> 8)
                unsafe $0[3] = UInt8(newValue & 0xff)
            }
        }
    }

    /// The IPv4 address alone.
    var internetAddress: in_addr {
        var address = in_addr()
        unsafe withUnsafeMutableBytes(of: &address) { target in
            unsafe withUnsafeBytes(of: storage) { source in
                for index in 0..<4 { unsafe target[index] = source[4 + index] }
            }
        }
        return address
    }

    /// Whether it names a group.
    var isMulticast: Bool {
        unsafe withUnsafeBytes(of: storage) {
            unsafe isIPv6 ? $0[8] == 0xff : $0[4] & 0xf0 == 0xe0
        }
    }

    /// The address with its last octet's number raised by `step`, carrying over.
    func advanced(by step: Int) -> SocketAddress {
        var next = self
        let last = isIPv6 ? 23 : 7
        unsafe withUnsafeMutableBytes(of: &next.storage) { bytes in
            var carry = step
            for index in stride(from: last, to: last - 3, by: -1) {
                unsafe carry += Int(bytes[index])
                unsafe bytes[index] = UInt8(carry & 0xff)
                carry >>= 8
            }
        }
        return next
    }

    /// The address without port; an IPv4 address that came through IPv6 as IPv4.
    var host: String {
        var text = [CChar](repeating: 0, count: 64)
        let offset = isIPv6 ? 8 : 4
        let family = isIPv6 ? AF_INET6 : AF_INET
        unsafe withUnsafeBytes(of: storage) { bytes in
            _ = unsafe inet_ntop(family, bytes.baseAddress?.advanced(by: offset), &text, 64)
        }
        let octets = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: octets, as: UTF8.self)
    }

    /// Calls `body` with the address as the system takes it.
    func withSocketAddress(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int
    ) -> Int {
        unsafe withUnsafePointer(to: storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, length)
            }
        }
    }
}

/// A socket could not be had.
struct SocketFailure: Error, CustomStringConvertible {
    var what: String
    var code: Int32

    var description: String { unsafe "\(what): \(String(cString: strerror(code)))" }
}

/// A socket that is closed when nobody has it any more.
final class Socket {
    let descriptor: Int32

    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Opens and binds a socket; a stream socket listens.
    init(_ kind: __socket_type, boundTo address: SocketAddress) throws {
        let flags = Int32(kind.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(address.isIPv6 ? AF_INET6 : AF_INET, flags, 0)
        let what = "\(address.host) port \(address.port)"
        guard descriptor >= 0 else { throw SocketFailure(what: what, code: errno) }
        if kind == SOCK_STREAM { set(SOL_SOCKET, SO_REUSEADDR, 1) }
        let bound = unsafe address.withSocketAddress { unsafe Int(bind(descriptor, $0, $1)) }
        guard bound == 0 else { throw SocketFailure(what: what, code: errno) }
        if kind == SOCK_STREAM {
            guard listen(descriptor, 64) == 0 else { throw SocketFailure(what: what, code: errno) }
        } else {
            // Room for several frames, as they leave in bursts.
            set(SOL_SOCKET, SO_SNDBUF, 1 << 20)
        }
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// Sets an option of one number; a refusal is of no consequence here.
    func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(
            descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends multicast by the interface that has the address.
    func setMulticastInterface(_ address: SocketAddress) {
        var interface = address.internetAddress
        _ = unsafe setsockopt(
            descriptor, Int32(IPPROTO_IP), IP_MULTICAST_IF, &interface,
            socklen_t(MemoryLayout<in_addr>.size))
    }

    /// Sends what fits and says how much; nil if the connection is broken.
    func send(_ octets: ArraySlice<UInt8>) -> Int? {
        let count = unsafe octets.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// Sends one datagram; says whether it went.
    func send(_ octets: [UInt8], to address: SocketAddress) -> Bool {
        let count = unsafe octets.withUnsafeBytes { bytes in
            unsafe address.withSocketAddress {
                unsafe sendto(
                    descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), $0,
                    $1)
            }
        }
        return count == octets.count
    }

    /// Reads what is there, up to the buffer's size; 0 at the end, nil if nothing waits.
    func receive(into buffer: inout [UInt8]) -> Int? {
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? nil : 0
    }
}
