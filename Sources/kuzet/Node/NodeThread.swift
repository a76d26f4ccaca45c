// SPDX-License-Identifier: Apache-2.0
import CProcess
import Glibc

/// A thread of the system with a name, for work that waits: a ring of packets, a disk.
struct NodeThread: Sendable {
    private let thread: pthread_t

    private final class Work {
        let name: String
        let body: @Sendable () -> Void

        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Begins a thread; nil where the system has none left.
    ///
    /// - Parameter name: what `top -H` and `ps -L` show of it; 15 octets.
    init?(_ name: String, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let work = unsafe Unmanaged.passRetained(Work(name, body))
        let result = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
                unsafe kuzet_name_thread(work.name)
                work.body()
                return nil
            }, unsafe work.toOpaque())
        guard result == 0 else {
            unsafe work.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits until it has ended.
    func join() { pthread_join(thread, nil) }
}
