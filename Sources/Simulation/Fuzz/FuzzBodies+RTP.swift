// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Timekeeping

extension FuzzBodies {
    /// RTP packets, RTCP datagrams, parameter sets, and the arithmetic that runs over a stream.
    ///
    /// The input is a row of pieces: what to take it for, length beyond the captured, octets.
    public static func rtp(_ input: Span<UInt8>) throws {
        var input = FuzzInput(input)
        var stream = FuzzedStream()
        while !input.isAtEnd {
            let choice = input.octet()
            let beyond = choice & 0x80 == 0 ? 0 : Int(input.number16())
            switch choice & 0x7 {
            case 0, 1, 2: try stream.hear(packet: input.run(), beyond: beyond)
            case 3: stream.hear(rtcp: input.run(), beyond: beyond)
            case 4: readParameterSets(input.run())
            case 5: stream.hearReport(&input)
            case 6: try stream.hearNumbers(&input)
            default: readPayload(input.run(), beyond: beyond)
            }
        }
        try stream.finish()
    }

    private static func readParameterSets(_ octets: [UInt8]) {
        _ = try? H264SequenceParameters(octets.span)
        _ = try? H265SequenceParameters(octets.span)
        _ = try? MPEG4VideoObjectLayer(octets.span)
        _ = MPEG4VideoObjectLayer.profileAndLevel(in: octets.span)
        _ = try? JPEGImage(octets.span)
        _ = try? JPEGImage(extensionContent: octets.span)
    }

    static func readPayload(_ octets: [UInt8], beyond: Int) {
        for format in PayloadFormat.allCases {
            let reading = format.read(octets.span, statedLength: octets.count + beyond)
            _ = try? reading.format(in: octets.span)
        }
    }
}

/// One stream as a meter would follow it.
private struct FuzzedStream {
    var guess = PayloadGuess()
    var fragments = FragmentRun()
    var clock = SenderClock(clockRate: .video)
    var now = Instant(nanoseconds: 1_700_000_000_000_000_000)
    var tracker: SequenceTracker?
    var history: SequenceHistory?
    var windows = SequenceWindows(limit: 2)
    var jitter = JitterEstimator()
    /// First arrivals, those left out of which nobody knows whether they are.
    var unique = 0
    var told = 0
    var heard = 0

    mutating func hear(packet: [UInt8], beyond: Int) throws {
        let stated = packet.count + beyond
        guard let header = try? RTPHeader(packet.span, statedLength: stated) else { return }
        try BrokenProperty.unless(
            header.payload.upperBound <= packet.count && header.payload.lowerBound >= 12
                || header.payload.isEmpty, "payload \(header.payload) of \(packet.count) octets")
        try BrokenProperty.unless(
            header.contentLength >= 0 && header.payloadLength <= stated,
            "content of \(header.contentLength) octets")
        try BrokenProperty.unless(
            header.extensionContent.upperBound <= packet.count, "extension beyond the packet")
        _ = try? JPEGImage(extensionContent: packet.span.extracting(header.extensionContent))
        let payload = Array(packet[header.payload])
        guess.hear(header, payload: payload.span)
        FuzzBodies.readPayload(payload, beyond: header.contentLength - payload.count)
        let reading = PayloadFormat.h264.read(payload.span, statedLength: header.contentLength)
        _ = fragments.hear(reading.fragment, isNewFrame: header.marker)
        try count(header.sequenceNumber, step: 1_000_000, mediaStep: nil)
    }

