// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import kuzet

/// A terminal of our own: what a person would see comes out of `screen`, keys go into it.
private final class PseudoTerminal {
    let screen: Int32
    let terminal: Int32

    init?() {
        // The Swift view of glibc lacks `posix_openpt` and its kin; these are what they call
        // (`ioctl_tty(2)`: TIOCSPTLCK and TIOCGPTN).
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        screen = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
        guard screen >= 0, unsafe ioctl(screen, 0x4004_5431, &unlocked) == 0,
            unsafe ioctl(screen, 0x8004_5430, &number) == 0
        else { return nil }
        terminal = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        guard terminal >= 0 else { return nil }
        resize(columns: 90, rows: 20)
    }

    deinit {
        close(terminal)
        close(screen)
    }

    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = unsafe ioctl(screen, UInt(TIOCSWINSZ), &size)
    }

    /// What was written to the terminal since the last look.
    func written() -> String {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe read(screen, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    func press(_ keys: String) {
        let bytes = Array(keys.utf8)
        _ = unsafe write(screen, bytes, bytes.count)
    }

    /// Whether lines are edited and keys echoed, as a shell expects.
    var isCooked: Bool {
        var settings = termios()
        unsafe tcgetattr(terminal, &settings)
        return settings.c_lflag & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO)
    }
}

@Suite(.serialized) struct TerminalSessionTests {
    private let style = TerminalStyle(colour: false, ascii: true, columns: 90, isTerminal: true)

    @Test func `a session takes the screen and gives it back as it was`() throws {
        guard let terminal = PseudoTerminal() else {
            try Test.cancel("no pseudo terminals here")
        }
        guard
            var session = TerminalSession(
                input: terminal.terminal, output: terminal.terminal, style: style)
        else {
            Issue.record("the terminal was not taken")
            return
        }
        #expect(session.size == TerminalSize(columns: 90, rows: 20))
        #expect(!terminal.isCooked)
        #expect(terminal.written().contains("\u{1b}[?1049h"))
        session.draw([StyledLine("first"), StyledLine("second")])
        let drawn = terminal.written()
        #expect(drawn.contains("\u{1b}[1;1H\u{1b}[Kfirst"))
        #expect(drawn.contains("\u{1b}[2;1H\u{1b}[Ksecond"))
        session.draw([StyledLine("first"), StyledLine("third")])
        let redrawn = terminal.written()
        #expect(!redrawn.contains("first"))
        #expect(redrawn.contains("third"))
        _ = session.leave()
        #expect(terminal.isCooked)
        #expect(terminal.written().hasSuffix("\u{1b}[?25h\u{1b}[?1049l"))
    }

    @Test func `keys, sizes, signals and other descriptors come as events`() throws {
        guard let terminal = PseudoTerminal() else {
            try Test.cancel("no pseudo terminals here")
        }
        var other: [Int32] = [0, 0]
        #expect(unsafe pipe(&other) == 0)
        guard
            var session = TerminalSession(
                input: terminal.terminal, output: terminal.terminal, style: style)
        else {
            Issue.record("the terminal was not taken")
            return
        }
        #expect(session.wait(milliseconds: 0) == [])
        terminal.press("s\u{1b}[B")
        #expect(
            session.wait(milliseconds: 100) == [.key(.character("s")), .key(.down)])
        terminal.resize(columns: 60, rows: 10)
        #expect(
            session.wait(milliseconds: 0) == [.resized(TerminalSize(columns: 60, rows: 10))])
        _ = unsafe write(other[1], "x", 1)
        #expect(session.wait(milliseconds: 100, other: other[0]) == [.readable])
        // To this thread alone: other tests run beside.
        pthread_kill(pthread_self(), SIGTERM)
        #expect(session.wait(milliseconds: 0) == [.ended(signal: SIGTERM)])
        _ = session.leave()
        #expect(terminal.isCooked)
        close(other[0])
        close(other[1])
    }

    @Test func `asked to end without a terminal, a loop learns of it once`() {
        var signals = EndSignals()
        #expect(signals.next() == nil)
        pthread_kill(pthread_self(), SIGINT)
        #expect(signals.next() == SIGINT)
        #expect(signals.next() == nil)
    }

    @Test func `no terminal, no session`() {
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        if TerminalSession(input: ends[0], output: ends[1], style: style) != nil {
            Issue.record("a pipe was taken for a terminal")
        }
        close(ends[0])
        close(ends[1])
    }
}
