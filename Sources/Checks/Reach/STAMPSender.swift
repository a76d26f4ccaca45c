// SPDX-License-Identifier: Apache-2.0
import Glibc
public import Packets
import Timekeeping

/// What came of test packets that a reflector sent back (RFC 8762).
public struct STAMPResult: Hashable, Sendable {
    /// The reflector.
    public var endpoint: Endpoint
    /// Packets that left.
    public var sent: UInt64 = 0
    /// Packets that came back.
    public var answered: UInt64 = 0
    /// Packets that never reached the reflector; nil where it does not count, or none came back.
    public var lostForward: UInt64?
    /// Packets that were lost on the way back; nil likewise.
    public var lostBackward: UInt64?
    /// Sum of the round trips, the reflector's own time taken off, ns.
    public var roundTripSum: Int64 = 0
    /// The shortest, ns.
    public var roundTripLeast: Int64?
    /// The longest, ns.
    public var roundTripGreatest: Int64?
    /// The reflector's clock less the own, from the shortest round trip, ns: as true as the two
    /// ways take equally long.
    public var offsetNanoseconds: Int64?
    /// The ways to the reflector and back.
    ///
    /// Each holds the difference of the two clocks, which drops out of its variation.
    public var forward = OneWay()
    /// The way back.
    public var backward = OneWay()
    /// Why nothing could be sent.
    public var failure: CheckFailure?

    /// What was seen of one direction.
    public struct OneWay: Hashable, Sendable {
        /// The shortest time on the way as the two clocks have it, ns.
        public var least: Int64?
        /// The longest.
        public var greatest: Int64?

        /// Makes a direction of which nothing was seen.
        public init() {}

        /// The longest less the shortest, ns: delay variation (RFC 5481 section 4.2, PDV).
        public var variation: Int64? {
            guard let least, let greatest else { return nil }
            return greatest - least
        }

        mutating func take(_ delay: Int64) {
            least = min(least ?? delay, delay)
            greatest = max(greatest ?? delay, delay)
        }
    }

    /// Packets of which nothing came back.
    public var lost: UInt64 { sent - min(sent, answered) }

    /// Makes the result of nothing sent yet.
    public init(_ endpoint: Endpoint) { self.endpoint = endpoint }
}

/// Sends test packets and gathers what comes back.
final class STAMPSender: LoopMember {
    private unowned let loop: CheckLoop
    private let count: Int
    private let interval: Int64
    private let limit: Int64
    private let done: (STAMPResult) -> Void
    private var result: STAMPResult
    private var socket: Descriptor?
    private var waiting: [UInt32: Instant] = [:]
    private var next: UInt32 = 0
    private var nextSend: Instant
    private var deadline: Instant?
    private var greatestReflected: UInt32?
    /// Whether the reflector's numbers are its own and no copies.
    private var countsItself = false

    init(
        _ endpoint: Endpoint, count: Int, interval: Int64, limit: Int64, _ loop: CheckLoop,
        _ done: @escaping (STAMPResult) -> Void
    ) {
        self.loop = loop
        self.count = min(max(1, count), EchoRequest.countLimit)
        self.interval = max(1_000_000, interval)
        self.limit = limit
        self.done = done
        result = STAMPResult(endpoint)
        nextSend = loop.now
    }

    func begin() {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        socket = Descriptor(Glibc.socket(result.endpoint.address.family, kind, 0))
        guard let socket else {
            result.failure = CheckFailure(.probe, "no-socket", systemText(errno))
            return finish()
        }
        ControlMessages.ask(socket, isV4: result.endpoint.address.isV4)
        loop.watch(socket.number, self, .other, writing: false)
        timePassed()
    }

    func ready(_ role: LoopRole, _ readiness: Poller.Readiness) {
        guard let socket else { return }
        _ = loop.arena.receive(from: socket.number) { received in
            guard received.source == result.endpoint else { return }
            let octets = unsafe Array(received.payload.prefix(STAMPPacket.length))
            if let reply = STAMPPacket.Reply(octets) { take(reply, at: received.arrival) }
        }
        if next == UInt32(count), waiting.isEmpty { finish() }
    }

    private func take(_ reply: STAMPPacket.Reply, at arrival: Instant) {
        guard let left = waiting.removeValue(forKey: reply.request.sequence) else { return }
        let near = left
        let held = reply.sent.instant(near: near).nanoseconds(
            since: reply.received.instant(near: near))
        let trip = max(1, arrival.nanoseconds(since: left) - max(0, held))
        result.answered += 1
        result.roundTripSum += trip
        let there = reply.received.instant(near: near).nanoseconds(since: left)
        let back = arrival.nanoseconds(since: reply.sent.instant(near: near))
        result.forward.take(there)
        result.backward.take(back)
        if trip < result.roundTripLeast ?? .max {
            result.roundTripLeast = trip
            result.offsetNanoseconds = there / 2 - back / 2
        }
        result.roundTripGreatest = max(result.roundTripGreatest ?? trip, trip)
        greatestReflected = max(greatestReflected ?? 0, reply.sequence)
        if reply.sequence != reply.request.sequence { countsItself = true }
    }

