// SPDX-License-Identifier: Apache-2.0

/// Where a document's bytes go: a buffer that is handed on whenever it is full.
///
/// So a document of any length takes the same memory. Faults are the receiver's to remember:
/// a renderer never fails.
public final class DocumentSink {
    /// Bytes held back before they are handed on: large enough that the calls cost nothing (chosen).
    public static let bufferLimit = 256 * 1024

    private var buffer: [UInt8] = []
    private let drain: ([UInt8]) -> Void
    /// Bytes written so far.
    public private(set) var count = 0

    /// Makes a sink that hands full buffers to `drain`.
    public init(drain: @escaping ([UInt8]) -> Void) {
        self.drain = drain
        buffer.reserveCapacity(DocumentSink.bufferLimit + 4096)
    }

    /// Appends the UTF-8 of `text`.
    public func write(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= DocumentSink.bufferLimit { flush() }
    }

    /// Appends one byte.
    func write(byte: UInt8) { buffer.append(byte) }

    /// Appends a whole number in decimal.
    func write(number: Int128) {
        if let small = Int64(exactly: number), small >= 0 {
            write(digits: UInt64(small))
        } else {
            write(String(number))
        }
    }

    /// Appends `number` in decimal, filled with zeros to `width`.
    func write(digits number: UInt64, width: Int = 1) {
        var divisor: UInt64 = 1
        var places = 1
        while number / divisor >= 10 || places < width {
            divisor *= 10
            places += 1
        }
        while divisor > 0 {
            buffer.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    /// Hands on what is held.
    public func flush() {
        count += buffer.count
        if !buffer.isEmpty { drain(buffer) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// What `body` writes, as text: for documents that are small.
    public static func text(_ body: (DocumentSink) -> Void) -> String {
        var bytes: [UInt8] = []
        let sink = DocumentSink { bytes += $0 }
        body(sink)
        sink.flush()
        return String(decoding: bytes, as: UTF8.self)
    }
}
