// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc
import Simulation

/// `kuzet simulate pcap`: a synthetic capture, and the truth about it.
struct SimulatePcap: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pcap",
        abstract: "Writes a synthetic capture of many cameras.",
        discussion: """
            The same options and the same seed give the same bytes. Streams of h264, mjpeg and \
            mpeg4 can be decoded; those of h265 have true parameter sets and slices of noise.
            """)

    @Argument(help: "The capture file to write; - for standard output.")
    var output: String

    @Option(help: "Number of cameras.")
    var cameras = 1

    @Option(help: "Stop after this many packets.")
    var packets: UInt64?

    @Option(
        help: "Stop after this time; 10s if --packets is not given.",
        transform: DurationArgument.parse)
    var duration: DurationArgument?

    @Option(help: "Bit rate of a camera.", transform: BitRateArgument.parse)
    var bitrate = BitRateArgument(bitsPerSecond: 5_000_000)

    @Option(help: "Frames a second.", transform: FrameRateArgument.parse)
    var fps = FrameRateArgument(millihertz: 25_000)

    @Option(help: "Picture size.", transform: PictureSizeArgument.parse)
    var size = PictureSizeArgument(width: 1920, height: 1080)

    @Option(help: "Codec; may be given several times, the cameras take turns. (default: h264)")
    var codec: [VideoCodec] = []

    @Option(help: "Share of packets lost on the way.", transform: PercentArgument.parse)
    var loss = PercentArgument(ratio: 0)

    @Flag(help: "Lose packets in runs, five on average.")
    var burstLoss = false

    @Option(help: "Share of packets that arrive twice.", transform: PercentArgument.parse)
    var duplicate = PercentArgument(ratio: 0)

    @Option(help: "Share of packets that are overtaken.", transform: PercentArgument.parse)
    var reorder = PercentArgument(ratio: 0)

    @Option(help: "By how many packets they are overtaken.")
    var reorderDepth = 3

    @Option(help: "Share of cameras in a VLAN.", transform: PercentArgument.parse)
    var vlanShare = PercentArgument(ratio: 0)

    @Option(help: "Share of cameras behind two VLAN tags.", transform: PercentArgument.parse)
    var qinqShare = PercentArgument(ratio: 0)

    @Option(help: "Share of cameras on IPv6.", transform: PercentArgument.parse)
    var ipv6Share = PercentArgument(ratio: 0)

    @Option(
        help: "How far camera clocks are ahead; negative if behind.",
        transform: DurationArgument.parse)
    var clockOffset = DurationArgument(nanoseconds: 0)

    @Option(help: "Share of cameras whose clock is off.", transform: PercentArgument.parse)
    var clockOffsetShare = PercentArgument(ratio: 1)

    @Option(help: "Time between RTCP sender reports, or off. (default: 5s)")
    var senderReports: String = "5s"

    @Option(help: "How the streams are opened: rtsp or none.")
    var signalling = Signalling.none

    @Option(help: "Octets kept of each packet.")
    var snaplen = 65_535

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Option(help: "File format.")
    var format = CaptureFile.Format.pcap

    @Flag(help: "Keep times in nanoseconds instead of microseconds.")
    var nanoseconds = false

    @Option(help: "Where to write the truth about each stream, as JSON.")
    var truth: String?

    enum Signalling: String, ExpressibleByArgument, CaseIterable {
        case rtsp, none
    }

    func validate() throws {
        guard (1...100_000).contains(cameras) else {
            throw ValidationError("--cameras: found \(cameras); expected 1 to 100000")
        }
        guard (64...262_144).contains(snaplen) else {
            throw ValidationError("--snaplen: found \(snaplen); expected 64 to 262144")
        }
        guard (1...1000).contains(reorderDepth) else {
            throw ValidationError("--reorder-depth: found \(reorderDepth); expected 1 to 1000")
        }
        guard packets == nil || duration == nil else {
            throw ValidationError("found --packets and --duration; expected one of them")
        }
        guard loss.ratio <= 0.9 else {
            throw ValidationError("--loss: found \(loss.ratio); expected at most 90%")
        }
        if let duration, !(1...1_000_000_000_000_000).contains(duration.nanoseconds) {
            throw ValidationError("--duration: expected more than nothing and at most 11 days")
        }
        _ = try options()
    }

    func run() throws {
        let layout = CaptureFile(
            format: format, keepsNanoseconds: nanoseconds, snapLength: snaplen)
        var capture = SyntheticCapture(try options())
        var sink = try FileSink(path: output)
        layout.appendHeader(to: &sink.pending)
        while true {
            let start = layout.beginRecord(in: &sink.pending)
            guard let record = capture.next(into: &sink.pending) else {
                layout.cancelRecord(at: start, in: &sink.pending)
                break
            }
            layout.finishRecord(
                at: start, time: record.time, originalLength: record.originalLength,
                in: &sink.pending)
            try sink.flushIfFull()
        }
        try sink.flush()
        if let truth {
            var file = try FileSink(path: truth)
            file.pending += Array(capture.truthJSON.utf8)
            try file.flush()
        }
    }

    private func options() throws -> SyntheticCapture.Options {
        var options = SyntheticCapture.Options()
        options.cameras = cameras
        options.extent =
            packets.map { .records($0) }
            ?? .nanoseconds(duration?.nanoseconds ?? 10_000_000_000)
        options.formats = try (codec.isEmpty ? [.h264] : codec).map {
            try videoFormat($0, size: size, rate: fps, bits: bitrate)
        }
        options.lossRatio = loss.ratio
        options.losesInBursts = burstLoss
        options.duplicateRatio = duplicate.ratio
        options.reorderRatio = reorder.ratio
        options.reorderDepth = reorderDepth
        options.vlanShare = vlanShare.ratio
        options.qinqShare = qinqShare.ratio
        options.ipv6Share = ipv6Share.ratio
        options.clockOffsetNanoseconds = clockOffset.nanoseconds
        options.clockOffsetShare = clockOffsetShare.ratio
        if senderReports == "off" {
            options.senderReportNanoseconds = nil
        } else {
            guard let interval = DurationArgument(argument: senderReports),
                interval.nanoseconds >= 100_000_000
            else {
                throw ValidationError(
                    "--sender-reports: found \"\(senderReports)\";"
                        + " expected a duration of 100ms or more, or off")
            }
            options.senderReportNanoseconds = interval.nanoseconds
        }
        options.hasSignalling = signalling == .rtsp
        options.snapLength = snaplen
        options.seed = seed
        return options
    }
}

