// SPDX-License-Identifier: Apache-2.0

import Glibc
public import Packets

/// A capture file, read a batch of frames at a time: pcap or pcapng, plain or compressed by
/// gzip, from a path or from standard input.
///
/// Holds about 800 KiB however long the file (gzip: 300 KiB more). Not for use from several
/// threads at once; reading blocks.
public struct CaptureFile: ~Copyable {
    /// How far reading has come.
    public struct Progress: Hashable, Sendable {
        /// Bytes of the file taken so far, compressed if it is.
        public var consumed: UInt64
        /// The length of the file, or nil if it has none, as a pipe.
        public var total: UInt64?
    }

    /// The file as it was named.
    public let path: String
    private let descriptor: Int32
    private let total: UInt64?
    private var readBytes: UInt64 = 0
    private var reader: CaptureReader
    private var records: [CapturedRecord] = []
    private var window = ByteWindow(longest: CaptureReader.longestRecord)
    private var inflater: Inflater?
    private var isAtEnd = false
    private var isStopped = false
    /// Whether compressed data ended before its end.
    private var isCompressedCut = false

    /// Opens a file; `-` is standard input.
    ///
    /// - Parameter salvage: Whether to search for the next sound record after damage, instead
    ///   of stopping there with an error.
    /// - Throws: `CaptureFileError` if there is none, it is a directory, or may not be read.
    ///   Its bytes are looked at by the first `read`.
    public init(path: String, salvage: Bool = false) throws(CaptureFileError) {
        let descriptor = path == "-" ? dup(0) : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CaptureFileError(path: path, problem: CaptureFile.problem(errno))
        }
        var status = stat()
        let isKnown = unsafe fstat(descriptor, &status) == 0
        guard isKnown, status.st_mode & S_IFMT != S_IFDIR else {
            let problem: CaptureFileError.Problem = isKnown ? .isDirectory : .system(errno)
            close(descriptor)
            throw CaptureFileError(path: path, problem: problem)
        }
        let isRegular = status.st_mode & S_IFMT == S_IFREG
        if isRegular { posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
        self.path = path
        self.descriptor = descriptor
        total = isRegular ? UInt64(clamping: status.st_size) : nil
        reader = CaptureReader(salvage: salvage)
        records.reserveCapacity(CaptureReader.batchLimit)
    }

    deinit {
        close(descriptor)
    }

    /// The format, once a batch was read.
    public var format: CaptureReader.Format? { reader.format }

    /// What was met so far, troubles that did not stop reading included.
    public var tally: CaptureTally { reader.tally }

    /// Whether the file ended too early or damage was skipped.
    public var isPartial: Bool { isCompressedCut || reader.tally.isPartial }

    /// How far reading has come.
    public var progress: Progress { Progress(consumed: readBytes, total: total) }

    /// Gives the next frames to `batch`: at least one, at most `CaptureReader.batchLimit`.
    ///
    /// The first argument is a window of bytes, the second the frames, whose `bytes` are
    /// places in that window. Both are valid during the call only.
    ///
    /// - Returns: False at the end of the file; `batch` was not called then.
    /// - Throws: `CaptureFileError`, after all frames before the trouble were given; or what
    ///   `batch` throws.
    public mutating func read(
        _ batch: (_ window: Span<UInt8>, _ frames: Span<CapturedRecord>) throws -> Void
    ) throws -> Bool {
        while !isStopped {
            let bytes = unsafe window.bytes
            let span = unsafe Span(_unsafeElements: bytes)
            let consumed = try readRecords(span)
            if !records.isEmpty {
                defer { window.consume(consumed) }
                try batch(span, records.span)
                return true
            }
            window.consume(consumed)
            if consumed > 0 { continue }
            if isAtEnd {
                isStopped = true
            } else {
                try fill()
            }
        }
        return false
    }

    private mutating func readRecords(_ span: Span<UInt8>) throws(CaptureFileError) -> Int {
        // What a file begins with decides everything: have enough of it first.
        if !isAtEnd, reader.format == nil, span.count < 24 { return 0 }
        do {
            return try reader.read(span, isLast: isAtEnd, into: &records)
        } catch {
            isStopped = true
            throw CaptureFileError(path: path, problem: .fault(error))
        }
    }

    /// Appends to the window, or finds that there is nothing more.
    private mutating func fill() throws(CaptureFileError) {
        if inflater != nil { return try fillByInflating() }
        let count = try CaptureFile.read(descriptor, path, into: &window)
        readBytes += UInt64(count)
        if count == 0 { isAtEnd = true }
        guard reader.format == nil, window.count >= 2 else { return }
        let bytes = unsafe window.bytes
        guard unsafe bytes[0] == 0x1f, unsafe bytes[1] == 0x8b else { return }
        // What was taken for the capture is compressed: put it before an inflater.
        var empty = ByteWindow(longest: CaptureReader.longestRecord)
        swap(&empty, &window)
        inflater = Inflater(empty)
    }

    private mutating func fillByInflating() throws(CaptureFileError) {
        let (descriptor, path) = (descriptor, path)
        while true {
            switch inflater?.inflate(into: &window) {
            case .made: return
            case .damaged, nil:
                isStopped = true
                throw CaptureFileError(path: path, problem: .gzip(byte: readBytes))
            case .needsMore:
                let count = try inflater?.feed { (input) throws(CaptureFileError) in
                    try CaptureFile.read(descriptor, path, into: &input)
                }
                readBytes += UInt64(count ?? 0)
                guard count == 0 else { continue }
                isAtEnd = true
                isCompressedCut = inflater?.isBetweenMembers == false
                return
            }
        }
    }

    private static func read(
        _ descriptor: Int32, _ path: String, into window: inout ByteWindow
    ) throws(CaptureFileError) -> Int {
        try unsafe window.fill { (room) throws(CaptureFileError) -> Int in
            while true {
                let count = unsafe Glibc.read(descriptor, room.baseAddress, room.count)
                if count >= 0 { return count }
                if errno != EINTR {
                    throw CaptureFileError(path: path, problem: problem(errno))
                }
            }
        }
    }

    private static func problem(_ number: Int32) -> CaptureFileError.Problem {
        switch number {
        case ENOENT, ENOTDIR: .notFound
        case EACCES, EPERM: .notPermitted
        case EISDIR: .isDirectory
        default: .system(number)
        }
    }
}
