// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// The sending side of one live stream: what RTP and RTCP packets are due, and when.
///
/// Time and bytes come from outside; the same arguments give the same packets.
public struct CameraMedia: Sendable {
    /// Who sends, and what its first packet says.
    public struct Identity: Hashable, Sendable {
        /// Synchronisation source.
        public var ssrc: UInt32
        /// Sequence number of the first packet.
        public var sequence: UInt16
        /// Timestamp of the first frame.
        public var timestamp: UInt32

        /// Makes an identity.
        public init(ssrc: UInt32, sequence: UInt16, timestamp: UInt32) {
            self.ssrc = ssrc
            self.sequence = sequence
            self.timestamp = timestamp
        }

        /// Makes a random one.
        public init(_ generator: inout SplitMix64) {
            let first = generator.next()
            let second = generator.next()
            self.init(
                ssrc: UInt32(truncatingIfNeeded: first),
                sequence: UInt16(truncatingIfNeeded: second),
                timestamp: UInt32(truncatingIfNeeded: second >> 32))
        }
    }

    /// Which of the stream's two kinds of packets.
    public enum Channel: Hashable, Sendable {
        case media, control
    }

    /// By how many packets a reordered one comes late.
    ///
    /// Chosen: within everybody's window.
    static let reorderDepth = 3
    /// Time between sender reports: 3 to 5 s, as cameras of the field do.
    static let reportNanoseconds: ClosedRange<Int64> = 3_000_000_000...5_000_000_000

    /// Who sends now; another after a restart.
    public private(set) var identity: Identity
    private let loops: [VideoFormat: VideoLoop]
    private let format: VideoFormat
    private let schedule: FaultSchedule
    /// When the camera was switched on: the schedule's zero.
    private let start: Instant
    private let canonicalName: String
    private var generator: SplitMix64

    private var video: VideoLoop
    /// When the encoder began with the present settings, and the timestamp then.
    private var anchor: Instant
    private var anchorTimestamp: UInt32
    /// Frames since `anchor`, the present one included only when it has been sent.
    private var frame = 0
    private var loopFrame = 0
    private var packet = 0
    private var packetsEnd = 0
    private var sequence: UInt16
    private var restarts: Int

    private var nextPacket: Instant
    private var lastPacket: Instant
    private var spacing: Int64 = 0
    private var nextReport: Instant
    private var packetsSent: UInt32 = 0
    private var octetsSent: UInt32 = 0
    private var held: [UInt8] = []
    private var heldFor = 0
    private var copy: [UInt8] = []

    /// Makes the stream of a camera that was switched on at `start` and begins to send at `now`.
    ///
    /// - Parameters:
    ///   - loops: what the encoder plays in each format that the schedule sets it to; where one
    ///     is missing, the settings before are kept. Must hold `format`.
    public init?(
        loops: [VideoFormat: VideoLoop], format: VideoFormat, schedule: FaultSchedule,
        identity: Identity, start: Instant, now: Instant, canonicalName: String, seed: UInt64
    ) {
        let state = schedule.state(at: now.nanoseconds(since: start), of: format)
        guard let video = loops[state.format] ?? loops[format] else { return nil }
        self.loops = loops
        self.format = format
        self.schedule = schedule
        self.identity = identity
        self.start = start
        self.canonicalName = canonicalName
        self.video = video
        generator = SplitMix64(seed: seed, party: UInt64(identity.ssrc))
        anchor = now
        anchorTimestamp = identity.timestamp
        sequence = identity.sequence
        restarts = state.restarts
        nextPacket = now
        lastPacket = now
        nextReport = now.advanced(byNanoseconds: 20_000_000)
        beginFrame()
    }

    /// When the next packet is due.
    public var due: Instant { copy.isEmpty ? min(nextPacket, nextReport) : lastPacket }

    /// Sequence number and timestamp of the packet that comes next, for `RTP-Info`.
    public var next: (sequence: UInt16, timestamp: UInt32) { (sequence, timestamp) }

    /// Appends the next packet that is due at `now`, and says which kind; nil when none is.
    ///
    /// To be called until it answers nil.
    public mutating func next(at now: Instant, into octets: inout [UInt8]) -> Channel? {
        // Ends: each turn moves a due time forward.
        while due <= now {
            if !copy.isEmpty {
                octets.append(contentsOf: copy)
                copy.removeAll(keepingCapacity: true)
                return .media
            }
            if nextReport <= nextPacket {
                let time = nextReport
                nextReport = time.advanced(
                    byNanoseconds: CameraMedia.reportNanoseconds.lowerBound
                        + Int64(generator.below(2_000_000_000)))
                let state = state(at: time)
                if state.isDead { continue }
                octets.append(contentsOf: report(at: time, state).octets)
                return .control
            }
            if sendPacket(into: &octets) { return .media }
        }
        return nil
    }

    /// The packet that ends the stream: a report, the name, and BYE.
    public func goodbye(at now: Instant) -> [UInt8] {
        report(at: now, state(at: now)).goodbye
    }

