// SPDX-License-Identifier: Apache-2.0
import CMapping
import Capture
import Glibc
import Measurements
import Packets
import Streams
import Timekeeping

/// Does what `kuzet analyze` was asked to do and gives its exit status.
func analyze(_ options: AnalyzeOptions) throws -> Int32 {
    // Blocks of tables that grew go back to the system at once; by default the allocator begins
    // to keep such blocks when the first of them is freed.
    kuzet_return_large_blocks()
    let style = TerminalStyle.of(descriptor: STDOUT_FILENO, wantsColour: options.wantsColour)
    let answer = AnalysisAnswer(
        options, style: style, output: ByteSink(descriptor: STDOUT_FILENO),
        messages: ByteSink(descriptor: STDERR_FILENO))
    let analysis = Analysis(options, answer)
    switch options.origin {
    case .file(let path):
        kuzet_forget_program()
        return try analysis.analyze(file: path)
    case .interface(let name): return try LiveAnalysis(analysis, options, style).run(on: name)
    }
}

/// One analysis: the tracker, and what is written of it.
///
/// A class, because the tracker cannot be copied and those who ask it for reports must share it.
final class Analysis {
    var tracker: Tracker
    var answer: AnalysisAnswer
    var input: AnalysisInput
    private var histories: [StreamIdentity: [Measurement]] = [:]
    private var newestInterval: TimeRange?
    private let options: AnalyzeOptions
    private let started = MonotonicClock.now

    init(_ options: AnalyzeOptions, _ answer: AnalysisAnswer) {
        self.options = options
        self.answer = answer
        input = AnalysisInput(options.origin)
        var configuration = Tracker.Configuration()
        configuration.intervalNanoseconds = options.interval
        tracker = Tracker(configuration)
        if options.series {
            tracker.observeIntervals { [unowned self] _, report in self.write(report) }
        }
    }

    /// Keeps what streams did in their latest intervals, for a screen that shows the present.
    func keepLatestIntervals() {
        tracker.observeIntervals { [unowned self] index, report in
            self.keep(report)
            if self.options.series { self.write(report) }
        }
    }

    /// Intervals kept of each stream: what a line of a details view shows.
    private static let historyLimit = 60

    private func keep(_ report: StreamReport) {
        var kept = histories[report.identity] ?? []
        if kept.count == Analysis.historyLimit { kept.removeFirst() }
        kept.append(report.total)
        histories[report.identity] = kept
        newestInterval = report.total.range
    }

    /// The latest intervals of a stream, oldest first.
    func history(of identity: StreamIdentity) -> [Measurement] { histories[identity] ?? [] }

    /// A report with the figures of the interval closed last; those of the whole while no
    /// interval is closed, or the stream is younger.
    func recent(_ report: StreamReport) -> StreamReport {
        guard let newestInterval else { return report }
        var recent = report
        if let latest = histories[report.identity]?.last, latest.range == newestInterval {
            recent.total = latest
        } else if report.total.lastPacket.map({ $0 < newestInterval.start }) ?? true {
            recent.total = Measurement(range: newestInterval)
        }
        return recent
    }

    private func write(_ report: StreamReport) {
        answer.interval(
            IntervalReport(
                identity: report.identity, medium: report.medium, measurement: report.total,
                unknown: report.unknown))
    }

    /// Tells the longest IP packet that the interface takes: a longer one was several.
    func expect(packetsUpTo length: Int) {
        // An MTU below Ethernet's own bounds what is sent there, seldom what is received.
        tracker.longestPacket = max(length, Analysis.shortestLimit)
    }

    /// Ethernet's MTU.
    private static let shortestLimit = 1_500

    /// Takes a batch of captured frames.
    func receive(_ window: Span<UInt8>, _ frames: Span<CapturedRecord>) {
        tracker.receive(window: window, records: frames)
        guard frames.count > 0 else { return }
        if input.firstPacket == nil { input.firstPacket = frames[0].arrival }
        input.lastPacket = frames[frames.count - 1].arrival
        input.packets += UInt64(frames.count)
        var octets = 0
        var cut = 0
        for index in 0..<frames.count {
            octets &+= frames[index].originalLength
            cut &+= frames[index].capturedLength < frames[index].originalLength ? 1 : 0
        }
        input.bytes += UInt64(octets)
        input.cutPackets += UInt64(cut)
    }