    func timePassed() {
        guard let socket else { return }
        while Int(next) < count, loop.now >= nextSend {
            let left = LoopClock.wall
            let request = STAMPPacket.Request(
                sequence: next, sent: NTPTime(left),
                errorEstimate: STAMPPacket.errorEstimate(OwnClock.read()))
            if send(request.octets, on: socket, to: result.endpoint) {
                result.sent += 1
                waiting[next] = left
            }
            next += 1
            nextSend = nextSend.advanced(byNanoseconds: interval)
        }
        guard Int(next) == count else { return }
        let end = deadline ?? loop.now.advanced(byNanoseconds: limit)
        deadline = end
        if loop.now >= end || waiting.isEmpty { finish() }
    }

    private func finish() {
        if let socket { loop.forget(socket.number) }
        socket = nil
        if let greatestReflected, countsItself || result.lost == 0 {
            let reached = min(result.sent, UInt64(greatestReflected) + 1)
            result.lostForward = result.sent - reached
            result.lostBackward = reached - min(reached, result.answered)
        }
        loop.leave(self)
        done(result)
    }
}

/// Sends one datagram; whether it went.
func send(_ octets: [UInt8], on socket: Descriptor, to target: Endpoint) -> Bool {
    let count = unsafe octets.withUnsafeBytes { bytes in
        unsafe target.withSocketAddress {
            unsafe sendto(
                socket.number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), $0, $1)
        }
    }
    return count == octets.count
}

/// Sends test packets back, to those alone who may ask (RFC 8762 section 4.3, stateful).
final class STAMPReflector: LoopMember {
    /// Senders whose packets are counted; the one heard of longest ago makes room.
    static let senderLimit = 1024
    /// Packets reflected in a second: no amplifier, for answers are as long as questions, but no
    /// burden either.
    static let rateLimit = 5000

    private unowned let loop: CheckLoop
    private let allowed: AllowedAddresses
    private let socket: Descriptor
    let endpoint: Endpoint
    private var counts: [Endpoint: (next: UInt32, last: Instant)] = [:]
    private var second: Int64 = 0
    private var inSecond = 0
    private(set) var refused: UInt64 = 0

    init?(at endpoint: Endpoint, allowed: AllowedAddresses, _ loop: CheckLoop) {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard let socket = Descriptor(Glibc.socket(endpoint.address.family, kind, 0)),
            unsafe endpoint.withSocketAddress({ unsafe bind(socket.number, $0, $1) }) == 0,
            let place = unsafe Endpoint(of: socket.number, getsockname)
        else { return nil }
        self.socket = socket
        self.endpoint = place
        self.allowed = allowed
        self.loop = loop
        ControlMessages.ask(socket, isV4: endpoint.address.isV4)
    }

    func begin() { loop.watch(socket.number, self, .other, writing: false) }

    func end() { loop.forget(socket.number) }

    func timePassed() {}

    func ready(_ role: LoopRole, _ readiness: Poller.Readiness) {
        let estimate = STAMPPacket.errorEstimate(OwnClock.read())
        _ = loop.arena.receive(from: socket.number) { received in
            let octets = unsafe Array(received.payload.prefix(STAMPPacket.length))
            guard allowed.allows(received.source.address), isWithinRate(),
                let request = STAMPPacket.Request(octets)
            else {
                refused += 1
                return
            }
            let reply = STAMPPacket.Reply(
                to: request, sequence: number(received.source, request),
                received: NTPTime(received.arrival), sent: NTPTime(LoopClock.wall),
                errorEstimate: estimate, hopLimit: received.hopLimit)
            _ = send(reply.octets, on: socket, to: received.source)
        }
    }

    private func isWithinRate() -> Bool {
        let now = loop.now.nanoseconds / 1_000_000_000
        if now != second { (second, inSecond) = (now, 0) }
        inSecond += 1
        return inSecond <= STAMPReflector.rateLimit
    }

    /// How many packets of that sender came before; a sender that begins anew is counted anew.
    private func number(_ sender: Endpoint, _ request: STAMPPacket.Request) -> UInt32 {
        if counts[sender] == nil, counts.count >= STAMPReflector.senderLimit,
            let oldest = counts.min(by: { $0.value.last < $1.value.last })?.key
        {
            counts[oldest] = nil
        }
        let next = request.sequence == 0 ? 0 : counts[sender]?.next ?? 0
        counts[sender] = (next &+ 1, loop.now)
        return next
    }
}
