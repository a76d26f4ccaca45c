// SPDX-License-Identifier: Apache-2.0
import Glibc
import Packets
import Timekeeping

/// One connection with what waits to be sent on it, plain or under TLS.
final class Carrier {
    /// Octets that may wait to be sent; requests are small, so more means that nobody reads.
    static let outgoingLimit = 1 << 18

    /// What reading yields.
    enum Reading {
        case octets(Int, arrival: Instant)
        case nothing
        case end
    }

    private let plain: Descriptor?
    private let secure: SecureChannel?
    let local: Endpoint
    let remote: Endpoint
    /// Octets of a segment, at most.
    let segment: Int
    private var outgoing: [UInt8] = []
    private(set) var isBroken = false
    /// How the octets are shown to the meters.
    var asking: FrameWriter.Direction
    var answering: FrameWriter.Direction

    /// Takes a connection that stands.
    init?(_ plain: Descriptor) {
        guard let local = unsafe Endpoint(of: plain.number, getsockname),
            let remote = unsafe Endpoint(of: plain.number, getpeername)
        else { return nil }
        self.plain = plain
        secure = nil
        self.local = local
        self.remote = remote
        segment = Carrier.segment(of: plain.number)
        plain.set(SOL_SOCKET, ControlMessages.timestamps, 1)
        asking = FrameWriter.Direction(source: local, destination: remote)
        answering = FrameWriter.Direction(source: remote, destination: local)
    }

    /// Takes a connection on which hands were shaken.
    init?(_ secure: SecureChannel) {
        guard let local = unsafe Endpoint(of: secure.descriptor, getsockname),
            let remote = unsafe Endpoint(of: secure.descriptor, getpeername)
        else { return nil }
        plain = nil
        self.secure = secure
        self.local = local
        self.remote = remote
        segment = Carrier.segment(of: secure.descriptor)
        asking = FrameWriter.Direction(source: local, destination: remote)
        answering = FrameWriter.Direction(source: remote, destination: local)
    }

    var descriptor: Int32 { plain?.number ?? secure?.descriptor ?? -1 }
    var hasOutgoing: Bool { !outgoing.isEmpty }
    /// Whether more may wait than the descriptor tells, as TLS decrypts whole records.
    var mayHold: Bool { secure != nil }

    /// Sends, now or as soon as the connection takes it.
    func send(_ octets: [UInt8]) {
        guard outgoing.count + octets.count <= Carrier.outgoingLimit else {
            isBroken = true
            return
        }
        outgoing += octets
        flush()
    }

    /// Sends what the connection takes.
    func flush() {
        while !outgoing.isEmpty, !isBroken {
            let sent: Int?
            if let secure {
                sent = secure.send(outgoing[...])
            } else {
                let count = unsafe outgoing.withUnsafeBytes {
                    unsafe Glibc.send(
                        descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                sent = count >= 0 ? count : errno == EAGAIN || errno == EINTR ? 0 : nil
            }
            guard let sent else {
                isBroken = true
                return
            }
            if sent == 0 { return }
            outgoing.removeFirst(sent)
        }
    }

    /// Reads what is there, up to the buffer's size.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        if let secure {
            guard let count = unsafe secure.receive(into: buffer) else { return .nothing }
            return count == 0 ? .end : .octets(count, arrival: LoopClock.wall)
        }
        var vector = unsafe iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
        var control = (0, 0, 0, 0, 0, 0, 0, 0)
        return unsafe withUnsafeMutablePointer(to: &vector) { vector in
            unsafe withUnsafeMutableBytes(of: &control) { control in
                var header = unsafe msghdr()
                unsafe header.msg_iov = vector
                unsafe header.msg_iovlen = 1
                unsafe header.msg_control = control.baseAddress
                unsafe header.msg_controllen = control.count
                let count = unsafe recvmsg(descriptor, &header, 0)
                if count > 0 {
                    let told = unsafe ControlMessages(
                        UnsafeRawBufferPointer(
                            start: control.baseAddress, count: Int(header.msg_controllen)))
                    return .octets(count, arrival: told.arrival ?? LoopClock.wall)
                }
                return count == 0 || (errno != EAGAIN && errno != EINTR) ? .end : .nothing
            }
        }
    }

    /// Ethernet's, less the headers with time stamps, where the system does not tell.
    private static let usualSegment = 1448

    private static func segment(of descriptor: Int32) -> Int {
        var size: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let code = unsafe getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, &size, &length)
        // Loopback has segments of 64 KiB, which no network carries.
        return code == 0 && (500...9000).contains(size) ? Int(size) : usualSegment
    }
}