    /// Goes on after a pause, with a key frame; the timestamp has gone on all the while.
    public mutating func resume(at now: Instant) {
        let ticks = now.nanoseconds(since: anchor) / 1000 * 9 / 100
        anchorTimestamp &+= UInt32(truncatingIfNeeded: ticks)
        anchor = now
        lastPacket = now
        nextReport = now.advanced(byNanoseconds: 20_000_000)
        frame = 0
        loopFrame = 0
        held.removeAll()
        heldFor = 0
        copy.removeAll()
        beginFrame()
    }

    private func state(at time: Instant) -> FaultSchedule.State {
        schedule.state(at: time.nanoseconds(since: start), of: format)
    }

    private var timestamp: UInt32 {
        anchorTimestamp &+ UInt32(truncatingIfNeeded: video.format.ticks(toFrame: frame))
    }

    // MARK: Frames

    /// Nominal time of the present frame.
    private var frameTime: Instant {
        anchor.advanced(byNanoseconds: video.format.nanoseconds(toFrame: frame))
    }

    private mutating func beginFrame() {
        let time = frameTime
        let state = state(at: time)
        adopt(state, at: time)
        nextPacket = max(frameTime, lastPacket)
        if state.isFrozen || state.isDead {
            // Nothing to send; the clock goes on, the picture waits.
            packet = 0
            packetsEnd = 0
            return
        }
        let picture = video.frames[loopFrame]
        packet = picture.packets.lowerBound
        packetsEnd = picture.packets.upperBound
        // A quarter of the frame's time: between a burst and an even flow.
        spacing = video.format.nanoseconds(toFrame: 1) / Int64(4 * max(1, picture.packets.count))
    }

    /// Takes on new settings of the encoder, and restarts.
    private mutating func adopt(_ state: FaultSchedule.State, at time: Instant) {
        if state.format != video.format, let other = loops[state.format] {
            anchorTimestamp = timestamp
            anchor = time
            frame = 0
            loopFrame = 0
            video = other
        }
        guard state.restarts > restarts else { return }
        restarts = state.restarts
        identity = Identity(&generator)
        sequence = identity.sequence
        anchorTimestamp = identity.timestamp
        anchor = time
        frame = 0
        loopFrame = 0
        packetsSent = 0
        octetsSent = 0
        held.removeAll()
        heldFor = 0
    }

    /// Sends the present packet of the present frame, or ends the frame; false if that left
    /// nothing.
    private mutating func sendPacket(into octets: inout [UInt8]) -> Bool {
        guard packet < packetsEnd else {
            let wasSent = packetsEnd > 0
            frame += 1
            if wasSent { loopFrame = loopFrame + 1 < video.frames.count ? loopFrame + 1 : 0 }
            beginFrame()
            return false
        }
        let state = state(at: nextPacket)
        let current = video.packets[packet]
        let fields = RTPFields(
            payloadType: video.format.codec.payloadType, marker: current.endsFrame,
            sequence: sequence, timestamp: timestamp, ssrc: identity.ssrc)
        packet += 1
        sequence &+= 1
        packetsSent &+= 1
        octetsSent &+= UInt32(current.payload.count)
        lastPacket = nextPacket
        let delay = generator.below(Int(clamping: state.jitterNanoseconds))
        nextPacket = max(
            nextPacket,
            frameTime.advanced(
                byNanoseconds: spacing * Int64(packet - video.frames[loopFrame].packets.lowerBound)
                    + Int64(delay)))
        if state.isDead || generator.happens(state.lossRatio) {
            countTowardsRelease()
            return false
        }
        let begin = octets.count
        fields.append(to: &octets)
        octets.append(contentsOf: video.octets[current.payload])
        if held.isEmpty, generator.happens(state.reorderRatio) {
            held = Array(octets[begin...])
            octets.removeLast(octets.count - begin)
            heldFor = CameraMedia.reorderDepth
            return false
        }
        if copy.isEmpty, generator.happens(state.duplicateRatio) { copy = Array(octets[begin...]) }
        countTowardsRelease()
        return true
    }

    /// Counts a packet towards the release of the one held back, which is then sent next.
    private mutating func countTowardsRelease() {
        guard heldFor > 0, copy.isEmpty else { return }
        heldFor -= 1
        guard heldFor == 0 else { return }
        swap(&copy, &held)
        held.removeAll(keepingCapacity: true)
    }

    // MARK: Reports

    private func report(at time: Instant, _ state: FaultSchedule.State) -> SenderReport {
        let elapsed = time.nanoseconds(since: anchor)
        let ticks = elapsed / 100_000 * 9 + elapsed % 100_000 * 9 / 100_000
        return SenderReport(
            ssrc: identity.ssrc,
            ntp: NTPTime(time.advanced(byNanoseconds: state.clockOffsetNanoseconds)),
            timestamp: anchorTimestamp &+ UInt32(truncatingIfNeeded: ticks),
            packets: packetsSent, octets: octetsSent, canonicalName: canonicalName)
    }
}
