// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import kuzet

@Suite struct CheckNewsTests {
    @Test func `of a thousand cameras that fail together twenty are named and the rest counted`() {
        var news = CheckNews()
        let refused = CheckNote(
            name: .pull, result: "refuses", text: "", at: Instant(nanoseconds: 0))
        var busy = refused
        busy.result = "busy"
        let atFirst = news.suppressed(at: 1)
        var said = 0
        for _ in 0..<1_000 where news.admit(refused) { said += 1 }
        let isOtherSaid = news.admit(busy)
        let tooEarly = news.suppressed(at: 2)
        let later = news.suppressed(at: 10_000_000_001)
        let isSaidAgain = news.admit(refused)
        #expect(atFirst.isEmpty && tooEarly.isEmpty)
        #expect(said == 20 && isOtherSaid && isSaidAgain)
        #expect(later.map(\.kind) == ["pull: refuses"] && later.map(\.count) == [980])
    }
}
