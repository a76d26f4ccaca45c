// SPDX-License-Identifier: Apache-2.0
import CSockets
import Glibc
import Packets

extension Endpoint {
    /// Calls `body` with the address as the system takes it.
    func withSocketAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        if address.isV4 {
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            four.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
            return unsafe withUnsafePointer(to: four) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        six.sin6_addr = address.sixteenOctets
        return unsafe withUnsafePointer(to: six) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }

    /// The address in `bytes`, as the system gives it; nil for another family.
    init?(socketAddress bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 16 else { return nil }
        let family = unsafe bytes.loadUnaligned(as: sa_family_t.self)
        let port = unsafe UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        switch Int32(family) {
        case AF_INET:
            let bits = unsafe UInt32(
                bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            self.init(address: IPAddress(v4: bits), port: port)
        case AF_INET6 where bytes.count >= 24:
            self.init(
                address: unsafe IPAddress(
                    high: UInt64(
                        bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
                ),
                port: port)
        default: return nil
        }
    }

    /// What `ask`, such as `getsockname`, says of a socket.
    init?(
        of descriptor: Int32,
        _ ask: (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32
    ) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe ask(descriptor, $0, &length)
            }
        }
        guard result == 0 else { return nil }
        let found = unsafe withUnsafeBytes(of: storage) { unsafe Endpoint(socketAddress: $0) }
        guard let found else { return nil }
        self = found
    }
}

extension IPAddress {
    /// The sixteen octets as the system takes them.
    var sixteenOctets: in6_addr {
        var result = in6_addr()
        unsafe withUnsafeMutableBytes(of: &result) { bytes in
            unsafe bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return result
    }

    /// The four octets as the system takes them, in network order.
    var fourOctets: in_addr {
        in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
    }

    var family: Int32 { isV4 ? AF_INET : AF_INET6 }
}

/// A descriptor that is closed when nobody has it any more.
final class Descriptor {
    let number: Int32

    init?(_ number: Int32) {
        guard number >= 0 else { return nil }
        self.number = number
    }

    deinit { _ = close(number) }

    /// Sets an option of one number; whether the system took it.
    @discardableResult
    func set(_ level: Int32, _ option: Int32, _ value: Int32) -> Bool {
        var value = value
        return unsafe setsockopt(
            number, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
    }
}

/// What the system says of an error.
func systemText(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
