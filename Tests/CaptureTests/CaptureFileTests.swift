// SPDX-License-Identifier: Apache-2.0

import CZlib
import Capture
import Glibc
import Packets
import Testing

/// A file in a place of its own that goes when the test ends.
private final class TemporaryFile {
    let path: String

    init(_ bytes: [UInt8], mode: mode_t = 0o600) throws {
        var template = Array("/tmp/kuzet-capture-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        try #require(descriptor >= 0)
        let end = template.firstIndex(of: 0) ?? template.endIndex
        path = String(
            decoding: template[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            try #require(count > 0)
            offset += count
        }
        fchmod(descriptor, mode)
        close(descriptor)
    }

    func append(_ bytes: ArraySlice<UInt8>) throws {
        let descriptor = unsafe open(path, O_WRONLY | O_APPEND)
        try #require(descriptor >= 0)
        let count = unsafe bytes.withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress, $0.count)
        }
        close(descriptor)
        try #require(count == bytes.count)
    }

    deinit {
        unsafe unlink(path)
    }
}

/// One member of gzip.
private func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    var output = [UInt8](repeating: 0, count: bytes.count + 1_000)
    let count = output.count
    unsafe deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, zlibVersion(),
        Int32(MemoryLayout<z_stream>.size))
    var input = bytes
    let made = unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { target in
            unsafe stream.next_in = source.baseAddress
            unsafe stream.avail_in = UInt32(source.count)
            unsafe stream.next_out = target.baseAddress
            unsafe stream.avail_out = UInt32(target.count)
            unsafe deflate(&stream, Z_FINISH)
            return unsafe count - Int(stream.avail_out)
        }
    }
    unsafe deflateEnd(&stream)
    return [UInt8](output[..<made])
}

@Suite struct CaptureFileTests {
    private static func little(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// A pcap file of `count` frames; frame n holds n in its first four bytes.
    private static func pcap(_ count: Int, length: Int = 60) -> [UInt8] {
        var bytes: [UInt8] = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0] + little(0) + little(0)
        bytes += little(65_535) + little(1)
        for number in 1...count {
            bytes += little(number) + little(0) + little(length) + little(1_500)
            bytes += little(number) + [UInt8](repeating: 0xaa, count: length - 4)
        }
        return bytes
    }