    /// Reads a capture file to its end and answers.
    func analyze(file path: String) throws -> Int32 {
        var trouble: CaptureFileError?
        do {
            trouble = try read(path)
        } catch let error as CaptureFileError {
            return try answer.fail(error.description)
        }
        if let trouble, input.packets == 0 {
            return try answer.fail(trouble.description)
        }
        if let trouble { input.notes.append(trouble.description) }
        let status = try finish()
        return trouble == nil || options.check ? status : 2
    }

    /// Reads all frames; answers the trouble that ended reading early, if frames came before it.
    private func read(_ path: String) throws -> CaptureFileError? {
        var capture = try CaptureFile(path: path, salvage: options.salvage)
        var progress = ProgressLine(
            total: capture.progress.total,
            style: TerminalStyle.of(
                descriptor: STDERR_FILENO, wantsColour: options.wantsColour))
        let messages = ByteSink(descriptor: STDERR_FILENO)
        var trouble: CaptureFileError?
        do {
            while try capture.read({ receive($0, $1) }) {
                guard input.packets & 0xffff < 256 else { continue }
                if answer.isUnread { break }
                let line = progress.update(
                    done: capture.progress.consumed, packets: input.packets,
                    elapsed: MonotonicClock.now - started)
                if let line { show(line, on: messages) }
            }
        } catch let error as CaptureFileError {
            trouble = error
        }
        if let line = progress.end() { show(line, on: messages) }
        input.format = capture.format?.rawValue
        note(capture.tally, of: path, isPartial: capture.isPartial)
        return trouble
    }

    private func show(_ line: String, on sink: ByteSink) {
        sink.write(line)
        sink.flush()
    }

    private func note(_ tally: CaptureTally, of path: String, isPartial: Bool) {
        input.notes += tally.notes.map { "\(path):\($0)" }
        if tally.furtherNotes > 0 {
            let noun = tally.furtherNotes == 1 ? "note" : "notes"
            input.notes.append("\(path): \(tally.furtherNotes) further \(noun)")
        }
        if tally.backwards > 0 {
            input.notes.append(
                tally.backwards == 1
                    ? "\(path): 1 frame is stamped earlier than the frame before"
                    : "\(path): \(tally.backwards) frames are stamped earlier than the frame before"
            )
        }
        if isPartial, tally.notes.isEmpty {
            input.notes.append("\(path): the compressed data ends too early")
        }
        if !tally.drops.isZero {
            let drops = tally.drops
            input.notes.append(
                "\(path): the capturing program reports \(drops.operatingSystem) packets dropped"
                    + " by the kernel, \(drops.interface) by the interface,"
                    + " \(drops.betweenFrames) between frames")
            tracker.probeDropped(drops.operatingSystem + drops.interface + drops.betweenFrames)
        }
    }

    /// Settles everything and writes the answer.
    func finish() throws -> Int32 {
        tracker.finish()
        kuzet_forget_program()
        if TerminalStyle.of(descriptor: STDOUT_FILENO, wantsColour: false).isTerminal {
            input.elapsedNanoseconds = MonotonicClock.now - started
        }
        return try answer.finish(TrackedReports(self), input: input, faults: tracker.faults)
    }
}

/// The reports of an analysis, each made when it is asked for.
struct TrackedReports: RandomAccessCollection {
    private let analysis: Analysis
    /// Indices of streams that proved themselves.
    private let streams: [Int32]

    init(_ analysis: Analysis) {
        self.analysis = analysis
        var streams: [Int32] = []
        streams.reserveCapacity(analysis.tracker.streamCount)
        for index in 0..<analysis.tracker.streamCount
        where analysis.tracker.hasReport(stream: index) {
            streams.append(Int32(index))
        }
        self.streams = streams
    }

    var startIndex: Int { 0 }
    var endIndex: Int { streams.count }

    subscript(position: Int) -> StreamReport {
        let index = Int(streams[position])
        guard let report = analysis.tracker.report(stream: index) else {
            preconditionFailure("a stream that had proved itself is gone")
        }
        return report
    }
}

/// The clock for lengths of time: it only goes forward.
enum MonotonicClock {
    /// Nanoseconds since some moment.
    static var now: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
