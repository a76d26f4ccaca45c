// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import kuzet

@Suite struct MailboxTests {
    @Test func `letters come out in the order in which they went in`() {
        let box = Mailbox<Int>(limit: 10)
        for number in 1...5 { #expect(box.put(number)) }
        #expect(box.take(waitingMilliseconds: 0) == [1, 2, 3, 4, 5])
        #expect(box.take(waitingMilliseconds: 0).isEmpty)
    }

    @Test func `what does not fit is refused and counted and what lies there stays`() {
        let box = Mailbox<String>(limit: 10)
        #expect(box.put("a", weight: 7))
        #expect(!box.put("b", weight: 4))
        #expect(box.put("c", weight: 3))
        #expect(box.fill == (10, 4))
        #expect(box.take(waitingMilliseconds: 0) == ["a", "c"])
        #expect(box.put("d", weight: 10))
        #expect(box.fill == (10, 4))
    }

    @Test func `who waits is woken by another thread's letter`() throws {
        let box = Mailbox<Int>(limit: 10)
        let thread = try #require(NodeThread("writer") { box.put(7) })
        var found: [Int] = []
        // The wait ends with the letter; the limit is only for a test that fails.
        for _ in 0..<50 where found.isEmpty { found = box.take(waitingMilliseconds: 200) }
        thread.join()
        #expect(found == [7])
    }
}
