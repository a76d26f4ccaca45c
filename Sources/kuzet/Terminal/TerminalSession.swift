// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// The whole terminal, borrowed: another screen without a cursor, keys as they are pressed.
///
/// The terminal is as it was before when the session ends, whichever way: the value goes away,
/// `exit` is called, or a signal asks the program to end. Such signals are blocked while the
/// session lasts and come out of `wait` as events, so that nothing is interrupted half drawn.
/// One session at a time, on the main thread, begun before other threads are.
struct TerminalSession: ~Copyable {
    /// What may happen while waiting.
    enum Event: Equatable {
        case key(TerminalKey)
        /// The window has another size now.
        case resized(TerminalSize)
        /// The other descriptor has something to read, or is at its end.
        case readable
        /// The program was asked to end, by this signal or by the terminal's end.
        case ended(signal: Int32)
    }

    /// Longest wait at a stretch, ms: how late a signal may be noticed.
    ///
    /// Chosen: people call a tenth of a second at once.
    static let patience: Int32 = 100

    /// What is put back at exit; nil outside a session.
    private static let borrowed = Mutex<Borrowed?>(nil)

    private struct Borrowed {
        var input: Int32
        var output: Int32
        var settings: termios
    }

    private(set) var size: TerminalSize
    private let input: Int32
    private let output: Int32
    private let style: TerminalStyle
    private var signals = EndSignals(includingPause: true)
    private var shown: [String] = []

    /// Borrows the terminal; nil if either descriptor is none or it cannot be drawn upon.
    init?(input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO, style: TerminalStyle) {
        var settings = termios()
        guard style.isTerminal, isatty(input) == 1, isatty(output) == 1,
            let size = TerminalSize.of(descriptor: output),
            unsafe tcgetattr(input, &settings) == 0
        else { return nil }
        self.size = size
        self.input = input
        self.output = output
        self.style = style
        let borrowed = Borrowed(input: input, output: output, settings: settings)
        TerminalSession.borrowed.withLock { $0 = borrowed }
        _ = TerminalSession.atExit
        take()
    }

    deinit {
        TerminalSession.giveBack()
    }

    /// Gives the terminal back now, so that what is printed next stays to be read.
    consuming func leave() -> TerminalSize { size }

    /// Shows `lines` from the top; only what has changed is written.
    mutating func draw(_ lines: [StyledLine]) {
        let sink = ByteSink(descriptor: output)
        for row in 0..<size.rows {
            let line = row < lines.count ? lines[row].clipped(to: size.columns) : StyledLine()
            let text = line.rendered(colour: style.colour)
            if row < shown.count, shown[row] == text { continue }
            if row < shown.count { shown[row] = text } else { shown.append(text) }
            // Erased first: behind a full line the cursor still stands on its last column.
            sink.write("\u{1b}[\(row + 1);1H\u{1b}[K\(text)")
        }
        // A terminal that went away is noticed by `wait`.
        try? sink.finish()
    }

    /// Waits for events, at most `milliseconds` or `patience`, whichever is less.
    ///
    /// `other` is a descriptor to watch as well. No event is an empty answer.
    mutating func wait(milliseconds: Int32, other: Int32? = nil) -> [Event] {
        var events: [Event] = []
        var watching = [pollfd(fd: input, events: Int16(POLLIN), revents: 0)]
        if let other { watching.append(pollfd(fd: other, events: Int16(POLLIN), revents: 0)) }
        let time = max(0, min(milliseconds, TerminalSession.patience))
        let ready = unsafe poll(&watching, nfds_t(watching.count), time)
        if ready > 0 {
            if watching[0].revents != 0 { events += keys() }
            if watching.count > 1, watching[1].revents != 0 { events.append(.readable) }
        }
        events += ends()
        if let now = TerminalSize.of(descriptor: output), now != size {
            size = now
            shown = []
            put("\u{1b}[2J")
            events.append(.resized(now))
        }
        return events
    }

    private func keys() -> [Event] {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe read(input, buffer.baseAddress, buffer.count)
        }
        // The terminal is gone: its end is as good as its hang-up signal.
        if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) {
            return [.ended(signal: SIGHUP)]
        }
        return TerminalKey.keys(in: bytes.prefix(max(0, count))).map { .key($0) }
    }

    private mutating func ends() -> [Event] {
        var events: [Event] = []
        while let signal = signals.next() {
            if signal == SIGTSTP { pause() } else { events.append(.ended(signal: signal)) }
        }
        return events
    }

    /// Stops, as Ctrl-Z asks, with the terminal given back meanwhile.
    private mutating func pause() {
        TerminalSession.restoreScreen()
        // Cannot be blocked; the call returns when somebody says to go on.
        kill(getpid(), SIGSTOP)
        shown = []
        take()
    }

    /// Takes the screen and the keys.
    private func take() {
        guard var raw = TerminalSession.borrowed.withLock({ $0?.settings }) else { return }
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        unsafe tcsetattr(input, TCSAFLUSH, &raw)
        put("\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[2J")
    }

    private func put(_ text: String) { TerminalSession.put(text, to: output) }

    private static func put(_ text: String, to descriptor: Int32) {
        let sink = ByteSink(descriptor: descriptor)
        sink.write(text)
        try? sink.finish()
    }

    private static func restoreScreen() {
        guard var borrowed = borrowed.withLock({ $0 }) else { return }
        put("\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l", to: borrowed.output)
        unsafe tcsetattr(borrowed.input, TCSAFLUSH, &borrowed.settings)
    }

    private static func giveBack() {
        restoreScreen()
        borrowed.withLock { $0 = nil }
    }

    /// Registered once: gives back what a session still holds when the process exits.
    private static let atExit: Void = { _ = atexit { TerminalSession.giveBack() } }()
}
