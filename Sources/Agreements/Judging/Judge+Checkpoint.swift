// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

extension Judge {
    /// The form of the bytes; another number is another form.
    static let checkpointVersion: UInt8 = 1

    /// All that later observations are judged by, as bytes; what was settled and not drained is
    /// not part of it.
    ///
    /// Equal bytes mean that whatever follows is judged alike.
    public var checkpoint: [UInt8] {
        var writer = StateWriter(origin: watermark == .min ? 0 : watermark)
        writer.put(Judge.checkpointVersion)
        writer.put(rules.fingerprint)
        writer.put(watermark != .min)
        if watermark != .min { writer.put(signed: watermark) }
        writer.put(lastVantage?.text ?? "")
        writer.put(instant: merged)
        writer.put(instant: told)
        writer.put(lanes.count)
        for lane in lanes { lane.write(to: &writer) }
        confirmation.write(to: &writer)
        writer.put(base)
        windows.write(to: &writer)
        return writer.bytes
    }

    /// Makes the judge that wrote `checkpoint` under the same rules.
    ///
    /// Nil for bytes that no judge wrote, of another version, or made under other rules: then
    /// judge again from the beginning.
    public init?(checkpoint: [UInt8], rules: JudgingRules = .standard) {
        self.init(rules: rules)
        var reader = StateReader(checkpoint)
        guard reader.byte() == Judge.checkpointVersion, reader.number() == rules.fingerprint else {
            return nil
        }
        var watermark = Int64.min
        if reader.flag() {
            watermark = reader.signed()
            reader.origin = watermark
        }
        let vantage = reader.text()
        let (merged, told) = (reader.instant(), reader.instant())
        restore(
            watermark: watermark, lastVantage: vantage.isEmpty ? nil : VantageID(vantage),
            merged: merged, told: told)
        for _ in 0..<reader.count() {
            guard let lane = Lane(from: &reader) else { return nil }
            lanes.append(lane)
        }
        confirmation = Confirmation(from: &reader)
        base = reader.segments()
        guard windows.read(from: &reader), reader.isSound, reader.isAtEnd, isConsistent,
            self.checkpoint == checkpoint
        else { return nil }
    }

    /// Whether the instants stand to each other as in a judge that has run; bytes from a damaged
    /// ledger must not stop the program.
    private var isConsistent: Bool {
        let inside = Judge.instants.start.nanoseconds...Judge.instants.end.nanoseconds
        let times = stateInstants
        guard times.allSatisfy({ $0 == .min || inside.contains($0) }) else { return false }
        guard lanes.count <= Judge.mostVantages else { return false }
        var segments = confirmation.pending.live.map { $0 } + base.live.map { $0 }
        for lane in lanes { segments += lane.segments.live }
        return segments.allSatisfy {
            inside.contains($0.start) && inside.contains($0.end) && $0.start < $0.end
        }
            && lanes.allSatisfy { lane in
                lane.figures.live.allSatisfy {
                    inside.contains($0.start) && inside.contains($0.end) && $0.start < $0.end
                }
            } && confirmation.sum >= 0
    }
}

extension JudgingRules {
    /// A number that differs where the rules do (FNV-1a over all of them).
    var fingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        let numbers = [
            interval, confirm, clear, silence, meanWindow, Int64(meanTolerance), patience,
            frameTail, sampleSpacing ?? -1,
        ]
        for number in numbers {
            for shift in 0..<8 {
                let byte = UInt64(truncatingIfNeeded: number >> Int64(8 * shift)) & 0xFF
                hash = (hash ^ byte) &* 0x100_0000_01B3
            }
        }
        return hash
    }
}

extension StateWriter {
    mutating func put(_ segments: Line<Segment>) {
        put(segments.count)
        for segment in segments.live {
            put(signed: segment.start &- origin)
            put(UInt64(bitPattern: segment.end &- segment.start))
            put(segment.kind.rawValue)
            put(segment.detail)
            put(segment.evidence.rawValue)
        }
    }

    mutating func put(_ stretches: some Collection<CriterionConfirmation.Stretch>) {
        put(stretches.count)
        for stretch in stretches {
            put(signed: stretch.start &- origin)
            put(UInt64(bitPattern: stretch.end &- stretch.start))
        }
    }
}

extension StateReader {
    mutating func segments() -> Line<Segment> {
        var segments: [Segment] = []
        for _ in 0..<count() {
            let start = origin &+ signed()
            let end = start &+ Int64(truncatingIfNeeded: number())
            let (kind, detail) = (choice(Segment.Kind.unknown), byte())
            segments.append(
                Segment(
                    start: start, end: end, kind: kind, detail: detail,
                    evidence: choice(Evidence.observed)))
        }
        return Line(segments)
    }

    mutating func stretches() -> [CriterionConfirmation.Stretch] {
        var stretches: [CriterionConfirmation.Stretch] = []
        for _ in 0..<count() {
            let start = origin &+ signed()
            stretches.append(.init(start: start, end: start &+ Int64(truncatingIfNeeded: number())))
        }
        return stretches
    }
}

extension Confirmation {
    func write(to writer: inout StateWriter) {
        writer.put(isRaised)
        writer.put(signed: sum)
        writer.put(lastReason)
        writer.put(pending)
    }

    init(from reader: inout StateReader) {
        isRaised = reader.flag()
        sum = reader.signed()
        lastReason = reader.byte()
        pending = reader.segments()
    }
}

extension CriterionConfirmation {
    func write(to writer: inout StateWriter) {
        writer.put(isRaised)
        writer.put(signed: sum)
        writer.put(instant: end)
        writer.put(pending.live)
        writer.put(broken.live)
    }

    init(from reader: inout StateReader) {
        isRaised = reader.flag()
        sum = reader.signed()
        end = reader.instant()
        pending = Line(reader.stretches())
        broken = Line(reader.stretches())
    }
}
