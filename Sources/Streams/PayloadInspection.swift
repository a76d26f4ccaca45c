// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import RTP
import Timekeeping

/// What payloads tell: the codec where nobody said it, resolution, key frames.
extension Tracker {
    /// Streams whose codec is guessed at once: the state of a guess takes about 300 bytes, and a
    /// vantage with 50,000 cameras begins them all in the same second.
    ///
    /// The others wait.
    static let guessLimit = 2048

    /// Takes a payload of a stream that its meter does not inspect by itself.
    mutating func attendToCodec(_ index: Int, _ arrival: Arrival, _ payload: Span<UInt8>) {
        let (flags, codec) = withStream(index) { stream, _ in (stream.flags, stream.codec) }
        if flags.contains(.delivery) { meterDelivery(index, arrival) }
        if flags.contains(.guessing), !flags.isDisjoint(with: [.probation, .waiting]) { return }
        if flags.contains(.transportStream) {
            feedTransportStream(index, arrival, payload)
        } else if flags.contains(.guessing) {
            guess(index, arrival, payload)
        } else if codec != .unknown, !flags.contains(.encrypted) {
            inspect(index, arrival, payload)
        }
    }

    /// Listens on until the codec of a stream is told by its payloads.
    private mutating func guess(_ index: Int, _ arrival: Arrival, _ payload: Span<UInt8>) {
        guard guesses[index] != nil || guesses.count < Tracker.guessLimit else { return }
        let verdict = guesses[index, default: PayloadGuess()].hear(
            sequenceNumber: arrival.sequenceNumber, timestamp: arrival.timestamp,
            marker: arrival.marker, payload: payload, statedLength: Int(arrival.payloadLength))
        switch verdict {
        case .undecided:
            break
        case .unrecognised:
            guesses[index] = nil
            withStream(index) { stream, _ in _ = stream.flags.remove(.guessing) }
        case .recognised(let format):
            guesses[index] = nil
            withStream(index) { stream, totals in
                stream.flags.remove(.guessing)
                stream.codec = Codec(named: format.rawValue)
                // Every video format's clock runs at 90 kHz: what was assumed is known.
                stream.setClock(.video, isAssumed: false, &totals)
            }
            if format == .transportStream {
                meterTransportStream(index)
            } else {
                inspect(index, arrival, payload)
            }
        }
    }

    /// Looks for a key frame's beginning and for the resolution.
    mutating func inspect(_ index: Int, _ arrival: Arrival, _ payload: Span<UInt8>) {
        let (codec, isEncrypted) = withStream(index) { stream, _ in
            (stream.codec, stream.flags.contains(.encrypted))
        }
        guard !isEncrypted, let format = codec.payloadFormat else { return }
        let reading = format.read(payload, statedLength: Int(arrival.payloadLength))
        if let fault = reading.fault { faultCounts.count(fault) }
        if reading.beginsKeyFrame {
            withStream(index) { stream, totals in
                guard !stream.flags.contains(.keyFrame) else { return }
                stream.flags.insert(.keyFrame)
                totals.countKeyFrame(at: stream.lastFrameArrival)
            }
        }
        do throws(ParseFault) {
            guard let picture = try reading.format(in: payload) else { return }
            setResolution(index, width: picture.width, height: picture.height)
        } catch  where error.kind == .truncated {
            // The capture cut the parameter set; signalling or another copy may tell.
        } catch {
            faultCounts.count(error)
        }
    }

    /// Notes the resolution, and that it changed.
    mutating func setResolution(_ index: Int, width: Int, height: Int) {
        guard let width = UInt16(exactly: width), let height = UInt16(exactly: height) else {
            return
        }
        let isChange = withStream(index) { _, totals in
            let known = totals.width > 0
            let isOther = totals.width != width || totals.height != height
            totals.width = width
            totals.height = height
            return known && isOther
        }
        if isChange { withDetails(index) { $0.resolutionChanges += 1 } }
    }

    private mutating func meterDelivery(_ index: Int, _ arrival: Arrival) {
        let lost = withStream(index) { stream, totals -> UInt64 in
            PacketCounts(
                from: IntervalSnapshot(), to: IntervalSnapshot(stream, totals, RareCounts())
            ).lost
        }
        withDetails(index) {
            $0.delivery?.receive(
                octets: Int(arrival.payloadLength), lost: lost, at: arrival.instant)
        }
    }
}

extension Codec {
    /// The payload format to read it by, if Kuzet reads it from RTP.
    var payloadFormat: RTP.PayloadFormat? {
        switch self {
        case .h264: .h264
        case .h265: .h265
        case .mpeg4: .mpeg4
        case .mjpeg: .jpeg
        case .unknown, .mxpeg, .mp2t, .other: nil
        }
    }
}

extension StreamTotals {
    /// Counts a key frame that began at `instant`.
    mutating func countKeyFrame(at instant: Int64) {
        if keyFrames > 0 { keyFrameIntervalSum &+= instant &- lastKeyFrame }
        keyFrames &+= 1
        lastKeyFrame = instant
    }
}
