// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The socket at which a running node is asked: one line of request, the answer, the end.
///
/// Who may open the socket's file may ask: mode 0660, so that a group can be let in. Everything is
/// bounded: callers at once, octets of a request, and how long one may take over it.
final class ControlServer {
    /// Callers at once; others wait in the kernel.
    private static let mostCallers = 16
    /// Octets of a request.
    private static let longestRequest = 256
    /// How long a caller may take, ns.
    private static let patience: Int64 = 5_000_000_000

    private struct Caller {
        var descriptor: Int32
        var request: [UInt8] = []
        var answer: [UInt8] = []
        var sent = 0
        var isAnswered = false
        var until: Int64
    }

    private let path: String
    private let listener: Int32
    private var callers: [Caller] = []

    /// Opens the socket; one left by a node that was killed is taken over.
    init(path: String) throws {
        self.path = path
        guard var address = UnixAddress(path: path) else {
            throw Refusal("\(path): too long a path for a socket (at most 107 octets)")
        }
        if ControlClient.isAnswered(at: path) {
            throw Refusal("\(path): another node answers there")
        }
        unsafe unlink(path)
        listener = socket(
            AF_UNIX,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        let mask = umask(0o117)
        let result = unsafe address.withPointer { address, length in
            unsafe bind(listener, address, length)
        }
        umask(mask)
        guard listener >= 0, result == 0, listen(listener, 16) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            Glibc.close(listener)
            throw Refusal("\(path): the node's socket cannot be opened: \(reason)")
        }
    }

    /// Serves callers for a while; `answer` is asked for each whole request.
    func serve(waitingMilliseconds: Int32, _ answer: (String) -> String) {
        var watched = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        for caller in callers {
            let wish = caller.isAnswered ? POLLOUT : POLLIN
            watched.append(pollfd(fd: caller.descriptor, events: Int16(wish), revents: 0))
        }
        guard unsafe poll(&watched, nfds_t(watched.count), waitingMilliseconds) > 0 else {
            forgetLate()
            return
        }
        for index in callers.indices where watched[index + 1].revents != 0 {
            if callers[index].isAnswered { send(index) } else { receive(index, answer) }
        }
        callers.removeAll { $0.descriptor < 0 }
        if watched[0].revents != 0 { admit() }
        forgetLate()
    }

    private func admit() {
        while callers.count < ControlServer.mostCallers {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            callers.append(
                Caller(
                    descriptor: descriptor, until: MonotonicClock.now + ControlServer.patience))
        }
    }

    private func receive(_ index: Int, _ answer: (String) -> String) {
        var buffer = [UInt8](repeating: 0, count: ControlServer.longestRequest)
        let count = unsafe recv(callers[index].descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return end(index) }
        callers[index].request += buffer[..<count]
        let request = callers[index].request
        guard let line = request.firstIndex(of: UInt8(ascii: "\n")) else {
            if request.count >= ControlServer.longestRequest { end(index) }
            return
        }
        callers[index].answer = Array(
            answer(String(decoding: request[..<line], as: UTF8.self)).utf8)
        callers[index].isAnswered = true
        callers[index].until = MonotonicClock.now + ControlServer.patience
        send(index)
    }

    private func send(_ index: Int) {
        while callers[index].sent < callers[index].answer.count {
            let rest = callers[index].answer[callers[index].sent...]
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(
                    callers[index].descriptor, $0.baseAddress, $0.count,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                if errno == EAGAIN { return }
                break
            }
            callers[index].sent += count
        }
        end(index)
    }

    private func end(_ index: Int) {
        Glibc.close(callers[index].descriptor)
        callers[index].descriptor = -1
    }

    private func forgetLate() {
        let now = MonotonicClock.now
        for index in callers.indices where callers[index].until <= now { end(index) }
        callers.removeAll { $0.descriptor < 0 }
    }

    /// Closes the socket and takes its file away.
    func close() {
        for index in callers.indices { end(index) }
        callers = []
        Glibc.close(listener)
        unsafe unlink(path)
    }
}

/// The other end: asks a running node.
enum ControlClient {
    /// Octets of an answer: 300,000 cameras of 400 octets, and room.
    private static let longestAnswer = 256 << 20

    /// Asks; nil with the reason if nobody answers.
    static func ask(_ request: String, at path: String) -> (answer: String?, fault: String) {
        guard let descriptor = connect(to: path) else {
            let reason = unsafe String(cString: strerror(errno))
            return (nil, "\(path): no node answers there: \(reason)")
        }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let line = Array((request + "\n").utf8)
        guard unsafe send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) == line.count else {
            return (nil, "\(path): the node does not listen")
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while answer.count < longestAnswer {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { return (String(decoding: answer, as: UTF8.self), "") }
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return (nil, "\(path): the node does not answer in time")
    }

    /// Whether somebody listens there.
    static func isAnswered(at path: String) -> Bool {
        guard let descriptor = connect(to: path) else { return false }
        close(descriptor)
        return true
    }

    private static func connect(to path: String) -> Int32? {
        guard var address = UnixAddress(path: path) else { return nil }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let result = unsafe address.withPointer { unsafe Glibc.connect(descriptor, $0, $1) }
        guard result == 0 else {
            let number = errno
            close(descriptor)
            errno = number
            return nil
        }
        return descriptor
    }
}
