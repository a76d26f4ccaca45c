// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Streams
import Timekeeping

/// The answer for people: worst camera first, each breach with its clause, then what was left out.
struct StreamTable {
    /// Kinds of faults listed before the rest is only counted: a screenful, chosen.
    static let faultLimit = 12

    var style: TerminalStyle
    var criteria = Criteria()
    var sort = StreamSort.worst
    /// Whether audio and other streams have a line each.
    var showsAll = false

    /// Writes the whole table.
    ///
    /// `reports` is walked once to rank it and then asked for each line, so a collection that
    /// makes its reports when asked costs no memory.
    func write<Reports: RandomAccessCollection<StreamReport>>(
        _ reports: Reports, input: AnalysisInput, faults: [FaultCount], to sink: ByteSink
    ) where Reports.Index == Int {
        let ranking = StreamRanking(reports, sort: sort, criteria: criteria)
        let layout = StreamLayout(
            width: style.columns, longestName: ranking.longestName, ascii: style.ascii)
        if ranking.videoCount > 0 || (showsAll && ranking.tally.count > 0) {
            put(layout.heading(), sink)
            for (place, index) in ranking.order.enumerated() {
                let isVideo = place < ranking.videoCount
                guard isVideo || showsAll else { break }
                let figures = StreamFigures(reports[reports.startIndex + index])
                let verdict = StreamVerdict(figures, by: criteria)
                put(layout.row(figures, verdict, dim: !isVideo), sink)
                for line in reasons(verdict) { put(line, sink) }
                if sink.hasFailed { return }
            }
            put(StyledLine(), sink)
        }
        for line in foot(ranking.tally, input: input, faults: faults) { put(line, sink) }
    }

    /// Everything below the rows: what was left out, the legend, the sum, notes and faults.
    func foot(_ tally: StreamTally, input: AnalysisInput, faults: [FaultCount]) -> [StyledLine] {
        var lines: [StyledLine] = []
        if tally.audio + tally.other > 0, !showsAll {
            lines += wrapped([notVideo(tally)], .dim, indent: 0)
        }
        if tally.video > 0 {
            lines += wrapped(
                [
                    "! breaks annex 2,", "~ near its limit,", "? cannot be known,",
                    "- does not apply;", "rates on the IP layer,", "clock: camera less probe",
                ], .dim, indent: 0)
        }
        lines += summary(tally, input: input)
        for note in input.notes {
            lines += wrapped(words("note: " + note), .near, indent: 6)
        }
        lines += faultLines(faults)
        return lines
    }

    /// Such as `4 audio and 1 other stream, 0.26 Mbit/s, are not judged; --all lists them`.
    private func notVideo(_ tally: StreamTally) -> String {
        let counts = [(tally.audio, "audio"), (tally.other, "other")]
            .filter { $0.0 > 0 }
            .map { "\($0.0) \($0.1)" }
            .joined(separator: " and ")
        let count = tally.audio + tally.other
        let rate = DecimalText.fixed(tally.notVideoBitrate / 1e6, decimals: 2)
        return "\(counts) \(count == 1 ? "stream" : "streams"), \(rate) Mbit/s, "
            + "\(count == 1 ? "is" : "are") not judged; --all lists \(count == 1 ? "it" : "them")"
    }

    /// The line that answers the question: how many, how many break annex 2, of how much.
    ///
    /// Two lines where one is too narrow.
    func summary(_ tally: StreamTally, input: AnalysisInput) -> [StyledLine] {
        var line = StyledLine(counted(tally.count, "stream"), .title)
        let broken = tally[.broken]
        if tally.video > 0 {
            line.append(", ")
            line.append(
                "\(broken == 0 ? "none" : String(broken)) "
                    + "\(broken == 1 ? "breaches" : broken == 0 ? "breaches" : "breach") annex 2",
                broken == 0 ? .good : .broken)
            if tally[.near] > 0 {
                line.append(", ")
                line.append("\(tally[.near]) near a limit", .near)
            }
            if tally[.undecidable] > 0 {
                line.append(", ")
                line.append("\(tally[.undecidable]) unsure", .unknown)
            }
        }
        var rest = StyledLine(extent(input))
        if let drops = input.kernelDrops, drops > 0 {
            rest.append(", ")
            rest.append("\(DecimalText.grouped(drops)) dropped by the kernel", .broken)
        }
        if !input.notes.isEmpty { rest.append(", " + counted(input.notes.count, "note")) }
        let whole = line.joined(StyledLine("; ")).joined(rest)
        return whole.width <= style.columns ?? Int.max ? [whole] : [line, rest]
    }

