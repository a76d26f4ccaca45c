// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

/// The figures of a statement as one flat, sorted list: what two revisions are compared by.
///
/// Written as `figures.tsv` beside every issue, so that the next revision can say what changed
/// without reading any other form. A line is `subject TAB figure TAB value`; the first line names
/// the form.
public struct StatementFigures: Hashable, Sendable {
    /// The name and version of the text form.
    public static let schema = "kuzet.figures/1"
    /// Bytes that are read at most: about a million cameras' figures (chosen).
    public static let largestFile = 512 * 1024 * 1024

    /// One figure.
    public struct Figure: Hashable, Sendable {
        /// Whose, such as `header` or `camera:ID`.
        public var subject: String
        /// Which, such as `down-failure-ns`.
        public var name: String
        /// Its value as text.
        public var value: String
    }

    /// In the order of subject and name.
    public private(set) var figures: [Figure]

    /// Takes the figures of a statement; its revision and differences are none.
    public init(_ statement: Statement) {
        var list = Collector()
        list.add(header: statement.header)
        for line in [statement.system] + statement.parties + statement.channels + statement.sites {
            list.add(line)
        }
        for line in statement.cameras { list.add(line) }
        for work in statement.works { list.add(work) }
        for exclusion in statement.exclusions { list.add(exclusion) }
        figures = list.figures.sorted { ($0.subject, $0.name) < ($1.subject, $1.name) }
    }

    /// Reads the text form, or nil if it is not one.
    public init?(parsing text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 2, lines[0] == StatementFigures.schema, lines.last == "" else {
            return nil
        }
        figures = []
        for line in lines.dropFirst().dropLast() {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            figures.append(
                Figure(
                    subject: String(parts[0]), name: String(parts[1]), value: String(parts[2])))
        }
        let isSorted = zip(figures, figures.dropFirst()).allSatisfy {
            ($0.subject, $0.name) < ($1.subject, $1.name)
        }
        guard isSorted else { return nil }
    }

    /// Writes the text form.
    public func write(to sink: DocumentSink) {
        sink.write(StatementFigures.schema + "\n")
        for figure in figures {
            sink.write(figure.subject)
            sink.write("\t")
            sink.write(figure.name)
            sink.write("\t")
            sink.write(figure.value)
            sink.write("\n")
        }
    }

    /// What `self` says otherwise than `earlier`, in the order of subject and name.
    public func differences(from earlier: StatementFigures) -> [StatementDifference] {
        var found: [StatementDifference] = []
        var old = earlier.figures[...]
        var new = figures[...]
        while let one = old.first ?? new.first {
            let before = old.first
            let now = new.first
            if let before, let now, (before.subject, before.name) == (now.subject, now.name) {
                if before.value != now.value {
                    found.append(StatementDifference(now, from: before.value, to: now.value))
                }
                old.removeFirst()
                new.removeFirst()
            } else if let before, now.map({ precedes(before, $0) }) ?? true {
                found.append(StatementDifference(before, from: before.value, to: nil))
                old.removeFirst()
            } else {
                let figure = now ?? one
                found.append(StatementDifference(figure, from: nil, to: figure.value))
                new.removeFirst()
            }
        }
        return found
    }

    private func precedes(_ one: Figure, _ other: Figure) -> Bool {
        (one.subject, one.name) < (other.subject, other.name)
    }
}

/// A figure that one revision gives otherwise than the one before.
public struct StatementDifference: Hashable, Sendable {
    /// Whose figure.
    public var subject: String
    /// Which figure.
    public var figure: String
    /// What it was; nil if it was not there.
    public var from: String?
    /// What it is; nil if it is no longer there.
    public var to: String?

    init(_ figure: StatementFigures.Figure, from: String?, to: String?) {
        subject = figure.subject
        self.figure = figure.name
        self.from = from
        self.to = to
    }
}

extension Statement {
    /// What this revision says otherwise than the one before.
    public struct Differences: Hashable, Sendable {
        /// Rows of the table that are kept: more are counted, and both revisions hold them (chosen).
        public static let rowLimit = 2_000

        /// The revision before.
        public var previousRevision: Int
        /// SHA-256 of its content, hexadecimal.
        public var previousDigest: String
        /// Whether the earlier figures were at hand; if not, there are no rows.
        public var isTableKnown: Bool
        /// Rows beyond the limit.
        public var omitted: Int
        /// What changed, in the order of subject and figure.
        public var rows: [StatementDifference]

