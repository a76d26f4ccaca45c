// SPDX-License-Identifier: Apache-2.0
import CSockets
import Dispatch
import Glibc
import Synchronization

/// A few threads for what can only be waited for: names, TLS handshakes.
///
/// Each job has its own time limit; at most `width` run at once and the others wait their turn.
/// What a job yields is fetched by the loop's thread, woken by a descriptor.
final class WorkerPool<Result: Sendable>: Sendable {
    /// Jobs at once.
    ///
    /// Chosen: a hundred cameras with handshakes of 100 ms begin in two seconds.
    static var width: Int { 8 }

    /// Readable when results wait.
    let wake: Int32
    private let done = Mutex<[Result]>([])
    private let queue = DispatchQueue(label: "kuzet.checks", attributes: .concurrent)
    private let room = DispatchSemaphore(value: WorkerPool.width)
    private let order = DispatchQueue(label: "kuzet.checks.order")

    init?() {
        wake = kuzet_wake()
        guard wake >= 0 else { return nil }
    }

    deinit { _ = close(wake) }

    /// Has `job` done by and by.
    func submit(_ job: @escaping @Sendable () -> Result) {
        order.async { [self] in
            room.wait()
            queue.async { [self] in
                let result = job()
                done.withLock { $0.append(result) }
                room.signal()
                var one: UInt64 = 1
                _ = unsafe write(wake, &one, 8)
            }
        }
    }

    /// The results since last asked.
    func takeResults() -> [Result] {
        var count: UInt64 = 0
        _ = unsafe read(wake, &count, 8)
        return done.withLock { results in
            defer { results.removeAll() }
            return results
        }
    }
}
