// SPDX-License-Identifier: Apache-2.0
import Glibc
import Packets
import Timekeeping

/// One host asked by echo, on a socket of its own: each check has another identifier, so that
/// no firewall's stuck entry makes a host look dead for good.
final class EchoCheck: LoopMember {
    private let request: EchoRequest
    private unowned let loop: CheckLoop
    private let done: (EchoResult) -> Void
    private var socket: Descriptor?
    private var isRaw = false
    /// Those that the socket was borrowed from.
    private var shared: EchoSockets?
    private let identifier: UInt16
    private let cookie: UInt64
    private var result: EchoResult
    /// When each left, by sequence number; removed when answered.
    private var waiting: [UInt16: Instant] = [:]
    private var answered: Set<UInt16> = []
    private var next: UInt16 = 0
    private var nextSend: Instant
    private var deadline: Instant?

    init(_ request: EchoRequest, _ loop: CheckLoop, _ done: @escaping (EchoResult) -> Void) {
        self.request = request
        self.loop = loop
        self.done = done
        identifier = UInt16(truncatingIfNeeded: loop.randomWord())
        cookie = loop.randomWord()
        result = EchoResult(request.address)
        nextSend = loop.now
    }

    func begin() {
        let isV4 = request.address.isV4
        let number = Int32(isV4 ? 1 : 58)
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        // Without any right where the system allows it to the group, else with CAP_NET_RAW.
        socket = Descriptor(
            Glibc.socket(request.address.family, Int32(SOCK_DGRAM.rawValue) | flags, number))
        if socket == nil {
            isRaw = true
            socket = Descriptor(
                Glibc.socket(request.address.family, Int32(SOCK_RAW.rawValue) | flags, number))
        }
        if socket == nil, let borrowed = loop.echoSockets?.join(self, identifier, isV4: isV4) {
            shared = loop.echoSockets
            socket = borrowed
            return timePassed()
        }
        guard let socket else {
            result.failure = CheckFailure(
                .probe, "no-echo",
                "no right to send echoes: neither net.ipv4.ping_group_range nor CAP_NET_RAW")
            return finish()
        }
        ControlMessages.ask(socket, isV4: isV4)
        loop.watch(socket.number, self, .other, writing: false)
        timePassed()
    }

    func ready(_ role: LoopRole, _ readiness: Poller.Readiness) {
        guard let socket else { return }
        for _ in 0..<8 {
            let count = loop.arena.receive(from: socket.number) { received in
                let octets = unsafe Array(received.payload.prefix(128))
                take(octets, from: received.source.address, at: received.arrival)
            }
            if count < DatagramArena.batch { break }
        }
        if request.count == Int(next), waiting.isEmpty { finish() }
    }

    /// Takes what may be an answer.
    func take(_ octets: [UInt8], from source: IPAddress, at arrival: Instant) {
        guard source == request.address,
            let reply = EchoMessage(
                reply: octets, isV4: request.address.isV4, hasHeader: isRaw),
            reply.cookie == cookie, !isRaw || reply.identifier == identifier
        else { return }
        guard let left = waiting.removeValue(forKey: reply.sequence) else {
            if answered.contains(reply.sequence) { result.duplicates += 1 }
            return
        }
        answered.insert(reply.sequence)
        result.answer(after: arrival.nanoseconds(since: left))
    }

    func timePassed() {
        guard let socket else { return }
        while Int(next) < request.count, loop.now >= nextSend {
            send(on: socket)
            nextSend = nextSend.advanced(byNanoseconds: request.intervalNanoseconds)
        }
        if Int(next) == request.count {
            let end = deadline ?? loop.now.advanced(byNanoseconds: request.answerLimit)
            deadline = end
            if loop.now >= end || waiting.isEmpty { finish() }
        }
    }

    private func send(on socket: Descriptor) {
        let message = EchoMessage(identifier: identifier, sequence: next, cookie: cookie)
        next += 1
        let octets = message.request(isV4: request.address.isV4)
        let target = Endpoint(address: request.address, port: 0)
        let left = LoopClock.wall
        let count = unsafe octets.withUnsafeBytes { bytes in
            unsafe target.withSocketAddress {
                unsafe sendto(
                    socket.number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), $0, $1)
            }
        }
        if count == octets.count {
            result.sent += 1
            waiting[message.sequence] = left
        } else if result.failure == nil, errno != EAGAIN {
            result.failure = CheckFailure(SystemFailure(code: errno))
        }
    }

    private func finish() {
        if let shared {
            shared.leave(identifier)
        } else if let socket {
            loop.forget(socket.number)
        }
        socket = nil
        // What was answered was not impossible to ask.
        if result.answered > 0 { result.failure = nil }
        loop.leave(self)
        done(result)
    }
}
