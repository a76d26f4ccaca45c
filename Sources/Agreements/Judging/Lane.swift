// SPDX-License-Identifier: Apache-2.0
import Measurements

/// Whether video arrived at one vantage, as segments in the order of time.
///
/// Known time comes in runs without a gap. In a run, a *quiet* is the time between two frames, or
/// between a frame and the run's edge. A quiet as long as `silence` is bad; a shorter one is good,
/// or bad where the observation lost too much. Only the quiet in progress waits; its reason is
/// settled when it ends or has lasted as long as `confirm`, so that no more than that waits.
struct Lane: Hashable, Sendable {
    /// A part of the quiet in progress that lies in one observation.
    struct Piece: Hashable, Sendable {
        var end: Int64
        var isLossy: Bool
        var evidence: Evidence
    }

    /// A stretch between two samples.
    struct Gap: Hashable, Sendable {
        var start: Int64
        var end: Int64
    }

    let vantage: VantageID
    /// Until when it was watched.
    private(set) var end: Int64
    /// Whether an observation that begins at `end` would continue the run.
    private(set) var isOpen = false
    /// Until when segments are final.
    private(set) var settled: Int64
    /// Final segments that nobody has taken yet; between them nobody watched.
    var segments = Line<Segment>()
    /// Observations whose time is not yet settled.
    var figures = Line<Figure>()
    /// The last picture told in this run since the last silence.
    var picture: PictureSize?

    /// Where the quiet in progress begins.
    private(set) var quietFrom: Int64
    /// The frame or edge before the quiet: earlier if a part of it is in doubt.
    private(set) var origin: Int64
    /// Whether nothing proves arrival at `quietFrom`.
    private(set) var isEdge = true
    /// Until when the probe's own drops may have hidden frames.
    private(set) var doubtUntil: Int64
    /// Whether packets came in the quiet.
    private(set) var hasPackets = false
    /// Whether the quiet is known to be bad, and why.
    private(set) var isDecided = false
    private(set) var pieces = Line<Piece>()

    private(set) var evidence = Evidence.observed
    /// What the last segment said.
    private(set) var lastKind = Segment.Kind.unknown
    private(set) var lastDetail: UInt8 = 0
    /// The stretch between two samples that waits for what the second says.
    private(set) var gap: Gap?

    init(_ vantage: VantageID, at start: Int64) {
        self.vantage = vantage
        end = start
        settled = start
        quietFrom = start
        origin = start
        doubtUntil = start
    }

    /// Until when the segments are final if nothing is to come that begins before `watermark`.
    func final(_ watermark: Int64, _ rules: JudgingRules) -> Int64 {
        if isOpen || isWaiting(watermark, rules) { return settled }
        return max(settled, watermark)
    }

    /// Whether a sample may still come that says what was since the last one.
    private func isWaiting(_ watermark: Int64, _ rules: JudgingRules) -> Bool {
        guard evidence == .sampled, let spacing = rules.sampleSpacing else { return false }
        return watermark - end <= spacing
    }

    /// Whether nothing of it matters any more once all up to `instant` was taken.
    func isForgotten(at instant: Int64, _ watermark: Int64, _ rules: JudgingRules) -> Bool {
        !isOpen && segments.isEmpty && figures.isEmpty && end <= instant
            && !isWaiting(watermark, rules)
    }

    // MARK: - Events

    /// Takes the next observation, which begins at or after `end`.
    mutating func take(_ look: Look, _ rules: JudgingRules) {
        if !isOpen { begin(look, rules) }
        evidence = look.evidence
        if let cause = look.unknown {
            closeQuiet(at: look.start, isFrame: false, rules)
            emit(Segment.unknown(cause), look.evidence, until: look.end)
            openQuiet(at: look.end, isEdge: true, doubtUntil: look.end)
            picture = nil
        } else if let first = look.first, let last = look.last {
            // What is missing since the last frame was missed in the silence, which has its word.
            let isLossy = look.isLossy && first - origin < rules.silence
            takeHead(look, first, isLossy: isLossy, rules)
            emit(isLossy ? Segment.bad(.loss) : (.good, 0), look.evidence, until: last)
            openQuiet(at: last, isEdge: false, doubtUntil: look.hasDrops ? look.end : last)
            hasPackets = look.lastPacket.map { $0 - last >= rules.frameTail } ?? false
            pieces.append(Piece(end: look.end, isLossy: isLossy, evidence: look.evidence))
        } else {
            if !isDecided, let packet = look.lastPacket,
                min(packet, look.end) - origin >= rules.frameTail
            {
                hasPackets = true
            }
            pieces.append(Piece(end: look.end, isLossy: look.isLossy, evidence: look.evidence))
        }
        end = look.end
        settleLongQuiet(rules)
    }