    /// The numbers in the frames, in the order they were given.
    private static func numbers(_ file: inout CaptureFile) throws -> [Int] {
        var numbers: [Int] = []
        while try file.read({ window, frames in
            #expect(frames.count > 0 && frames.count <= CaptureReader.batchLimit)
            for index in frames.indices {
                let bytes = window.extracting(frames[index].bytes)
                numbers.append(
                    (0..<min(4, bytes.count)).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) })
            }
        }) {}
        return numbers
    }

    private static func error(_ path: String, salvage: Bool = false) -> String? {
        do {
            var file = try CaptureFile(path: path, salvage: salvage)
            _ = try numbers(&file)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `a file larger than any window is given whole and in order`() throws {
        let file = try TemporaryFile(Self.pcap(30_000, length: 123))
        var capture = try CaptureFile(path: file.path)
        #expect(try Self.numbers(&capture) == Array(1...30_000))
        let (format, isPartial) = (capture.format, capture.isPartial)
        #expect(format == .pcap && !isPartial)
        let length = UInt64(24 + 30_000 * 139)
        #expect(capture.progress.consumed == length && capture.progress.total == length)
        #expect(capture.tally.frames == 30_000)
    }

    @Test(arguments: [2_000, 20_000, 60_000])
    func `short records, which are mapped, are given whole and in order`(count: Int) throws {
        let file = try TemporaryFile(Self.pcap(count, length: 60))
        var capture = try CaptureFile(path: file.path)
        #expect(try Self.numbers(&capture) == Array(1...count))
        let (progress, isPartial) = (capture.progress, capture.isPartial)
        #expect(progress.consumed == progress.total)
        #expect(!isPartial)
    }

    @Test func `a file of short records that grows meanwhile is read to its new end`() throws {
        let bytes = Self.pcap(40_000, length: 60)
        let file = try TemporaryFile([UInt8](bytes[..<(bytes.count / 2 + 7)]))
        var capture = try CaptureFile(path: file.path)
        var count = 0
        var isWhole = false
        while try capture.read({ _, frames in count += frames.count }) {
            guard count > 10_000, !isWhole else { continue }
            isWhole = true
            try file.append(bytes[(bytes.count / 2 + 7)...])
        }
        let isPartial = capture.isPartial
        #expect(count == 40_000)
        #expect(!isPartial)
    }

    @Test func `a mapped file that is cut off meanwhile is an error and no crash`() throws {
        let file = try TemporaryFile(Self.pcap(60_000, length: 60))
        var capture = try CaptureFile(path: file.path)
        var count = 0
        #expect(throws: CaptureFileError.self) {
            while try capture.read({ _, frames in count += frames.count }) {
                if count > 10_000 { unsafe truncate(file.path, 4096) }
            }
        }
        #expect(count > 10_000 && count < 60_000)
        let goesOn = try capture.read { _, _ in }
        #expect(!goesOn)
    }

    @Test func `short and long records in one file are given in order`() throws {
        var bytes = Self.pcap(5_000, length: 60)
        bytes += Self.pcap(3_000, length: 1_400)[24...]
        let file = try TemporaryFile(bytes)
        var capture = try CaptureFile(path: file.path)
        #expect(try Self.numbers(&capture) == Array(1...5_000) + Array(1...3_000))
    }

    @Test func `frames of the greatest length are given`() throws {
        let length = CapturedRecord.longest
        var bytes = Self.pcap(5, length: length)
        bytes.replaceSubrange(16..<20, with: Self.little(0))
        for number in 0..<5 {
            let place = 24 + number * (length + 16) + 12
            bytes.replaceSubrange(place..<place + 4, with: Self.little(length))
        }
        let file = try TemporaryFile(bytes)
        var capture = try CaptureFile(path: file.path)
        #expect(try Self.numbers(&capture) == Array(1...5))
    }

    @Test func `a file may be compressed, in several members and filled with zeros`() throws {
        let whole = Self.pcap(20_000)
        let bytes =
            gzip([UInt8](whole[..<100_001])) + gzip([]) + gzip([UInt8](whole[100_001...]))
            + [UInt8](repeating: 0, count: 700)
        let file = try TemporaryFile(bytes)
        var capture = try CaptureFile(path: file.path)
        #expect(try Self.numbers(&capture) == Array(1...20_000))
        #expect(!capture.isPartial && capture.progress.consumed == UInt64(bytes.count))
    }

    @Test func `compressed data that ends early gives what there was`() throws {
        let bytes = gzip(Self.pcap(20_000))
        let file = try TemporaryFile([UInt8](bytes[..<(bytes.count / 2)]))
        var capture = try CaptureFile(path: file.path)
        let numbers = try Self.numbers(&capture)
        #expect(numbers.count > 5_000 && numbers == Array(1...numbers.count))
        #expect(capture.isPartial == true)
    }

    @Test func `damaged compressed data is named after what was sound`() throws {
        var bytes = gzip(Self.pcap(20_000))
        bytes[bytes.count - 6] ^= 1  // the checksum
        let file = try TemporaryFile(bytes)
        var capture = try CaptureFile(path: file.path)
        var count = 0
        #expect(throws: CaptureFileError.self) {
            while try capture.read({ _, frames in count += frames.count }) {}
        }
        #expect(count == 20_000)
        #expect(Self.error(file.path) == "\(file.path): gzip: damaged near byte \(bytes.count)")
    }

    @Test func `no damage of compressed data traps`() throws {
        let seed = gzip(Self.pcap(300))
        var state: UInt64 = 5
        for _ in 0..<300 {
            var bytes = seed
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] ^= UInt8(truncatingIfNeeded: state >> 20)
            }
            let file = try TemporaryFile(bytes)
            _ = Self.error(file.path, salvage: true)
        }
    }

    @Test func `a file cut in its last record is partial and no error`() throws {
        let bytes = Self.pcap(1_000)
        let file = try TemporaryFile([UInt8](bytes[..<(bytes.count - 5)]))
        var capture = try CaptureFile(path: file.path)
        #expect(try Self.numbers(&capture) == Array(1...999))
        #expect(capture.isPartial == true)
        #expect(
            capture.tally.notes.map(\.description)
                == ["frame 1000: truncated at byte 75948 (got 71 bytes; expected 76)"])
    }

    @Test func `damage is an error after the frames before it`() throws {
        var bytes = Self.pcap(1_000)
        let place = 24 + 600 * 76 + 8
        bytes.replaceSubrange(place..<place + 4, with: [0xff, 0xff, 0xff, 0xff])
        let file = try TemporaryFile(bytes)
        var capture = try CaptureFile(path: file.path)
        var count = 0
        #expect(throws: CaptureFileError.self) {
            while try capture.read({ _, frames in count += frames.count }) {}
        }
        #expect(count == 600)
        #expect(try capture.read { _, _ in Issue.record("there is nothing more") } == false)
        #expect(
            Self.error(file.path)
                == "\(file.path):frame 601 (byte 45624): pcap: captured length: over the limit "
                + "(got 4294967295; expected at most 65535)")
        var salvaged = try CaptureFile(path: file.path, salvage: true)
        #expect(try Self.numbers(&salvaged) == Array(1...600) + Array(602...1_000))
        #expect(salvaged.tally.skippedBytes == 76 && salvaged.isPartial)
    }

    @Test func `an error of the reader of frames passes through`() throws {
        struct Enough: Error {}
        let file = try TemporaryFile(Self.pcap(1_000))
        var capture = try CaptureFile(path: file.path)
        #expect(throws: Enough.self) { try capture.read { _, _ in throw Enough() } }
        #expect(try Self.numbers(&capture).first == 257)
    }

    // MARK: - What cannot be opened

    @Test(arguments: [0, 1, 23])
    func `a file without a whole header is named with its length`(length: Int) throws {
        let file = try TemporaryFile([UInt8](Self.pcap(1)[..<length]))
        #expect(
            Self.error(file.path)
                == "\(file.path):0: header: truncated (got \(length) bytes; expected 24)")
    }

    @Test func `what is no capture is named`() throws {
        let text = try TemporaryFile(Array("This is a text, and a longer one.".utf8))
        #expect(
            Self.error(text.path)
                == "\(text.path):0: format: not supported (got magic 54686973; "
                + "expected pcap or pcapng)")
        let twice = try TemporaryFile(gzip(gzip(Self.pcap(1))))
        #expect(Self.error(twice.path)?.contains("format: not supported") == true)
    }

    @Test func `a missing file, a directory and a forbidden file are told apart`() throws {
        #expect(Self.error("/nonexistent/x.pcap") == "/nonexistent/x.pcap: no such file")
        #expect(Self.error("/tmp")?.hasPrefix("/tmp: is a directory") == true)
        let secret = try TemporaryFile(Self.pcap(1), mode: 0)
        // Root may read everything.
        if getuid() != 0 {
            #expect(Self.error(secret.path) == "\(secret.path): permission denied")
        }
    }

    @Test func `a pipe that gives a few bytes at a time is read`() throws {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        let bytes = gzip(Self.pcap(300))
        let writer = ends[1]
        let thread = WriterThread(descriptor: writer, bytes: bytes)
        var capture = try CaptureFile(path: "/proc/self/fd/\(ends[0])")
        close(ends[0])
        try thread.start()
        #expect(try Self.numbers(&capture) == Array(1...300))
        let progress = capture.progress
        #expect(progress.consumed == UInt64(bytes.count) && progress.total == nil)
    }
}

/// Writes bytes one by one from a thread of its own, then closes.
private final class WriterThread: Sendable {
    private let descriptor: Int32
    private let bytes: [UInt8]

    init(descriptor: Int32, bytes: [UInt8]) {
        self.descriptor = descriptor
        self.bytes = bytes
    }

    func start() throws {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let result = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<WriterThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        try #require(result == 0)
        pthread_detach(thread)
    }

    private func run() {
        for byte in bytes {
            var byte = byte
            unsafe write(descriptor, &byte, 1)
        }
        close(descriptor)
    }
}
