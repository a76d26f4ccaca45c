// SPDX-License-Identifier: Apache-2.0
import Timekeeping

/// The packets that a capture port in front of many cameras would see, in order of time, made
/// up from a seed; and what is true of them.
///
/// Memory does not grow with the length of the capture: each camera is a few numbers, and all of
/// one format play the same `VideoLoop`. A packet that was chosen to be late is remembered by its
/// number and made when its time comes.
public struct SyntheticCapture: Sendable {
    /// What the capture is made of, with every value inside its limits.
    public let options: Options
    /// Records made so far.
    public private(set) var records: UInt64 = 0
    let loops: [VideoLoop]
    var cameras: [SyntheticCamera]
    private var agenda: Agenda
    /// Packets that were sent and are still to arrive: late ones and copies.
    private var outstanding: UInt64 = 0

    /// Sets up the cameras; values outside their limits are moved to the nearest allowed.
    public init(_ wanted: Options) {
        let options = wanted.heldInLimits
        self.options = options
        loops = options.formats.enumerated().map { index, format in
            VideoLoop(
                format, largestPayload: options.largestPayload,
                seed: options.seed &+ UInt64(index))
        }
        cameras = []
        cameras.reserveCapacity(options.cameras)
        for number in 0..<options.cameras {
            let loop = number % loops.count
            cameras.append(
                SyntheticCamera(number: number, loop: loop, video: loops[loop], options))
        }
        agenda = Agenda(cameras.map(\.due))
    }

    /// What is true of each camera's stream so far; complete once `next` has returned nil.
    public var truth: [StreamTruth] { cameras.map(\.truth) }

    /// The whole truth as JSON text, one stream a line.
    public var truthJSON: String {
        let rows = truth.map { "  " + $0.json }.joined(separator: ",\n")
        return "{\"seed\": \(options.seed), \"records\": \(records), \"streams\": [\n\(rows)\n]}\n"
    }

    /// Appends the next packet, cut to the snap length, and describes it; nil at the end.
    public mutating func next(into octets: inout [UInt8]) -> Record? {
        while let (due, number) = agenda.first, due != .max {
            let isClosing = isFull
            let before = octets.count
            let outcome = step(number, isClosing: isClosing, into: &octets)
            agenda.replaceFirst(with: cameras[number].due)
            guard let outcome else { continue }
            records += 1
            if octets.count - before > options.snapLength {
                octets.removeLast(octets.count - before - options.snapLength)
            }
            return Record(
                time: Instant(nanoseconds: due), originalLength: outcome.length, camera: number,
                content: outcome.content)
        }
        return nil
    }

    /// Whether what is still to arrive fills the rest of the wanted records.
    private var isFull: Bool {
        guard case .records(let limit) = options.extent else { return false }
        return records + outstanding >= limit
    }

    /// Lets one camera do what is due; nil if that left no packet.
    private mutating func step(
        _ number: Int, isClosing: Bool, into octets: inout [UInt8]
    ) -> SyntheticCamera.Outcome? {
        let loop = cameras[number].loop
        let outstandingBefore = cameras[number].outstanding
        if isClosing { cameras[number].stopSending() }
        let outcome = cameras[number].step(loops[loop], options, into: &octets)
        outstanding = outstanding &+ cameras[number].outstanding &- outstandingBefore
        return outcome
    }
}

extension SyntheticCapture.Options {
    /// The same with every value inside its limits.
    var heldInLimits: Self {
        var held = self
        held.cameras = min(max(1, cameras), 100_000)
        if formats.isEmpty { held.formats = VideoFormat().map { [$0] } ?? [] }
        held.lossRatio = min(max(0, lossRatio), 0.9)
        held.reorderDepth = min(max(1, reorderDepth), 1000)
        held.snapLength = min(max(64, snapLength), 262_144)
        held.frameJitterNanoseconds = min(max(0, frameJitterNanoseconds), 1_000_000_000)
        if let interval = senderReportNanoseconds {
            held.senderReportNanoseconds = max(100_000_000, interval)
        }
        return held
    }
}

/// Which camera is next: a binary heap by time, then by number.
struct Agenda: Sendable {
    private var times: [Int64]
    private var numbers: [Int32]

    init(_ due: [Int64]) {
        let order = due.indices.sorted { (due[$0], $0) < (due[$1], $1) }
        times = order.map { due[$0] }
        numbers = order.map { Int32($0) }
    }

    /// The earliest time and whose it is.
    var first: (due: Int64, number: Int)? {
        times.isEmpty ? nil : (times[0], Int(numbers[0]))
    }

    /// Gives the first its next time and finds the new first.
    mutating func replaceFirst(with time: Int64) {
        let number = numbers[0]
        let count = times.count
        var hole = 0
        while true {
            var child = 2 * hole + 1
            guard child < count else { break }
            if child + 1 < count, precedes(child + 1, child) { child += 1 }
            let stays =
                time < times[child] || (time == times[child] && number < numbers[child])
            if stays { break }
            times[hole] = times[child]
            numbers[hole] = numbers[child]
            hole = child
        }
        times[hole] = time
        numbers[hole] = number
    }

    private func precedes(_ one: Int, _ other: Int) -> Bool {
        times[one] < times[other]
            || (times[one] == times[other] && numbers[one] < numbers[other])
    }
}
