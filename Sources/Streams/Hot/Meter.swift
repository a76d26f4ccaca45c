// SPDX-License-Identifier: Apache-2.0
import RTP
import Timekeeping

/// What every RTP packet does to its stream's meter.
extension Tracker {
    /// Meters one packet of the stream at `index`; the payload lies at
    /// `arrival.payloadStart` of `base`.
    @inline(never)
    mutating func meter(
        _ index: Int, _ arrival: UnsafePointer<Arrival>, _ base: UnsafePointer<UInt8>
    ) {
        let stream = unsafe store.hot(index)
        unsafe stream.pointee.settle()
        let arrivalStep = unsafe arrival.pointee.instant &- stream.pointee.lastArrival
        if unsafe !stream.pointee.sequence.receiveNext(arrival.pointee.sequenceNumber) {
            unsafe receiveOutOfOrder(index, arrival, arrivalStep: arrivalStep)
        }
        unsafe stream.pointee.follow()
        unsafe stream.pointee.received &+= 1
        unsafe stream.pointee.octetsIP &+= UInt64(arrival.pointee.ipLength)
        unsafe stream.pointee.octetsPayload &+= UInt64(
            truncatingIfNeeded: arrival.pointee.payloadLength)
        if unsafe stream.pointee.lastArrival < intervalStart {
            unsafe noteFirst(index, arrival: arrival.pointee.instant)
        }
        unsafe stream.pointee.lastArrival = arrival.pointee.instant

        let ticks = unsafe MediaClock.ticks(
            from: stream.pointee.lastTimestamp, to: arrival.pointee.timestamp)
        let mediaStep =
            unsafe ticks == 0 ? 0 : Double(ticks) * stream.pointee.nanosecondsPerTick
        let jitter = unsafe stream.pointee.jitter.receive(
            arrivalStep: arrivalStep, mediaStep: mediaStep)
        unsafe stream.pointee.jitterSum += jitter
        if unsafe jitter > stream.pointee.jitterMax { unsafe stream.pointee.jitterMax = jitter }
        if ticks != 0 {
            unsafe stream.pointee.lastTimestamp = arrival.pointee.timestamp
            unsafe beginFrameIfNew(index, arrival)
        }

        if unsafe arrival.pointee.isCut { unsafe stream.pointee.cut &+= 1 }
        if unsafe arrival.pointee.signature != stream.pointee.signature {
            unsafe changeSignature(index, arrival.pointee)
        }
        if unsafe stream.pointee.flags.contains(.waiting) {
            unsafe stream.pointee.waitLess()
        } else if unsafe stream.pointee.inspections != 0 {
            unsafe look(index, arrival, base)
        }
        // One stamped before the interval is awaited by `noteFirst` above.
        unsafe stream.pointee.renewOrdinary(isAwaited: arrival.pointee.instant < intervalStart)
    }

    /// Looks into a packet whose stream needs it, or which may hold a key frame's beginning.
    @inline(never)
    private mutating func look(
        _ index: Int, _ arrival: UnsafePointer<Arrival>, _ base: UnsafePointer<UInt8>
    ) {
        let stream = unsafe store.hot(index)
        if unsafe stream.pointee.inspections == HotStream.always {
            return unsafe attend(index, arrival.pointee, payload(arrival, base).span)
        }
        unsafe stream.pointee.inspections &-= 1
        let promise = unsafe Promise(stream.pointee.codec, payload(arrival, base))
        if promise.isOver { unsafe stream.pointee.inspections = 0 }
        if promise.isWorthInspecting {
            unsafe inspect(index, arrival.pointee, payload(arrival, base).span)
        }
    }

    /// A parameter set or a key frame's first slice comes within the first packets of a frame:
    /// delimiter, up to three parameter sets, messages, then the slice.
    static let packetsInspectedPerFrame: UInt8 = 6

    @inline(__always)
    private func payload(
        _ arrival: UnsafePointer<Arrival>, _ base: UnsafePointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(
            start: base + arrival.pointee.payloadStart,
            count: Int(arrival.pointee.payloadCaptured))
    }

