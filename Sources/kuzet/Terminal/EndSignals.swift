// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The signals by which people and service managers ask a program to end, held back while this
/// value lives, so that a capture ends with its answer instead of in the middle of a line.
///
/// They are blocked, not handled: nothing runs at a moment that nobody chose, and whoever loops
/// asks with `next()`. Made on the main thread before other threads begin, since each thread
/// inherits what is blocked.
struct EndSignals: ~Copyable {
    private var watched = sigset_t()
    private var before = sigset_t()

    /// Holds back INT, TERM, HUP and QUIT, and with `includingPause` Ctrl-Z's TSTP.
    init(includingPause: Bool = false) {
        unsafe sigemptyset(&watched)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] + (includingPause ? [SIGTSTP] : []) {
            unsafe sigaddset(&watched, signal)
        }
        unsafe pthread_sigmask(SIG_BLOCK, &watched, &before)
    }

    deinit {
        var mask = before
        unsafe pthread_sigmask(SIG_SETMASK, &mask, nil)
    }

    /// The next signal that has come, without waiting; nil if none has.
    mutating func next() -> Int32? {
        var none = timespec(tv_sec: 0, tv_nsec: 0)
        let signal = unsafe sigtimedwait(&watched, nil, &none)
        return signal > 0 ? signal : nil
    }
}