    private func extent(_ input: AnalysisInput) -> String {
        let plural = input.packets == 1 ? "packet" : "packets"
        var text = "\(DecimalText.grouped(input.packets)) \(plural)"
        if let duration = input.durationNanoseconds {
            text += " over \(DecimalText.fixed(Double(duration) / 1e9, decimals: 1)) s"
        }
        if let elapsed = input.elapsedNanoseconds {
            text += ", read in \(DecimalText.fixed(Double(elapsed) / 1e9, decimals: 1)) s"
        }
        return text
    }

    /// Faults by frequency, each with its first case; then what is no fault, on one quiet line.
    private func faultLines(_ faults: [FaultCount]) -> [StyledLine] {
        let sorted = faults.filter { $0.first.kind != .ignored }.byFrequency
        var lines = sorted.prefix(StreamTable.faultLimit).flatMap { fault in
            wrapped(words("fault: \(extent(fault)): \(fault.first)"), .plain, indent: 7)
        }
        let rest = sorted.count - StreamTable.faultLimit
        if rest > 0 {
            lines.append(
                StyledLine("fault: \(rest) more kinds; --format json lists them all", .dim))
        }
        return lines + notMeasured(faults)
    }

    /// Such as `1,204 times, first in packet 17`.
    private func extent(_ fault: FaultCount) -> String {
        let isOne = fault.count == 1
        let times = isOne ? "once" : "\(DecimalText.grouped(fault.count)) times"
        return times
            + (fault.firstPacketNumber.map { ", \(isOne ? "" : "first ")in packet \($0)" } ?? "")
    }

    /// Such as `not measured: 5 x udp no stream, 2 x ARP`: packets in order, and no stream's.
    private func notMeasured(_ faults: [FaultCount]) -> [StyledLine] {
        let ignored = faults.filter { $0.first.kind == .ignored }.byFrequency
        guard let last = ignored.indices.last else { return [] }
        let parts = ignored.indices.map { index in
            let what = ignored[index].first
            // Some say by themselves what they are.
            let isClear = what.layer == .link || what.layer == .icmp
            let name = isClear ? what.field : "\(what.layer.rawValue) \(what.field)"
            return "\(DecimalText.grouped(ignored[index].count)) x \(name)"
                + (index < last ? "," : "")
        }
        return wrapped(["not measured:"] + parts, .dim, indent: 14)
    }

    /// What breaks or nearly breaks annex 2, or cannot be decided, below the stream's line.
    func reasons(_ verdict: StreamVerdict) -> [StyledLine] {
        var texts: [String] = []
        for finding in verdict.findings {
            switch finding.judgement {
            case .met: break
            case .near, .broken: texts.append(finding.text)
            case .undecidable: if finding.leavesUnsure { texts.append(finding.text) }
            }
        }
        guard !texts.isEmpty else { return [] }
        let last = texts.count - 1
        let ink: Ink = verdict.state == .undecidable ? .dim : verdict.state.ink
        let indent = StreamColumn.state.width + 1
        return wrapped(
            texts.enumerated().map { $1 + ($0 < last ? ";" : "") }, ink == .broken ? .plain : .dim,
            indent: indent, indentsFirst: true)
    }

    private func words(_ text: String) -> [String] {
        PrintableText.shown(text, ascii: style.ascii).split(separator: " ").map(String.init)
    }

    private func wrapped(
        _ parts: [String], _ ink: Ink, indent: Int, indentsFirst: Bool = false
    ) -> [StyledLine] {
        StyledLine.wrapped(
            parts, ink, limit: style.columns, indent: indent, indentsFirst: indentsFirst)
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        "\(count == 0 ? "no" : DecimalText.grouped(UInt64(count))) \(noun)\(count == 1 ? "" : "s")"
    }

    private func put(_ line: StyledLine, _ sink: ByteSink) {
        let line = style.columns.map { line.clipped(to: max(1, $0)) } ?? line
        sink.write(line.rendered(colour: style.colour))
        sink.write("\n")
    }
}