    /// Counts a frame unless a recent one had this timestamp.
    private mutating func beginFrameIfNew(_ index: Int, _ arrival: UnsafePointer<Arrival>) {
        let stream = unsafe store.hot(index)
        // Timestamps of MPEG-TS in RTP are send times; its meter tells of frames.
        if unsafe stream.pointee.flags.contains(.transportStream) { return }
        let timestamp = unsafe arrival.pointee.timestamp
        for place in 0..<12 where unsafe stream.pointee.recentTimestamps[place] == timestamp {
            return
        }
        let totals = unsafe store.totals(index)
        let place = unsafe Int(truncatingIfNeeded: stream.pointee.frames % 12)
        unsafe stream.pointee.recentTimestamps[place] = timestamp
        unsafe stream.pointee.frames &+= 1
        unsafe stream.pointee.flags.remove(.keyFrame)
        unsafe stream.pointee.renewInspections()

        let before = unsafe stream.pointee.frameTimestamp
        let step = MediaClock.ticks(from: before, to: timestamp)
        let gap = unsafe arrival.pointee.instant &- stream.pointee.lastFrameArrival
        if unsafe stream.pointee.lastFrameArrival < intervalStart {
            unsafe noteFirst(index, frame: arrival.pointee.instant)
        }
        unsafe stream.pointee.lastFrameArrival = arrival.pointee.instant
        unsafe stream.pointee.frameTimestamp = timestamp
        let mediaTime =
            unsafe Int64(totals.pointee.mediaCycles) &<< 32 &+ Int64(before) &+ Int64(step)
        unsafe totals.pointee.mediaCycles = Int32(truncatingIfNeeded: mediaTime &>> 32)
        unsafe totals.pointee.mediaLeast = min(totals.pointee.mediaLeast, mediaTime)
        unsafe totals.pointee.mediaGreatest = max(totals.pointee.mediaGreatest, mediaTime)

        let tick = unsafe stream.pointee.nanosecondsPerTick
        let nominal = unsafe Double(totals.pointee.steps.mostCommon) * tick
        unsafe totals.pointee.steps.receive(step.magnitude)
        if unsafe gap > stream.pointee.largestFrameGap {
            unsafe stream.pointee.largestFrameGap = gap
        }
        if nominal > 0, Double(gap) > 2 * nominal {
            unsafe totals.pointee.freezes &+= 1
            // Sticks to the top: stamps that jump by centuries must not make it run backwards.
            let sum = unsafe totals.pointee.frozen.addingReportingOverflow(gap &- Int64(nominal))
            unsafe totals.pointee.frozen = sum.overflow ? .max : sum.partialValue
        }
        let jitter = unsafe totals.pointee.frameJitter.receive(
            arrivalStep: gap, mediaStep: Double(step) * tick)
        unsafe totals.pointee.frameJitterSum += jitter
        unsafe totals.pointee.frameJitterMax = max(
            totals.pointee.frameJitterMax, jitter)
    }

    /// Takes a packet that is not the next in order.
    private mutating func receiveOutOfOrder(
        _ index: Int, _ arrival: UnsafePointer<Arrival>, arrivalStep: Int64
    ) {
        let stream = unsafe store.hot(index)
        let totals = unsafe store.totals(index)
        let ticks = unsafe MediaClock.ticks(
            from: stream.pointee.lastTimestamp, to: arrival.pointee.timestamp)
        let rate = unsafe stream.pointee.nanosecondsPerTick
        let elapsed = unsafe stream.pointee.lastArrival &- totals.pointee.firstArrival
        var history = sequenceHistory(index)
        let effect = unsafe stream.pointee.sequence.receive(
            SequencedPacket(
                sequenceNumber: arrival.pointee.sequenceNumber, arrivalStep: arrivalStep,
                mediaStep: rate > 0 ? Double(ticks) * rate : nil,
                meanRate: elapsed > 0 ? Double(stream.pointee.received) / Double(elapsed) : 0),
            &history, &windows)
        unsafe stream.pointee.follow()
        keep(history, effect, of: index)
        if effect.duplicate > 0 { unsafe noteDuplicate(index, octets: arrival.pointee.ipLength) }
    }
}

/// What the first bytes of a payload promise, by the payload headers of RFC 6184 section 5.2,
/// RFC 7798 section 4.4, RFC 6416 section 5 and RFC 2435 section 3.1.
private struct Promise {
    /// A key frame's beginning or a parameter set may be inside.
    var isWorthInspecting = false
    /// Slices have begun: the frame's other packets hold neither.
    var isOver = false

    @inline(__always)
    init(_ codec: Codec, _ payload: UnsafeBufferPointer<UInt8>) {
        guard payload.count >= 3 else { return }
        switch codec {
        case .h264:
            var type = unsafe payload[0] & 0x1f
            var begins = true
            if type == 28 || type == 29 {
                begins = unsafe payload[1] & 0x80 != 0
                type = unsafe payload[1] & 0x1f
            }
            isWorthInspecting = begins && (type == 5 || type == 7 || (24...27).contains(type))
            isOver = (1...5).contains(type)
        case .h265:
            var type = unsafe payload[0] >> 1 & 0x3f
            var begins = true
            if type == 49 {
                begins = unsafe payload[2] & 0x80 != 0
                type = unsafe payload[2] & 0x3f
            }
            isWorthInspecting = begins && ((16...23).contains(type) || type == 33 || type == 48)
            isOver = type <= 31
        case .mpeg4:
            isWorthInspecting = unsafe payload[0] == 0 && payload[1] == 0 && payload[2] == 1
            isOver = true
        case .mjpeg:
            // Fragment offset zero: the first packet of a picture.
            isWorthInspecting = unsafe payload[1] == 0 && payload[2] == 0
            isOver = true
        case .unknown, .mxpeg, .mp2t, .other:
            isOver = true
        }
    }
}
