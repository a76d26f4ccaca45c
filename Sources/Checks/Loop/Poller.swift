// SPDX-License-Identifier: Apache-2.0
import CSockets
import Glibc

/// Which of many descriptors have something to say: epoll(7), level-triggered.
struct Poller {
    /// What a descriptor is ready for.
    struct Readiness {
        /// What it was registered with.
        var token: UInt64
        var canRead: Bool
        var canWrite: Bool
        /// It failed, or the other side went away.
        var isBroken: Bool
    }

    /// Descriptors told of at a time; the others come next time.
    static let batch = 256

    private let descriptor: Descriptor
    private var events = [kuzet_readiness](repeating: kuzet_readiness(), count: Poller.batch)

    init?() {
        guard let descriptor = Descriptor(kuzet_poller()) else { return nil }
        self.descriptor = descriptor
    }

    /// Watches a descriptor, or watches it for other things.
    func watch(_ number: Int32, token: UInt64, writing: Bool, isNew: Bool) {
        _ = kuzet_poller_set(
            descriptor.number, isNew ? kuzet_poller_add : kuzet_poller_change, number,
            kuzet_can_read | (writing ? kuzet_can_write : 0), token)
    }

    /// Watches a descriptor no more; to be called before it is closed.
    func forget(_ number: Int32) {
        _ = kuzet_poller_set(descriptor.number, kuzet_poller_remove, number, 0, 0)
    }

    /// Waits until some are ready, at most so long.
    mutating func wait(milliseconds: Int32) -> [Readiness] {
        let count = unsafe kuzet_poller_wait(
            descriptor.number, &events, Int32(Poller.batch), milliseconds)
        guard count > 0 else { return [] }
        return events[..<Int(count)].map { event in
            Readiness(
                token: event.token, canRead: event.events & kuzet_can_read != 0,
                canWrite: event.events & kuzet_can_write != 0,
                isBroken: event.events & kuzet_is_broken != 0)
        }
    }
}
