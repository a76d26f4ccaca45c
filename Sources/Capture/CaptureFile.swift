// SPDX-License-Identifier: Apache-2.0

import Glibc
public import Packets

/// A capture file, read a batch of frames at a time: pcap or pcapng, plain or compressed by
/// gzip, from a path or from standard input.
///
/// Holds about 800 KiB however long the file (gzip: 300 KiB more). Files of short records are
/// mapped instead of read. Not for use from several
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
    /// In place of the window, where the file is mapped.
    private var mapped: MappedFile?
    /// Whether a mapping might still pay: the file is one, and none has failed.
    private var canMap: Bool
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
        canMap = isRegular
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
            let bytes = unsafe mapped?.bytes ?? window.bytes
            let span = unsafe Span(_unsafeElements: bytes)
            let consumed = try readRecords(span)
            try checkMapping()
            if !records.isEmpty {
                defer { consume(consumed) }
                try batch(span, records.span)
                return true
            }
            consume(consumed)
            if consumed > 0 { continue }
            if isAtEnd {
                isStopped = true
            } else {
                try fill()
            }
        }
        return false
    }

    private mutating func consume(_ count: Int) {
        if mapped != nil { mapped?.consume(count) } else { window.consume(count) }
    }

    /// Ends reading if what was taken for records may be zeros in place of a part of the file.
    private mutating func checkMapping() throws(CaptureFileError) {
        guard mapped?.isBroken == true else { return }
        isStopped = true
        throw CaptureFileError(path: path, problem: .system(EIO))
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
        if canMap, isWorthMapping { beginMapping() }
        if mapped != nil, advanceMapping() { return }
        // A little first: what is learnt of it decides how to go on, and memory that is not
        // written is not taken.
        let step = reader.position == 0 ? CaptureFile.firstStep : ByteWindow.step
        let count = try CaptureFile.read(descriptor, path, atMost: step, into: &window)
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

    /// How much is read at first: more than `framesToTell` short records.
    private static let firstStep = 128 * 1024
    /// Records that show what the others will be.
    private static let framesToTell: UInt64 = 256

    /// Octets of a record, header included, up to which a mapping is faster than reading.
    private static let shortRecord: UInt64 = 256

    /// Whether the records so far were short, and so many that the others will be.
    private var isWorthMapping: Bool {
        mapped == nil && tally.frames >= CaptureFile.framesToTell
            && reader.position < tally.frames * CaptureFile.shortRecord
    }

    /// Goes on with a mapping where the window ends.
    private mutating func beginMapping() {
        canMap = false
        let position = lseek(descriptor, 0, SEEK_CUR) - window.count
        guard position >= 0 else { return }
        mapped = MappedFile(descriptor: descriptor, position: position)
        readBytes -= UInt64(window.count)
        // What it holds is read once more, from the mapping.
        window.consume(window.count)
    }

    /// Maps more; or, where the file has no more, goes on by reading, which finds the end as it
    /// does of every file, one that grows meanwhile included.
    private mutating func advanceMapping() -> Bool {
        let more = mapped?.advance() ?? 0
        readBytes += UInt64(more)
        if more > 0 { return true }
        readBytes -= UInt64(mapped?.count ?? 0)
        if let position = mapped?.position { lseek(descriptor, position, SEEK_SET) }
        mapped = nil
        return false
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
                    try CaptureFile.read(
                        descriptor, path, atMost: ByteWindow.step, into: &input)
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
        _ descriptor: Int32, _ path: String, atMost step: Int, into window: inout ByteWindow
    ) throws(CaptureFileError) -> Int {
        try unsafe window.fill(atMost: step) { (room) throws(CaptureFileError) -> Int in
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