        /// Makes the table; `rows` is nil where the earlier figures are not at hand.
        public init(
            previousRevision: Int, previousDigest: String, rows: [StatementDifference]?
        ) {
            self.previousRevision = previousRevision
            self.previousDigest = previousDigest
            isTableKnown = rows != nil
            self.rows = Array((rows ?? []).prefix(Differences.rowLimit))
            omitted = max(0, (rows?.count ?? 0) - Differences.rowLimit)
        }
    }
}

/// Gathers figures from the parts of a statement.
private struct Collector {
    var figures: [StatementFigures.Figure] = []

    private mutating func add(_ subject: String, _ name: String, _ value: String) {
        // A tab or line break would break the form; texts of others can hold them.
        let isClean = value.utf8.allSatisfy { $0 >= 0x20 }
        let clean =
            isClean
            ? value : String(value.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
        figures.append(StatementFigures.Figure(subject: subject, name: name, value: clean))
    }

    mutating func add(header: Statement.Header) {
        add("header", "software-version", header.softwareVersion)
        add("header", "tzdata-version", header.tzdataVersion)
        add("header", "start", ExactText.instant(header.period.start))
        add("header", "end", ExactText.instant(header.period.end))
        add(
            "header", "data-complete-until",
            header.dataCompleteUntil.map(ExactText.instant) ?? "")
        add(
            "header", "provisional",
            header.provisional.map(\.rawValue).joined(separator: " "))
    }

    private mutating func add(_ subject: String, _ totals: Statement.TimeTotals) {
        add(subject, "up-ns", String(totals.up))
        add(subject, "degraded-ns", String(totals.degraded))
        add(subject, "down-failure-ns", String(totals.downFailure))
        add(subject, "down-maintenance-ns", String(totals.downMaintenance))
        add(subject, "unknown-ns", String(totals.unknown))
        add(subject, "excluded-ns", String(totals.excluded))
    }

    private mutating func add(_ subject: String, _ budget: Statement.BudgetFigures) {
        add(subject, "budget-used-ns", String(budget.used))
        add(subject, "budget-unknown-ns", String(budget.unknown))
        add(subject, "budget-limit-ns", String(budget.limit))
        add(subject, "budget-verdict", budget.verdict.rawValue)
    }

    mutating func add(_ line: Statement.ThingLine) {
        let id = line.subject.id
        let subject = id.isEmpty ? line.subject.kind : line.subject.kind + ":" + id
        add(subject, line.totals)
        add(subject, "outages", String(line.outages))
        add(subject, "own-downtime-ns", String(line.ownDowntime))
        if let budget = line.budget { add(subject, budget) }
    }

    mutating func add(_ line: Statement.CameraLine) {
        let subject = "camera:" + line.id.text
        add(subject, line.totals)
        add(subject, line.budget)
        add(subject, "outages", String(line.outages))
        add(subject, "longest-outage-ns", String(line.longestOutage))
        add(subject, "packets-expected", String(line.quality.expected))
        add(subject, "packets-lost", String(line.quality.lost))
        add(subject, "octets", String(line.quality.octets))
        add(subject, "frames", String(line.quality.frames))
        for figures in line.criteria {
            add(subject, figures.criterion.rawValue + "-verdict", figures.verdict.rawValue)
            add(subject, figures.criterion.rawValue + "-breached-ns", String(figures.breached))
        }
    }

    mutating func add(_ work: Statement.WorkLine) {
        add("work:" + work.id, "start", ExactText.instant(work.range.start))
        add("work:" + work.id, "end", ExactText.instant(work.range.end))
        add("work:" + work.id, "downtime-ns", String(work.downtime))
    }

    mutating func add(_ exclusion: Statement.ExclusionLine) {
        add("exclusion:" + exclusion.id, "start", ExactText.instant(exclusion.range.start))
        add("exclusion:" + exclusion.id, "end", ExactText.instant(exclusion.range.end))
        add(
            "exclusion:" + exclusion.id, "revoked", exclusion.revokedAt.map(ExactText.instant) ?? ""
        )
        add("exclusion:" + exclusion.id, "excluded-ns", String(exclusion.excluded))
    }
}
