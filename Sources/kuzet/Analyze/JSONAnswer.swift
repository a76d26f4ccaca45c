// SPDX-License-Identifier: Apache-2.0
import Agreements
import Measurements
import Octets
import Streams
import Timekeeping

/// The answer as one JSON document; each stream on a line of its own.
struct JSONAnswer: AnswerWriter {
    /// The version of the output: the number rises when a name leaves or changes its meaning.
    static let schema = "kuzet.analysis/1"

    let sink: ByteSink
    private var json: JSONWriter
    private let series: Bool

    init(to sink: ByteSink, series: Bool) {
        self.sink = sink
        self.series = series
        json = JSONWriter(to: sink, linesTo: 2)
    }

    mutating func begin() {
        json.beginObject()
        json.member("schema", JSONAnswer.schema)
        guard series else { return }
        json.key("intervals")
        json.beginArray()
    }

    mutating func interval(_ interval: IntervalReport) {
        guard series else { return }
        json.beginObject()
        json.interval(interval)
        json.endObject()
    }

    mutating func input(_ input: AnalysisInput) {
        if series { json.endArray() }
        json.key("input")
        json.beginObject()
        json.input(input)
        json.endObject()
        json.key("streams")
        json.beginArray()
    }

    mutating func stream(_ figures: StreamFigures, _ verdict: StreamVerdict) {
        json.beginObject()
        json.stream(figures, verdict)
        json.endObject()
    }

    mutating func end(_ faults: [FaultCount]) {
        json.endArray()
        json.faults(faults)
        json.endObject()
        json.endLine()
    }
}

/// The answer as JSON lines: each a document with its `type`.
struct NDJSONAnswer: AnswerWriter {
    let sink: ByteSink

    init(to sink: ByteSink) {
        self.sink = sink
    }

    mutating func begin() {}

    mutating func interval(_ interval: IntervalReport) {
        line("interval") { $0.interval(interval) }
    }

    mutating func input(_ input: AnalysisInput) {
        line("input") { json in
            json.member("schema", JSONAnswer.schema)
            json.input(input)
        }
    }

    mutating func stream(_ figures: StreamFigures, _ verdict: StreamVerdict) {
        line("stream") { $0.stream(figures, verdict) }
    }

    mutating func end(_ faults: [FaultCount]) {
        line("faults") { $0.faults(faults) }
    }

    private func line(_ type: String, _ body: (inout JSONWriter) -> Void) {
        var json = JSONWriter(to: sink)
        json.beginObject()
        json.member("type", type)
        body(&json)
        json.endObject()
        json.endLine()
    }
}

// MARK: - Members of each object

extension JSONWriter {
    mutating func interval(_ interval: IntervalReport) {
        let figures = interval.figures
        key("stream")
        beginObject()
        for figure in Figure.identity { member(figure, figures[figure]) }
        endObject()
        member("start", interval.measurement.range.start.text())
        member("end", interval.measurement.range.end.text())
        unknown(members(figures, Figure.ofInterval))
    }

    mutating func input(_ input: AnalysisInput) {
        switch input.origin {
        case .file(let name):
            member("file", name)
            key("interface")
            null()
        case .interface(let name):
            key("file")
            null()
            member("interface", name)
        }
        member("format", input.format)
        member("packets_read", input.packets)
        member("bytes", input.bytes)
        member("first_packet", input.firstPacket?.text())
        member("last_packet", input.lastPacket?.text())
        member("duration_s", input.durationNanoseconds.map { Double($0) / 1e9 })
        member("kernel_drops", input.kernelDrops)
        member("packets_cut", input.cutPackets)
        member("elapsed_s", input.elapsedNanoseconds.map { Double($0) / 1e9 })
        key("notes")
        beginArray()
        for note in input.notes { value(note) }
        endArray()
    }

    mutating func stream(_ figures: StreamFigures, _ verdict: StreamVerdict) {
        let missing = members(figures, Figure.allCases)
        key("verdict")
        beginObject()
        member("state", verdict.state.rawValue)
        findings("broken", verdict) { $0 == .broken }
        findings("near", verdict) { $0 == .near }
        findings("undecidable", verdict) {
            if case .undecidable = $0 { true } else { false }
        }
        endObject()
        unknown(missing)
    }

    private mutating func findings(
        _ name: String, _ verdict: StreamVerdict, where isWanted: (Judgement) -> Bool
    ) {
        key(name)
        beginArray()
        for finding in verdict.findings where isWanted(finding.judgement) {
            beginObject()
            member("clause", finding.criterion.clause)
            member("criterion", finding.criterion.jsonName)
            member("text", finding.text)
            endObject()
        }
        endArray()
    }

    /// `faults` by layer and kind, and `fault_details` with the first case of each.
    mutating func faults(_ faults: [FaultCount]) {
        key("faults")
        beginObject()
        var layers: [String] = []
        for fault in faults where !layers.contains(fault.first.layer.rawValue) {
            layers.append(fault.first.layer.rawValue)
        }
        for layer in layers.sorted() {
            key(layer)
            beginObject()
            var kinds: [String: UInt64] = [:]
            for fault in faults where fault.first.layer.rawValue == layer {
                kinds[fault.first.kind.rawValue, default: 0] &+= fault.count
            }
            for (kind, count) in kinds.sorted(by: { $0.key < $1.key }) { member(kind, count) }
            endObject()
        }
        endObject()
        key("fault_details")
        beginArray()
        for fault in faults.byFrequency {
            beginObject()
            member("layer", fault.first.layer.rawValue)
            member("kind", fault.first.kind.rawValue)
            member("field", fault.first.field)
            member("count", fault.count)
            member("first_packet_number", fault.firstPacketNumber)
            member("example", fault.first.description)
            endObject()
        }
        endArray()
    }

    /// Writes the figures and gives those that have no value and ought to, with the reason.
    private mutating func members(_ figures: StreamFigures, _ wanted: [Figure])
        -> [(figure: Figure, reason: UnknownReason)]
    {
        var missing: [(figure: Figure, reason: UnknownReason)] = []
        for figure in wanted {
            let value = figures[figure]
            member(figure, value)
            if case .none = value, let reason = figures.reason(figure) {
                missing.append((figure, reason))
            }
        }
        return missing
    }

    private mutating func unknown(_ missing: [(figure: Figure, reason: UnknownReason)]) {
        key("unknown")
        beginObject()
        for (figure, reason) in missing { member(figure.rawValue, reason.rawValue) }
        endObject()
    }

    private mutating func member(_ figure: Figure, _ value: FigureValue) {
        key(figure.rawValue)
        self.value(value)
    }

    /// Writes a figure's value.
    mutating func value(_ figure: FigureValue) {
        switch figure {
        case .none: null()
        case .text(let text): value(text)
        case .count(let count): value(count)
        case .number(let number): value(number)
        case .flag(let flag): value(flag)
        case .list(let numbers):
            beginArray()
            for number in numbers { value(number) }
            endArray()
        case .tally(let tallies):
            beginObject()
            for tally in tallies { member(String(tally.key), tally.count) }
            endObject()
        case .receptions(let receptions):
            beginArray()
            for reception in receptions {
                beginObject()
                member("reporter", reception.reporter)
                member("reports", reception.reports)
                member("cumulative_lost", reception.cumulativeLost)
                member("greatest_fraction_lost", reception.greatestFractionLost)
                member("jitter_ms", reception.jitterMilliseconds)
                member("run_length_lost", reception.runLengthLost)
                member("summary_lost", reception.summaryLost)
                endObject()
            }
            endArray()
        }
    }
}
