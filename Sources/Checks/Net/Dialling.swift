// SPDX-License-Identifier: Apache-2.0
import Glibc
import Packets

/// A connection under way.
struct Dialling {
    let descriptor: Descriptor

    /// Begins to connect; or the system's reason why not.
    static func begin(to endpoint: Endpoint) -> Result<Dialling, SystemFailure> {
        let kind = Int32(
            SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard let descriptor = Descriptor(socket(endpoint.address.family, kind, 0)) else {
            return .failure(SystemFailure(code: errno))
        }
        descriptor.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        let result = unsafe endpoint.withSocketAddress {
            unsafe connect(descriptor.number, $0, $1)
        }
        if result != 0, errno != EINPROGRESS { return .failure(SystemFailure(code: errno)) }
        return .success(Dialling(descriptor: descriptor))
    }

    /// Nil if the connection stands, else why it failed.
    var failure: SystemFailure? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &length)
        return code == 0 ? nil : SystemFailure(code: code)
    }
}

/// An error number of the system.
struct SystemFailure: Error, Hashable {
    let code: Int32

    var text: String { systemText(code) }
    /// Whether somebody was there and said no.
    var isRefusal: Bool { code == ECONNREFUSED || code == ECONNRESET }
    /// Whether nothing left this machine: no network, no right or no room here.
    var isOwn: Bool {
        [
            ENETUNREACH, ENETDOWN, EADDRNOTAVAIL, EAFNOSUPPORT, EPERM, EACCES, EMFILE, ENFILE,
            ENOBUFS, ENOMEM,
        ].contains(code)
    }
}