    /// Ends the run: nothing that begins at `end` is to come.
    mutating func close(_ rules: JudgingRules) {
        guard isOpen else { return }
        closeQuiet(at: end, isFrame: false, rules)
        isOpen = false
        picture = nil
        openQuiet(at: end, isEdge: true, doubtUntil: end)
    }

    // MARK: - Quiets

    private mutating func begin(_ look: Look, _ rules: JudgingRules) {
        isOpen = true
        picture = nil
        if look.start > end, look.evidence == .sampled, isWaiting(look.start, rules) {
            gap = Gap(start: end, end: look.start)
        } else {
            settled = look.start
        }
        openQuiet(at: look.start, isEdge: true, doubtUntil: look.start)
    }

    private mutating func openQuiet(at instant: Int64, isEdge: Bool, doubtUntil: Int64) {
        quietFrom = instant
        origin = instant
        self.isEdge = isEdge
        self.doubtUntil = doubtUntil
        hasPackets = false
        isDecided = false
        pieces.removeAll()
    }

    /// From the last frame to the first of this observation.
    private mutating func takeHead(
        _ look: Look, _ first: Int64, isLossy: Bool, _ rules: JudgingRules
    ) {
        if !isDecided, let packet = look.firstPacket, packet < first,
            packet - origin >= rules.frameTail
        {
            hasPackets = true
        }
        if look.hasDrops, first - origin >= rules.silence, look.start < first {
            // The probe may have missed frames before this one.
            closeQuiet(at: look.start, isFrame: false, frame: first, rules)
            emit(Segment.unknown(.probeDrops), look.evidence, until: first)
        } else {
            pieces.append(Piece(end: first, isLossy: isLossy, evidence: look.evidence))
            closeQuiet(at: first, isFrame: true, rules)
        }
    }

    /// Says what the quiet until `instant` was; the next frame, if known, came at `frame`.
    private mutating func closeQuiet(
        at instant: Int64, isFrame: Bool, frame: Int64? = nil, _ rules: JudgingRules
    ) {
        if (frame ?? instant) - origin >= rules.silence {
            picture = nil
            if doubtUntil > quietFrom { cutDoubt(before: instant) }
        }
        if isDecided || instant - quietFrom >= rules.silence {
            emitPieces(Segment.bad(hasPackets ? .frozen : .silence), until: instant)
        } else {
            // A run without a frame, too short for its silence to tell, proves nothing.
            let rest = isEdge && !isFrame ? Segment.unknown(.noEvidence) : (.good, 0)
            while let piece = pieces.first {
                pieces.removeFirst()
                emit(
                    piece.isLossy ? Segment.bad(.loss) : rest, piece.evidence,
                    until: min(piece.end, instant))
            }
        }
        pieces.removeAll()
    }

    /// In a silence, the part in which the probe dropped packets shows nothing; what follows is
    /// judged as at the edge of unknown time.
    private mutating func cutDoubt(before instant: Int64) {
        let cut = min(doubtUntil, instant)
        emitPieces(Segment.unknown(.probeDrops), until: cut)
        quietFrom = cut
        isEdge = true
        doubtUntil = cut
        while let piece = pieces.first, piece.end <= cut { pieces.removeFirst() }
    }

    private mutating func settleLongQuiet(_ rules: JudgingRules) {
        guard end - origin >= rules.silence else { return }
        if doubtUntil > quietFrom { cutDoubt(before: end) }
        let length = end - quietFrom
        guard length >= rules.silence else { return }
        if hasPackets || length >= rules.confirm {
            isDecided = true
            emitPieces(Segment.bad(hasPackets ? .frozen : .silence), until: end)
            pieces.removeAll()
        }
    }

