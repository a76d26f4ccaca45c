// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// What one thread leaves for another, in order, within a limit.
///
/// Who puts something in never waits: beyond the limit it is refused and counted, because a
/// capture that waits for a disk loses packets.
final class Mailbox<Letter: Sendable>: Sendable {
    private struct State {
        var letters: [Letter] = []
        var weight = 0
        var refused = 0
    }

    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)
    private let limit: Int

    /// Makes an empty box that holds letters of `limit` weight in all.
    init(limit: Int) {
        self.limit = limit
    }

    /// Puts a letter in; false if it did not fit.
    @discardableResult
    func put(_ letter: Letter, weight: Int = 1) -> Bool {
        let isTaken = state.withLock { state in
            guard state.weight + weight <= limit else {
                state.refused += weight
                return false
            }
            state.letters.append(letter)
            state.weight += weight
            return true
        }
        if isTaken { arrival.signal() }
        return isTaken
    }

    /// All that is there, waiting at most so long for the first letter.
    func take(waitingMilliseconds: Int) -> [Letter] {
        _ = arrival.wait(timeout: .now() + .milliseconds(waitingMilliseconds))
        return state.withLock { state in
            defer {
                state.letters = []
                state.weight = 0
            }
            return state.letters
        }
    }

    /// What lies in it, and what was refused since the start, by weight.
    var fill: (waiting: Int, refused: Int) {
        state.withLock { ($0.weight, $0.refused) }
    }
}