/// A file that is written in large pieces.
struct FileSink: ~Copyable {
    /// What is to be written next.
    var pending: [UInt8] = []
    private let descriptor: Int32
    private let path: String

    /// Octets gathered before the system is called: large enough that calls do not matter.
    private static let pieceSize = 4 << 20

    /// Opens (and empties) the file; `-` is standard output.
    init(path: String) throws {
        self.path = path
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        descriptor = path == "-" ? 1 : unsafe open(path, flags, 0o644)
        guard descriptor >= 0 else { throw FileSinkFailure(path: path, code: errno) }
        pending.reserveCapacity(FileSink.pieceSize + (1 << 18))
    }

    deinit {
        if descriptor > 1 { _ = close(descriptor) }
    }

    mutating func flushIfFull() throws {
        if pending.count >= FileSink.pieceSize { try flush() }
    }

    mutating func flush() throws {
        var written = 0
        while written < pending.count {
            let count = unsafe pending.withUnsafeBytes { bytes in
                unsafe write(
                    descriptor, bytes.baseAddress?.advanced(by: written),
                    bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileSinkFailure(path: path, code: errno) }
            written += count
        }
        pending.removeAll(keepingCapacity: true)
    }
}

/// A file could not be written.
struct FileSinkFailure: Error, CustomStringConvertible {
    var path: String
    var code: Int32

    var description: String {
        unsafe "\(path): cannot be written: \(String(cString: strerror(code)))"
    }
}
