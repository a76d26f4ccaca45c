// SPDX-License-Identifier: Apache-2.0
import Glibc
import Timekeeping

/// The clocks of a loop.
enum LoopClock {
    /// A clock that only goes forward, sleep counted: for deadlines.
    ///
    /// Its zero means nothing.
    static var steady: Instant { read(CLOCK_BOOTTIME) }

    /// The wall clock, by which the kernel stamps arrivals.
    static var wall: Instant { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Instant {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
