// SPDX-License-Identifier: Apache-2.0
import Glibc
import Packets
import Timekeeping

/// Raw sockets for echo that were opened while the right to do so was there; all checks share
/// them where the system lets nobody else send echoes.
final class EchoSockets: LoopMember {
    private let sockets: [Descriptor]
    private let v4: Descriptor?
    private let v6: Descriptor?
    private unowned let loop: CheckLoop
    private var checks: [UInt16: EchoCheck] = [:]

    /// Opens what can be opened; nil if nothing can.
    init?(_ loop: CheckLoop) {
        let kind = Int32(SOCK_RAW.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        v4 = Descriptor(socket(AF_INET, kind, 1))
        v6 = Descriptor(socket(AF_INET6, kind, 58))
        sockets = [v4, v6].compactMap { $0 }
        guard !sockets.isEmpty else { return nil }
        self.loop = loop
        if let v4 { ControlMessages.ask(v4, isV4: true) }
        if let v6 { ControlMessages.ask(v6, isV4: false) }
        for socket in sockets { loop.watch(socket.number, self, .other, writing: false) }
    }

    /// The socket of a family; answers to `identifier` go to `check` from now on.
    ///
    /// Nil where there is no socket, or the identifier is somebody's.
    func join(_ check: EchoCheck, _ identifier: UInt16, isV4: Bool) -> Descriptor? {
        guard let socket = isV4 ? v4 : v6, checks[identifier] == nil else { return nil }
        checks[identifier] = check
        return socket
    }

    /// Answers to `identifier` go to nobody any more.
    func leave(_ identifier: UInt16) { checks[identifier] = nil }

    func timePassed() {}

    func ready(_ role: LoopRole, _ readiness: Poller.Readiness) {
        for socket in sockets {
            for _ in 0..<8 {
                let count = loop.arena.receive(from: socket.number) { received in
                    let octets = unsafe Array(received.payload.prefix(128))
                    let isV4 = received.source.address.isV4
                    guard
                        let reply = EchoMessage(reply: octets, isV4: isV4, hasHeader: true)
                    else { return }
                    checks[reply.identifier]?.take(
                        octets, from: received.source.address, at: received.arrival)
                }
                if count < DatagramArena.batch { break }
            }
        }
    }
}
