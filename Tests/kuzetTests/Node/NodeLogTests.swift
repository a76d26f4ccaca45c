// SPDX-License-Identifier: Apache-2.0
import Logging
import Settings
import Synchronization
import Testing
import Timekeeping

@testable import kuzet

/// A log whose time a test sets and whose lines it reads.
private final class Heard: Sendable {
    let lines = Mutex<[String]>([])
    let now = Mutex(Int64(1_795_000_000_000_000_000))

    func output(_ format: LogFormat) throws -> LogOutput {
        LogOutput(
            format, zone: try ZoneFiles.rules("Asia/Almaty"),
            clock: { [self] in Instant(nanoseconds: now.withLock { $0 }) },
            write: { [self] line in lines.withLock { $0.append(line) } })
    }

    func pass(seconds: Int64) { now.withLock { $0 += seconds * 1_000_000_000 } }
}

@Suite struct NodeLogTests {
    @Test func `a line of text has time, level, speaker, words and fields`() throws {
        let heard = Heard()
        let output = try heard.output(.text)
        output.log(.warning, "eth0", "the clock was set", [("seconds", "3.5"), ("by", "a b\n")])
        #expect(
            heard.lines.withLock { $0 } == [
                "2026-11-18T16:06:40.000+05:00 WARNING eth0: the clock was set seconds=3.5"
                    + " by=a b?\n"
            ])
    }

    @Test func `a line of JSON is one object with everything escaped`() throws {
        let heard = Heard()
        try heard.output(.json).log(.error, "led\"ger", "no\nroom", [("left", "0")])
        #expect(
            heard.lines.withLock { $0 } == [
                #"{"time":"2026-11-18T16:06:40.000+05:00","level":"error","from":"led\"ger","#
                    + #""message":"no\nroom","left":"0"}"# + "\n"
            ])
    }

    @Test func `a line that comes again and again is counted and said once in ten seconds`() throws
    {
        let heard = Heard()
        let output = try heard.output(.text)
        for _ in 0..<100 {
            output.log(.error, "eth0", "down", [])
            heard.pass(seconds: 1)
        }
        output.log(.error, "eth0", "other", [])
        let lines = heard.lines.withLock { $0 }
        #expect(lines.count == 11)
        #expect(lines.filter { $0.contains("(said 9 more times before)") }.count == 9)
        #expect(lines.last?.hasSuffix("other\n") == true)
    }

    @Test func `more different lines than are counted are all written`() throws {
        let heard = Heard()
        let output = try heard.output(.text)
        for number in 0..<2_000 { output.log(.notice, "node", "line \(number)", []) }
        output.log(.notice, "node", "line 1999", [])
        #expect(heard.lines.withLock { $0 }.count == 2_001)
    }

    @Test func `levels below the one asked for are not written`() throws {
        let heard = Heard()
        let output = try heard.output(.text)
        var logger = Logger(label: "node") { NodeLogHandler($0, output, level: .notice) }
        logger[metadataKey: "who"] = "x"
        logger.info("quiet")
        logger.notice("loud", metadata: ["b": "2", "a": "1"])
        let lines = heard.lines.withLock { $0 }
        #expect(lines.count == 1)
        #expect(lines.first?.hasSuffix("NOTICE node: loud a=1 b=2 who=x\n") == true)
    }
}