    /// Says one thing of all that waits, each part with its evidence.
    private mutating func emitPieces(
        _ said: (kind: Segment.Kind, detail: UInt8), until instant: Int64
    ) {
        while let piece = pieces.first {
            emit(said, piece.evidence, until: min(piece.end, instant))
            guard piece.end <= instant else { break }
            pieces.removeFirst()
        }
    }

    private mutating func emit(
        _ said: (kind: Segment.Kind, detail: UInt8), _ evidence: Evidence, until instant: Int64
    ) {
        if let gap {
            guard instant > gap.end else { return }
            self.gap = nil
            fill(gap, said)
        }
        guard instant > settled else { return }
        segments.extend(
            Segment(
                start: settled, end: instant, kind: said.kind, detail: said.detail,
                evidence: evidence))
        settled = instant
        (lastKind, lastDetail) = said
    }

    /// The time between two samples: what both say, or unknown.
    private mutating func fill(_ gap: Gap, _ said: (kind: Segment.Kind, detail: UInt8)) {
        settled = gap.end
        guard lastKind != .unknown, said.kind != .unknown else { return }
        let same = lastKind == said.kind
        segments.extend(
            Segment(
                start: gap.start, end: gap.end, kind: same ? lastKind : .unknown,
                detail: same ? lastDetail : UnknownCause.betweenSamples.rawValue,
                evidence: .sampled))
    }
}

// MARK: - Checkpoint

extension Lane {
    func write(to writer: inout StateWriter) {
        writer.put(vantage.text)
        for instant in [end, settled, quietFrom, origin, doubtUntil] {
            writer.put(signed: instant &- writer.origin)
        }
        for flag in [isOpen, isEdge, hasPackets, isDecided, picture != nil, gap != nil] {
            writer.put(flag)
        }
        if let picture {
            writer.put(UInt64(picture.width))
            writer.put(UInt64(picture.height))
        }
        if let gap {
            writer.put(signed: gap.start &- writer.origin)
            writer.put(signed: gap.end &- writer.origin)
        }
        writer.put(evidence.rawValue)
        writer.put(lastKind.rawValue)
        writer.put(lastDetail)
        writer.put(pieces.count)
        for piece in pieces.live {
            writer.put(signed: piece.end &- writer.origin)
            writer.put(piece.isLossy)
            writer.put(piece.evidence.rawValue)
        }
        writer.put(segments)
        writer.put(figures.count)
        for figure in figures.live { figure.write(to: &writer) }
    }

    init?(from reader: inout StateReader) {
        guard let vantage = VantageID(reader.text()) else { return nil }
        self.init(vantage, at: reader.origin &+ reader.signed())
        settled = reader.origin &+ reader.signed()
        quietFrom = reader.origin &+ reader.signed()
        origin = reader.origin &+ reader.signed()
        doubtUntil = reader.origin &+ reader.signed()
        isOpen = reader.flag()
        isEdge = reader.flag()
        hasPackets = reader.flag()
        isDecided = reader.flag()
        let (hasPicture, hasGap) = (reader.flag(), reader.flag())
        if hasPicture {
            picture = PictureSize(
                width: UInt16(clamping: reader.number()), height: UInt16(clamping: reader.number()))
        }
        if hasGap {
            gap = Gap(
                start: reader.origin &+ reader.signed(), end: reader.origin &+ reader.signed())
        }
        evidence = reader.choice(.observed)
        lastKind = reader.choice(.unknown)
        lastDetail = reader.byte()
        for _ in 0..<reader.count() {
            let end = reader.origin &+ reader.signed()
            let isLossy = reader.flag()
            pieces.append(
                Piece(end: end, isLossy: isLossy, evidence: reader.choice(.observed)))
        }
        segments = reader.segments()
        for _ in 0..<reader.count() {
            guard let figure = Figure(from: &reader) else { return nil }
            figures.append(figure)
        }
        guard reader.isSound else { return nil }
    }

    /// Every instant in it.
    var instants: [Int64] {
        [end, settled, quietFrom, origin, doubtUntil] + pieces.live.map(\.end)
            + (gap.map { [$0.start, $0.end] } ?? [])
    }
}
