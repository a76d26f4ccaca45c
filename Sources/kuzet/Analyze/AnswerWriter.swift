// SPDX-License-Identifier: Apache-2.0
import Measurements
import Streams

/// Writes an analysis for other programs, piece by piece, in memory that does not grow.
///
/// The pieces must come in this order: `begin`, any number of `interval`, `input`, any number of
/// `stream`, `end`. Intervals come first, because they are known while the input is still being
/// read. Check `sink.hasFailed` now and then, and call `sink.finish()` at last.
protocol AnswerWriter {
    /// Where the answer goes.
    var sink: ByteSink { get }

    mutating func begin()
    /// One stream's measurement of one interval; only with series.
    mutating func interval(_ interval: IntervalReport)
    mutating func input(_ input: AnalysisInput)
    mutating func stream(_ figures: StreamFigures, _ verdict: StreamVerdict)
    mutating func end(_ faults: [FaultCount])
}

/// What one stream did in one interval.
struct IntervalReport: Sendable {
    var identity: StreamIdentity
    var medium: MediumDescription
    /// Its range is the part of the interval that was observed.
    var measurement: Measurement
    var unknown: [UnknownFigure] = []

    /// The figures, rates taken over the interval.
    var figures: StreamFigures {
        var report = StreamReport(identity: identity, total: measurement)
        report.medium = medium
        report.unknown = unknown
        return StreamFigures(report, stretch: .interval)
    }
}

/// The answer's forms for programs.
enum AnswerForm: String, CaseIterable, Sendable {
    case json, ndjson, csv

    /// A writer of this form; `series` says that intervals will come.
    func writer(to sink: ByteSink, series: Bool) -> any AnswerWriter {
        switch self {
        case .json: JSONAnswer(to: sink, series: series)
        case .ndjson: NDJSONAnswer(to: sink)
        case .csv: CSVAnswer(to: sink, series: series)
        }
    }
}
