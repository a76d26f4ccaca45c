// SPDX-License-Identifier: Apache-2.0
import Timekeeping

/// One camera of a synthetic capture: where it stands in its loop, and what it has yet to send.
struct SyntheticCamera: Sendable {
    /// A packet made.
    struct Outcome {
        var length: Int
        var content: SyntheticCapture.Record.Content
    }

    /// A packet that was sent and arrives later, by what it takes to make it.
    private struct Delayed {
        var index: UInt64
        var packet: Int
        var frame: Int
    }

    private let number: Int
    /// Which loop it plays.
    let loop: Int
    private(set) var truth: StreamTruth
    /// When it next does something, ns since the epoch; `.max` when it has finished.
    private(set) var due: Int64 = 0
    private var generator: SplitMix64
    private let media: DatagramTemplate
    private let reports: DatagramTemplate
    private let route: Route
    /// Only while the dialogue goes on.
    private var signalling: SignallingScript?
    private let sequenceBase: UInt16
    private let timestampBase: UInt32
    /// When frame 0 is sent, but for its jitter.
    private let origin: Int64
    private let end: Int64

    private var frame = 0
    private var frameStart: Int64 = 0
    private var spacing: Int64 = 0
    private var loopFrame: Int
    private var packet = 0
    private var packetsEnd = 0
    private var sentOctets: UInt64 = 0
    private var isInLossRun = false

    private var nextSend: Int64 = .max
    private var nextReport: Int64 = .max
    private var nextSignal: Int64 = .max
    private var signal = 0
    private var held: Delayed?
    private var heldFor = 0
    private var release: Int64 = .max
    private var copy: Delayed?
    private var copyTime: Int64 = .max

    /// Time of one packet on the camera's 100 Mbit/s link, the gap between packets of a frame.
    private static let nanosecondsPerOctet: Int64 = 80
    /// Mean length of a run of losses (`losesInBursts`): chosen.
    private static let meanLossRun = 5.0

    init(number: Int, loop: Int, video: VideoLoop, _ options: SyntheticCapture.Options) {
        var generator = SplitMix64(seed: options.seed, party: UInt64(number))
        self.loop = loop
        let route = SyntheticCamera.route(number, options, &generator)
        let ssrc = UInt32(truncatingIfNeeded: generator.next())
        let isOff = generator.happens(options.clockOffsetShare)
        truth = StreamTruth(
            source: route.source.text, destination: route.target.text, ssrc: ssrc,
            vlan: route.vlan, format: video.format,
            clockOffsetNanoseconds: isOff ? options.clockOffsetNanoseconds : 0)
        self.number = number
        self.route = route
        media = DatagramTemplate(route)
        var control = route
        control.source.port += 1
        control.target.port += 1
        reports = DatagramTemplate(control)
        sequenceBase = UInt16(truncatingIfNeeded: generator.next())
        timestampBase = UInt32(truncatingIfNeeded: generator.next())
        // A camera answers PLAY with a key frame; without signalling it has long been sending.
        loopFrame = options.hasSignalling ? 0 : generator.below(video.frames.count)
        let start = options.start.nanoseconds
        let phase = Int64(generator.below(Int(video.format.nanoseconds(toFrame: 1))))
        if options.hasSignalling {
            origin = start + phase + SignallingScript.nanoseconds
            nextSignal = start + phase
        } else {
            origin = start + phase
        }
        if case .nanoseconds(let length) = options.extent {
            end = start + max(0, min(length, 1_000_000_000_000_000))
        } else {
            end = .max
        }
        if let interval = options.senderReportNanoseconds {
            nextReport = origin + Int64(generator.below(Int(min(interval, 1_000_000_000))))
        }
        self.generator = generator
        beginFrame(video, options)
        if nextReport >= end { nextReport = .max }
        settle()
    }

    /// Packets sent and still to arrive.
    var outstanding: UInt64 { (held == nil ? 0 : 1) + (copy == nil ? 0 : 1) }