    mutating func hear(rtcp: [UInt8], beyond: Int) {
        var compound = RTCPCompound(statedLength: rtcp.count + beyond)
        while let packet = compound.next(in: rtcp.span) {
            switch packet {
            case .senderReport(let report):
                clock.hear(report, at: now)
                read(report.receptionReports, rtcp)
            case .receiverReport(let report): read(report.receptionReports, rtcp)
            case .sourceDescription(let description):
                description.forEachItem(in: rtcp.span) { item in _ = rtcp[item.text] }
                _ = description.canonicalName(in: rtcp.span)
            case .goodbye(let goodbye):
                for index in 0..<goodbye.sources { _ = goodbye.ssrc(at: index, in: rtcp.span) }
                if let reason = goodbye.reason { _ = rtcp[reason] }
            case .application(let application): _ = rtcp[application.content]
            case .transportFeedback(let feedback), .payloadFeedback(let feedback):
                _ = rtcp[feedback.content]
            case .extendedReport(let report): read(report, rtcp)
            case .other, .encrypted: break
            }
        }
    }

    private func read(_ reports: ReceptionReports, _ rtcp: [UInt8]) {
        for index in 0..<reports.count {
            let report = reports.report(at: index, in: rtcp.span)
            _ = report.roundTripNanoseconds(arrival: NTPTime(now))
        }
    }

    private func read(_ report: ExtendedReport, _ rtcp: [UInt8]) {
        report.forEachBlock(in: rtcp.span) { block in
            switch block {
            case .lossRunLengths(let runs), .duplicateRunLengths(let runs):
                _ = runs.packets
                _ = runs.runs(in: rtcp.span)
            case .delaySinceLastReceiverReport(let delays):
                for index in 0..<delays.count { _ = delays.delay(at: index, in: rtcp.span) }
            default: break
            }
        }
    }

    mutating func hearReport(_ input: inout FuzzInput) {
        now = now.advanced(byNanoseconds: input.step())
        let choice = input.octet()
        // Mostly a clock near the probe's, else any.
        let ntp =
            choice & 0x80 == 0
            ? NTPTime(now.advanced(byNanoseconds: input.step())) : NTPTime(bits: input.number64())
        clock.hear(ntp: ntp, rtpTimestamp: input.number32(), at: now)
        _ = try? clock.offset()
        _ = try? clock.offset(roundTrip: Int64(bitPattern: input.number64()))
        _ = try? clock.driftPPM
        _ = clock.isRateContradictory
    }

    /// A row of sequence numbers, each by its step from the one before.
    mutating func hearNumbers(_ input: inout FuzzInput) throws {
        var number = input.number16()
        for _ in 0..<input.octet() {
            let choice = input.octet()
            number =
                choice & 0x80 == 0
                ? number &+ UInt16(choice & 0x3f) &- 8 : number &+ input.number16()
            let step = choice & 0x40 == 0 ? 1_000_000 : input.step()
            let media: Double? = choice & 1 == 0 ? nil : Double(step) + Double(choice) * 1e7
            try count(number, step: step, mediaStep: media)
        }
    }

    private mutating func count(_ number: UInt16, step: Int64, mediaStep: Double?) throws {
        now = now.advanced(byNanoseconds: step)
        if let mediaStep { _ = jitter.receive(arrivalStep: step, mediaStep: mediaStep) }
        heard += 1
        guard var tracker, var history else {
            let first = SequenceTracker(first: number)
            tracker = first
            history = SequenceHistory(first)
            unique += 1
            told += 1
            return
        }
        if tracker.receiveNext(number) {
            unique += 1
            told += 1
        } else {
            let packet = SequencedPacket(
                sequenceNumber: number, arrivalStep: step, mediaStep: mediaStep,
                meanRate: number & 8 == 0 ? 1e-6 : Double(number))
            add(tracker.receive(packet, &history, &windows))
        }
        self.tracker = tracker
        self.history = history
    }

    private mutating func add(_ effect: SequenceEffect) {
        // What lies behind the window counts as unique, and may be there twice.
        unique += effect.unique - effect.beyondWindow
        told += effect.unique + effect.duplicate + effect.outliers
    }

    mutating func finish() throws {
        guard var tracker, var history else { return }
        add(tracker.finish(&history, &windows))
        let expected = history.expected(tracker)
        try BrokenProperty.unless(
            UInt64(unique) <= expected, "\(unique) packets of \(expected) expected")
        try BrokenProperty.unless(told == heard, "\(told) packets told of \(heard)")
    }
}
