// SPDX-License-Identifier: Apache-2.0
import CSockets
import Glibc
import Packets
import Timekeeping

/// Room for a batch of datagrams, shared by all sockets of a loop, and recvmmsg(2) into it.
@safe final class DatagramArena {
    /// One datagram, valid in the call that hands it over.
    @safe struct Received {
        var payload: UnsafeRawBufferPointer
        var source: Endpoint
        /// When the kernel took it from the network.
        var arrival: Instant
        var trafficClass: UInt8 = 0
        var hopLimit: UInt8 = 0
        /// Datagrams that the socket lost for want of room since it was opened.
        var dropped: UInt32?
    }

    /// Datagrams taken by one call of the system.
    static let batch = 16
    /// The longest datagram of IP.
    static let longest = 65_536
    private static let controlRoom = 256
    private static let nameRoom = MemoryLayout<sockaddr_storage>.size

    private let octets: UnsafeMutableRawPointer
    private let controls: UnsafeMutableRawPointer
    private let names: UnsafeMutableRawPointer
    private let vectors: UnsafeMutablePointer<iovec>
    private let messages: UnsafeMutablePointer<kuzet_message>

    init() {
        let count = DatagramArena.batch
        unsafe octets = .allocate(byteCount: count * DatagramArena.longest, alignment: 16)
        unsafe controls = .allocate(byteCount: count * DatagramArena.controlRoom, alignment: 16)
        unsafe names = .allocate(byteCount: count * DatagramArena.nameRoom, alignment: 16)
        unsafe vectors = .allocate(capacity: count)
        unsafe messages = .allocate(capacity: count)
        for index in 0..<count {
            unsafe vectors[index] = iovec(
                iov_base: octets + index * DatagramArena.longest, iov_len: DatagramArena.longest)
        }
    }

    deinit {
        unsafe octets.deallocate()
        unsafe controls.deallocate()
        unsafe names.deallocate()
        unsafe vectors.deallocate()
        unsafe messages.deallocate()
    }

    /// Takes what waits at a socket, one batch; the number of datagrams.
    func receive(from descriptor: Int32, _ take: (Received) -> Void) -> Int {
        for index in 0..<DatagramArena.batch {
            var header = unsafe msghdr()
            unsafe header.msg_name = names + index * DatagramArena.nameRoom
            unsafe header.msg_namelen = socklen_t(DatagramArena.nameRoom)
            unsafe header.msg_iov = vectors + index
            unsafe header.msg_iovlen = 1
            unsafe header.msg_control = controls + index * DatagramArena.controlRoom
            unsafe header.msg_controllen = DatagramArena.controlRoom
            unsafe messages[index] = unsafe kuzet_message(header: header, length: 0)
        }
        let count = unsafe kuzet_receive_many(
            descriptor, messages, UInt32(DatagramArena.batch), 0)
        guard count > 0 else { return 0 }
        for index in 0..<Int(count) {
            let message = unsafe messages[index]
            let name = unsafe UnsafeRawBufferPointer(
                start: message.header.msg_name, count: Int(message.header.msg_namelen))
            guard let source = unsafe Endpoint(socketAddress: name) else { continue }
            var received = unsafe Received(
                payload: UnsafeRawBufferPointer(
                    start: octets + index * DatagramArena.longest, count: Int(message.length)),
                source: source, arrival: Instant(nanoseconds: 0))
            let control = unsafe ControlMessages(
                UnsafeRawBufferPointer(
                    start: message.header.msg_control,
                    count: Int(message.header.msg_controllen)))
            received.arrival = control.arrival ?? LoopClock.wall
            received.trafficClass = control.trafficClass ?? 0
            received.hopLimit = control.hopLimit ?? 0
            received.dropped = control.dropped
            take(received)
        }
        return Int(count)
    }
}

/// What the kernel tells beside octets (cmsg(3)).
struct ControlMessages {
    var arrival: Instant?
    var trafficClass: UInt8?
    var hopLimit: UInt8?
    var dropped: UInt32?

    // Numbers of Linux (asm-generic/socket.h, linux/in.h, linux/in6.h): the C library wraps some
    // of them in expressions that Swift does not import.
    static let timestamps: Int32 = 35
    static let overflow: Int32 = 40
    static let wantTrafficClass: Int32 = 13
    static let wantHopLimit: Int32 = 12
    static let wantTrafficClass6: Int32 = 66
    static let wantHopLimit6: Int32 = 51

    /// Asks for all that is read here.
    static func ask(_ socket: Descriptor, isV4: Bool) {
        socket.set(SOL_SOCKET, timestamps, 1)
        socket.set(SOL_SOCKET, overflow, 1)
        if isV4 {
            socket.set(Int32(IPPROTO_IP), wantTrafficClass, 1)
            socket.set(Int32(IPPROTO_IP), wantHopLimit, 1)
        } else {
            socket.set(Int32(IPPROTO_IPV6), wantTrafficClass6, 1)
            socket.set(Int32(IPPROTO_IPV6), wantHopLimit6, 1)
        }
    }

    /// Reads length, level, kind and data of each, every one aligned to eight octets.
    init(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset + 16 <= bytes.count {
            let length = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Int.self)
            let level = unsafe bytes.loadUnaligned(fromByteOffset: offset + 8, as: Int32.self)
            let kind = unsafe bytes.loadUnaligned(fromByteOffset: offset + 12, as: Int32.self)
            guard length >= 16, length <= bytes.count - offset else { return }
            let data = unsafe UnsafeRawBufferPointer(
                rebasing: bytes[(offset + 16)..<(offset + length)])
            unsafe take(level, kind, data)
            offset += (length + 7) & ~7
        }
    }

    private mutating func take(_ level: Int32, _ kind: Int32, _ data: UnsafeRawBufferPointer) {
        switch (level, kind) {
        case (SOL_SOCKET, Self.timestamps) where data.count >= 16:
            let seconds = unsafe data.loadUnaligned(as: Int64.self)
            let rest = unsafe data.loadUnaligned(fromByteOffset: 8, as: Int64.self)
            let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            guard !whole.overflow, seconds > 0 else { return }
            arrival = Instant(nanoseconds: whole.partialValue).advanced(byNanoseconds: rest)
        case (SOL_SOCKET, Self.overflow) where data.count >= 4:
            dropped = unsafe data.loadUnaligned(as: UInt32.self)
        case (Int32(IPPROTO_IP), 1) where data.count >= 1: trafficClass = unsafe data[0]
        case (Int32(IPPROTO_IP), 2) where data.count >= 4,
            (Int32(IPPROTO_IPV6), 52) where data.count >= 4:
            hopLimit = unsafe UInt8(clamping: data.loadUnaligned(as: Int32.self))
        case (Int32(IPPROTO_IPV6), 67) where data.count >= 4:
            trafficClass = unsafe UInt8(clamping: data.loadUnaligned(as: Int32.self))
        default: break
        }
    }
}