    /// Nothing more is sent; what is under way still arrives.
    mutating func stopSending() {
        nextSend = .max
        nextReport = .max
        nextSignal = .max
        if held != nil, release == .max { release = due + 1000 }
        settle()
    }

    /// Does what is due; nil if that left no packet.
    mutating func step(
        _ video: VideoLoop, _ options: SyntheticCapture.Options, into octets: inout [UInt8]
    ) -> Outcome? {
        defer { settle() }
        let now = due
        if now == .max { return nil }
        if now == copyTime, let delayed = copy {
            copy = nil
            copyTime = .max
            return deliver(delayed, isCopy: true, now, video, options, into: &octets)
        }
        if now == release, let delayed = held {
            held = nil
            release = .max
            return deliver(delayed, isCopy: false, now, video, options, into: &octets)
        }
        if now == nextSignal { return converse(now, video, into: &octets) }
        if now == nextReport { return report(now, options, into: &octets) }
        if now == nextSend { return send(now, video, options, into: &octets) }
        return nil
    }

    private mutating func converse(
        _ now: Int64, _ video: VideoLoop, into octets: inout [UInt8]
    ) -> Outcome {
        let script =
            signalling
            ?? SignallingScript(
                route: route, number: number, video: video, ssrc: truth.ssrc,
                sequence: sequenceBase, timestamp: timestampBase)
        let length = script.append(step: signal, to: &octets)
        signal += 1
        let goesOn = signal < SignallingScript.steps
        signalling = goesOn ? script : nil
        nextSignal = goesOn ? now + SignallingScript.spacing : .max
        return Outcome(length: length, content: .signalling)
    }

    private mutating func settle() {
        due = min(min(nextSend, nextReport), min(min(release, copyTime), nextSignal))
    }

    // MARK: Media

    /// Finds the start and the spacing of the frame that is next.
    private mutating func beginFrame(_ video: VideoLoop, _ options: SyntheticCapture.Options) {
        let previousEnd = frameStart
        frameStart = origin &+ video.format.nanoseconds(toFrame: frame)
        guard frameStart < end else {
            nextSend = .max
            if held != nil, release == .max { release = max(previousEnd, due) + 1000 }
            nextReport = .max
            return
        }
        let jitter = options.frameJitterNanoseconds
        if jitter > 0 { frameStart += Int64(generator.below(Int(jitter))) }
        // A frame never overtakes the one before.
        frameStart = max(frameStart, previousEnd + 1000)
        let picture = video.frames[loopFrame]
        packet = picture.packets.lowerBound
        packetsEnd = picture.packets.upperBound
        let room = video.format.nanoseconds(toFrame: 1) * 8 / 10
        spacing = min(
            Int64(options.largestPayload) * SyntheticCamera.nanosecondsPerOctet,
            max(1, room / Int64(max(1, picture.packets.count))))
        nextSend = frameStart
    }

    private mutating func send(
        _ now: Int64, _ video: VideoLoop, _ options: SyntheticCapture.Options,
        into octets: inout [UInt8]
    ) -> Outcome? {
        let current = Delayed(index: truth.sent, packet: packet, frame: frame)
        let isLost = loses(options)
        sentOctets += UInt64(video.packets[packet].payload.count)
        packet += 1
        if heldFor > 0 {
            heldFor -= 1
            if heldFor == 0 { release = now + max(1, spacing / 2) }
        }
        var outcome: Outcome?
        if isLost {
            truth.lostPacket()
        } else {
            truth.sentPacket(frame: current.frame)
            if held == nil, generator.happens(options.reorderRatio) {
                held = current
                heldFor = options.reorderDepth
            } else {
                outcome = deliver(current, isCopy: false, now, video, options, into: &octets)
                if copy == nil, generator.happens(options.duplicateRatio) {
                    copy = current
                    copyTime = now + max(1, spacing / 3)
                }
            }
        }
        if packet < packetsEnd {
            nextSend = now + spacing
        } else {
            frame += 1
            loopFrame = loopFrame + 1 == video.frames.count ? 0 : loopFrame + 1
            frameStart = now
            beginFrame(video, options)
        }
        return outcome
    }

