// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Synchronization

/// The program that makes a PDF of the page (Debian package `weasyprint`).
///
/// It is another's program, run on a page that holds texts of others: it gets no proxy and no
/// environment but what it needs, a time, and an end to what it may write and say. Whoever asked
/// waits for its end, and with it all that it started is ended.
struct WeasyPrint {
    /// What is run: a name that is searched for in `PATH`, or a path.
    var program = "weasyprint"
    /// How long it may take, seconds: the largest page takes about half a minute here (chosen).
    var patience = 600
    /// Octets of a PDF at most: ours have one or two millions (chosen).
    var largestPDF = 256 << 20
    /// Octets of its messages that are read before it is ended, and characters that are shown.
    var messageLimits = (read: 1 << 20, shown: 300)

    /// Makes `pdf` from `html`.
    ///
    /// `epoch`, in seconds, dates the file, so that a second run may give the same one. Throws if
    /// the program is not there, fails, takes too long or writes or says too much; what it wrote
    /// until then is the caller's to remove.
    func run(html: String, pdf: String, epoch: Int64) throws(ReportFault) {
        let ears = try Pipe()
        let child: pid_t
        do throws(ReportFault) {
            child = try start([program, "--quiet", html, pdf], epoch: epoch, messages: ears.inlet)
        } catch {
            close(ears.inlet)
            close(ears.outlet)
            throw error
        }
        close(ears.inlet)
        let ending = Ending(of: child, messages: ears.outlet, limit: messageLimits.read)
        let (status, messages, isLate) = ending.wait(seconds: patience)
        guard !isLate else {
            throw ReportFault("\(program) took longer than \(patience) s and was ended")
        }
        guard messages.count <= messageLimits.read else {
            throw ReportFault(
                "\(program) said more than \(messageLimits.read) octets and was ended")
        }
        let isEnded = status & 0x7f == 0
        let code = isEnded ? (status >> 8) & 0xff : status & 0x7f
        // A shell's or loader's way of saying that there is no such program.
        guard !isEnded || code != 127 else { throw missing }
        guard isEnded, code == 0 else {
            let how = isEnded ? "ended with status \(code)" : "was ended by signal \(code)"
            throw ReportFault("\(program) \(how)\(told(messages)); there is no PDF")
        }
        guard ReportFiles.exists(pdf) else {
            throw ReportFault("\(program) ended well but wrote no PDF\(told(messages))")
        }
        let size = ReportFiles.size(pdf)
        guard size > 0, size <= largestPDF else {
            throw ReportFault(
                "\(program): the PDF has \(size) octets (expected 1 to \(largestPDF))")
        }
    }

    private var missing: ReportFault {
        ReportFault(
            "no PDF without the program \(program); install the Debian package weasyprint, or "
                + "leave pdf out of --format")
    }

    /// What it said, as one line that nobody's terminal minds.
    private func told(_ messages: [UInt8]) -> String {
        let line = String(decoding: messages, as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !line.isEmpty else { return "" }
        let shown = String(line.prefix(messageLimits.shown))
        return ": " + PrintableText.shown(shown, ascii: false)
    }

    private func start(
        _ arguments: [String], epoch: Int64, messages: Int32
    ) throws(ReportFault) -> pid_t {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? "/tmp"
        let environment = [
            "PATH=\(path)", "HOME=\(home)", "LANG=C.UTF-8", "SOURCE_DATE_EPOCH=\(epoch)",
            // Whatever would be asked for goes to a port that nobody serves.
            "http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9",
        ]
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, messages, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // A group of its own, so that what it starts can be ended with it.
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        var child: pid_t = 0
        let status = unsafe withStrings(arguments) { arguments in
            unsafe withStrings(environment) { environment in
                unsafe posix_spawnp(
                    &child, program, &actions, &attributes, arguments, environment)
            }
        }
        guard status != ENOENT else { throw missing }
        guard status == 0 else {
            let reason = unsafe strerror(status).map { unsafe String(cString: $0) } ?? "\(status)"
            throw ReportFault("\(program) cannot be started: \(reason)")
        }
        return child
    }

    private func withStrings<Result>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { pointer in unsafe free(pointer) } }
        return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            // An array with the final nil is never empty.
            unsafe body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }

    /// Two ends of a pipe that no other child inherits.
    private struct Pipe {
        let outlet: Int32
        let inlet: Int32

        init() throws(ReportFault) {
            var ends: [Int32] = [-1, -1]
            guard unsafe pipe(&ends) == 0 else { throw ReportFiles.fault("cannot make", "a pipe") }
            // Nothing else is started meanwhile that could inherit them.
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (outlet, inlet) = (ends[0], ends[1])
        }
    }
}

/// Waits for the end of a program and of what it says, each in a thread that sleeps until then.
private final class Ending: Sendable {
    private let child: pid_t
    private let status = Mutex<Int32>(0)
    private let messages = Mutex<[UInt8]>([])
    private let hasEnded = DispatchSemaphore(value: 0)
    private let hasSaidAll = DispatchSemaphore(value: 0)

    /// Ends the program once it has said more than `limit` octets; closes `messages`.
    init(of child: pid_t, messages outlet: Int32, limit: Int) {
        self.child = child
        DispatchQueue.global().async { self.listen(outlet, limit) }
        DispatchQueue.global().async { self.waitForEnd() }
    }

    /// Its status, what it said, and whether it had to be ended for taking too long.
    func wait(seconds: Int) -> (status: Int32, messages: [UInt8], isLate: Bool) {
        let isLate = hasEnded.wait(timeout: .now() + .seconds(seconds)) == .timedOut
        // What it started and left behind goes with it, and with that the last of the pipe.
        kill(-child, SIGKILL)
        if isLate { hasEnded.wait() }
        hasSaidAll.wait()
        return (status.withLock { $0 }, messages.withLock { $0 }, isLate)
    }

    private func waitForEnd() {
        var found: Int32 = 0
        while unsafe waitpid(child, &found, 0) < 0, errno == EINTR {}
        let status = found
        self.status.withLock { $0 = status }
        hasEnded.signal()
    }

    private func listen(_ outlet: Int32, _ limit: Int) {
        var block = [UInt8](repeating: 0, count: 4096)
        var heard: [UInt8] = []
        while true {
            let count = unsafe read(outlet, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            if heard.count <= limit { heard += block.prefix(count) }
            if heard.count > limit { kill(-child, SIGKILL) }
        }
        close(outlet)
        let all = heard
        messages.withLock { $0 = all }
        hasSaidAll.signal()
    }
}
