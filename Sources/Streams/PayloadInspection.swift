// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import RTP
import Timekeeping

/// What payloads tell: the codec where nobody said it, resolution, key frames.
extension Tracker {
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
        let known = withStream(index) { _, totals in totals.guess }
        guard let place = known >= 0 ? known : guesses.begin() else { return }
        if known < 0 { withStream(index) { _, totals in totals.guess = place } }
        let verdict = guesses[place].hear(
            sequenceNumber: arrival.sequenceNumber, timestamp: arrival.timestamp,
            marker: arrival.marker, payload: payload, statedLength: Int(arrival.payloadLength))
        switch verdict {
        case .undecided:
            break
        case .unrecognised:
            endGuess(index)
            withStream(index) { stream, _ in _ = stream.flags.remove(.guessing) }
        case .recognised(let format):
            endGuess(index)
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

    /// Gives back the place of a stream's guess, if it has one.
    mutating func endGuess(_ index: Int) {
        let place = withStream(index) { _, totals in
            let place = totals.guess
            totals.guess = -1
            return place
        }
        if place >= 0 { guesses.end(place) }
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
        let troubles = troubles(index)
        let lost = withStream(index) { stream, totals -> UInt64 in
            let now = IntervalSnapshot(stream, totals, troubles, RareCounts())
            return PacketCounts(from: IntervalSnapshot(), to: now).lost
        }
        withDetails(index) {
            $0.delivery?.receive(
                octets: Int(arrival.payloadLength), lost: lost, at: arrival.instant)
        }
    }
}

/// Guesses at the codecs of some streams; each stream's totals name its place.
struct GuessShelf {
    /// Streams whose codec is guessed at once: the state of a guess takes about 300 bytes, and a
    /// vantage with 50,000 cameras begins them all in the same second.
    ///
    /// The others wait.
    static let limit = 2048

    private var guesses: [PayloadGuess] = []
    private var vacant: [Int16] = []

    /// Guesses under way.
    var count: Int { guesses.count - vacant.count }
    var isEmpty: Bool { count == 0 }

    /// A place for a new guess, or nil while all are taken.
    mutating func begin() -> Int16? {
        if let place = vacant.popLast() {
            guesses[Int(place)] = PayloadGuess()
            return place
        }
        guard guesses.count < GuessShelf.limit else { return nil }
        guesses.append(PayloadGuess())
        return Int16(guesses.count - 1)
    }

    /// Gives a place back.
    mutating func end(_ place: Int16) { vacant.append(place) }

    subscript(place: Int16) -> PayloadGuess {
        get { guesses[Int(place)] }
        _modify { yield &guesses[Int(place)] }
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
