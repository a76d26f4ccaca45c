// SPDX-License-Identifier: Apache-2.0
import Glibc
public import Packets
import Timekeeping

/// What came of connecting to a TCP port.
public struct ConnectResult: Hashable, Sendable {
    /// Who was called.
    public var endpoint: Endpoint
    /// How long the handshake took, ns; nil if there was none.
    public var nanoseconds: Int64?
    /// Why there was none.
    public var failure: CheckFailure?
}

/// One TCP handshake, ended at once.
final class ConnectCheck: LoopMember {
    private let endpoint: Endpoint
    private unowned let loop: CheckLoop
    private let limit: Int64
    private let done: (ConnectResult) -> Void
    private var dialling: Dialling?
    private var start = Instant(nanoseconds: 0)

    init(
        _ endpoint: Endpoint, limit: Int64, _ loop: CheckLoop,
        _ done: @escaping (ConnectResult) -> Void
    ) {
        self.endpoint = endpoint
        self.limit = limit
        self.loop = loop
        self.done = done
    }

    func begin() {
        start = LoopClock.steady
        switch Dialling.begin(to: endpoint) {
        case .failure(let failure): finish(CheckFailure(failure))
        case .success(let dialling):
            self.dialling = dialling
            loop.watch(dialling.descriptor.number, self, .other, writing: true)
        }
    }

    func ready(_ role: LoopRole, _ readiness: Poller.Readiness) {
        guard let dialling else { return }
        finish(dialling.failure.map { CheckFailure($0) })
    }

    func timePassed() {
        guard loop.now.nanoseconds(since: start) >= limit else { return }
        finish(CheckFailure(SystemFailure(code: ETIMEDOUT)))
    }

    private func finish(_ failure: CheckFailure?) {
        let time = LoopClock.steady.nanoseconds(since: start)
        if let dialling { loop.forget(dialling.descriptor.number) }
        dialling = nil
        loop.leave(self)
        done(
            ConnectResult(
                endpoint: endpoint, nanoseconds: failure == nil ? time : nil, failure: failure))
    }
}
