// SPDX-License-Identifier: Apache-2.0
import Measurements
import Streams

/// The answer of one analysis in whatever form was asked for: intervals while reading, then the
/// rest at once.
struct AnalysisAnswer {
    private let options: AnalyzeOptions
    private let criteria: Criteria
    /// What the output can show; a window may be resized before the end.
    var style: TerminalStyle
    private let output: ByteSink
    private let messages: ByteSink
    private var writer: (any AnswerWriter)?
    /// Nothing is written before there is something to say: an input that cannot be opened must
    /// not leave half a document.
    private var isBegun = false

    /// Makes an answer that writes data to `output` and remarks to `messages`.
    init(
        _ options: AnalyzeOptions, criteria: Criteria = Criteria(), style: TerminalStyle,
        output: ByteSink, messages: ByteSink
    ) {
        self.options = options
        self.criteria = criteria
        self.style = style
        self.output = output
        self.messages = messages
        writer = options.format?.form?.writer(to: output, series: options.series)
    }

    /// Whether nobody reads any more, so that the analysis may stop.
    var isUnread: Bool { output.hasFailed }

    /// One stream's finished interval; it is written at once, or not wanted.
    mutating func interval(_ interval: IntervalReport) {
        guard options.series else { return }
        begin()
        writer?.interval(interval)
    }

    private mutating func begin() {
        if !isBegun { writer?.begin() }
        isBegun = true
    }

    /// Writes all the rest and gives the exit status.
    ///
    /// `reports` is walked once or twice and may make each report when asked for it.
    mutating func finish<Reports: RandomAccessCollection<StreamReport>>(
        _ reports: Reports, input: AnalysisInput, faults: [FaultCount]
    ) throws(SinkFault) -> Int32 where Reports.Index == Int {
        begin()
        if var writer {
            writer.input(input)
            for report in reports {
                if output.hasFailed { break }
                let figures = StreamFigures(report)
                let verdict = StreamVerdict(figures, by: criteria)
                writer.stream(figures, verdict)
            }
            writer.end(faults)
        } else if options.format != nil || !options.check {
            StreamTable(
                style: style, criteria: criteria, sort: options.sort, showsAll: options.showsAll
            ).write(reports, input: input, faults: faults, to: output)
        }
        var status: Int32 = 0
        if options.check {
            let check = CheckAnswer(reports, input: input, criteria: criteria)
            // Beside a document on the output, the line is a remark.
            (options.format == nil ? output : messages).write(check.line + "\n")
            status = check.code.rawValue
        }
        try end()
        return status
    }

    /// Says that there is no answer, and gives the exit status: 3 for a monitor, else 2.
    mutating func fail(_ reason: String) throws(SinkFault) -> Int32 {
        guard options.check else {
            messages.write("kuzet: " + PrintableText.shown(reason, ascii: style.ascii) + "\n")
            try end()
            return 2
        }
        let check = CheckAnswer(unreadable: reason)
        (options.format == nil ? output : messages).write(check.line + "\n")
        try end()
        return check.code.rawValue
    }

    private func end() throws(SinkFault) {
        try messages.finish()
        do {
            try output.finish()
        } catch {
            // `kuzet analyze | head` has what it wanted.
            guard error.isReaderGone else { throw error }
        }
    }
}
