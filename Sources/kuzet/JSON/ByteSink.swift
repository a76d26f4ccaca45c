// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where answers are written: a file descriptor behind a buffer, or memory.
///
/// The buffer is the only store, so that an answer of any length takes the same memory. The first
/// failed write is remembered and what follows is dropped; `finish()` throws it, once, at the end:
/// a caller that writes a million small pieces has one place to look.
final class ByteSink {
    /// Bytes held back before a write: large enough that system calls cost nothing, chosen.
    static let bufferLimit = 64 * 1024

    private var buffer: [UInt8] = []
    private let descriptor: Int32?
    private var failure: SinkFault?

    /// Makes a sink that writes to `descriptor`, which stays the caller's to close.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        buffer.reserveCapacity(ByteSink.bufferLimit + 4096)
    }

    /// Makes a sink that keeps everything; see `text`.
    init() {
        descriptor = nil
    }

    /// What was written and not yet handed to the descriptor, as UTF-8.
    var text: String { String(decoding: buffer, as: UTF8.self) }

    /// Bytes held now.
    var held: Int { buffer.count }

    /// Whether a write has failed: whoever makes the output may stop early.
    var hasFailed: Bool { failure != nil }

    /// Appends the UTF-8 of `text`.
    func write(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        flushIfFull()
    }

    /// Appends octets.
    func write(octets: [UInt8]) {
        buffer.append(contentsOf: octets)
        flushIfFull()
    }

    /// Appends one byte.
    func write(byte: UInt8) {
        buffer.append(byte)
        flushIfFull()
    }

    /// Hands everything to the descriptor, or throws the first failure of the sink's life.
    func finish() throws(SinkFault) {
        flush()
        if let failure { throw failure }
    }

    private func flushIfFull() {
        if descriptor != nil, buffer.count >= ByteSink.bufferLimit { flush() }
    }

    /// Writes out what waits.
    func flush() {
        guard let descriptor else { return }
        var start = 0
        while start < buffer.count, failure == nil {
            let written = unsafe buffer[start...].withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if written >= 0 {
                start += written
            } else if errno == EAGAIN {
                // A terminal that somebody else has set to not block: wait until it takes more.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&ready, 1, -1)
            } else if errno != EINTR {
                failure = SinkFault(errorNumber: errno)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Why output could not be written.
struct SinkFault: Error, Equatable, CustomStringConvertible {
    /// The system's `errno`.
    var errorNumber: Int32

    /// Whether the reader simply went away, as `head` does.
    var isReaderGone: Bool { errorNumber == EPIPE }

    var description: String {
        let reason = unsafe strerror(errorNumber).map { unsafe String(cString: $0) }
        return "cannot write the output: \(reason ?? "error \(errorNumber)")"
    }
}