    private mutating func loses(_ options: SyntheticCapture.Options) -> Bool {
        guard options.losesInBursts else { return generator.happens(options.lossRatio) }
        let leave = 1 / SyntheticCamera.meanLossRun
        let enter = options.lossRatio / (SyntheticCamera.meanLossRun * (1 - options.lossRatio))
        isInLossRun = isInLossRun ? !generator.happens(leave) : generator.happens(enter)
        return isInLossRun
    }

    private mutating func deliver(
        _ delayed: Delayed, isCopy: Bool, _ now: Int64, _ video: VideoLoop,
        _ options: SyntheticCapture.Options, into octets: inout [UInt8]
    ) -> Outcome {
        let payload = video.packets[delayed.packet]
        let header = RTPFields(
            payloadType: video.format.codec.payloadType, marker: payload.endsFrame,
            sequence: sequenceBase &+ UInt16(truncatingIfNeeded: delayed.index),
            timestamp: timestamp(frame: delayed.frame, video), ssrc: truth.ssrc)
        let length = media.append(
            header, payload, of: video, identification: UInt16(truncatingIfNeeded: delayed.index),
            keeping: options.snapLength, to: &octets)
        truth.arrived(
            index: delayed.index, isCopy: isCopy, at: Instant(nanoseconds: now),
            internet: length - media.linkLength, payload: payload.payload.count)
        return Outcome(length: length, content: .media)
    }

    private func timestamp(frame: Int, _ video: VideoLoop) -> UInt32 {
        timestampBase &+ UInt32(truncatingIfNeeded: video.format.ticks(toFrame: frame))
    }

    // MARK: Reports

    private mutating func report(
        _ now: Int64, _ options: SyntheticCapture.Options, into octets: inout [UInt8]
    ) -> Outcome {
        let elapsed = now - origin
        let ticks = elapsed / 100_000 * 9 + elapsed % 100_000 * 9 / 100_000
        let wall = Instant(nanoseconds: now).advanced(byNanoseconds: truth.clockOffsetNanoseconds)
        let packet = SenderReport(
            ssrc: truth.ssrc, ntp: NTPTime(wall),
            timestamp: timestampBase &+ UInt32(truncatingIfNeeded: ticks),
            packets: UInt32(truncatingIfNeeded: truth.sent),
            octets: UInt32(truncatingIfNeeded: sentOctets),
            canonicalName: "camera@" + media.sourceText
        ).octets
        let length = reports.append(
            packet, identification: UInt16(truncatingIfNeeded: truth.senderReports), to: &octets)
        truth.senderReports += 1
        nextReport = now + (options.senderReportNanoseconds ?? .max / 2)
        if nextReport >= end { nextReport = .max }
        return Outcome(length: length, content: .senderReport)
    }

    // MARK: Addresses

    /// Cameras are 10.64.0.0/10 or fd00:10::/32, recorders 10.200.0.0/16 or fd00:20::/32, one for
    /// 256 cameras.
    private static func route(
        _ number: Int, _ options: SyntheticCapture.Options, _ generator: inout SplitMix64
    ) -> Route {
        let host = UInt32(number + 1)
        let recorder = UInt32(number / 256 + 1)
        let tags: [UInt16]
        if generator.happens(options.qinqShare) {
            tags = [2000 + UInt16(number % 8), 100 + UInt16(number % 50)]
        } else if generator.happens(options.vlanShare) {
            tags = [100 + UInt16(number % 50)]
        } else {
            tags = []
        }
        var camera: [UInt8] = []
        var target: [UInt8] = []
        if generator.happens(options.ipv6Share) {
            camera += [0xfd, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0]
            camera.append32(host)
            target += [0xfd, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0]
            target.append32(recorder)
        } else {
            camera.append32(10 << 24 | 64 << 16 &+ host)
            target.append32(10 << 24 | 200 << 16 &+ recorder)
        }
        return Route(
            source: Endpoint(address: camera, port: 5004),
            target: Endpoint(address: target, port: UInt16(20_000 + 2 * (number % 256))),
            vlan: tags, host: host)
    }
}
