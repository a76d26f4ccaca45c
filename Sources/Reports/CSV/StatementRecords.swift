// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Timekeeping

extension CSVText {
    /// Writes a duration as seconds.
    mutating func seconds(_ nanoseconds: (some FixedWidthInteger)?) {
        plain(nanoseconds.map { ExactText.seconds(Int128($0)) })
    }

    /// Writes an instant.
    mutating func instant(_ instant: Instant?) {
        plain(instant.map(ExactText.instant))
    }

    /// Writes a share as a percentage of six decimals.
    mutating func percent(_ share: Statement.Share) {
        plain(ExactText.percent(share, decimals: 6))
    }

    /// Writes the fields of `StatementTable.time`.
    mutating func fields(_ totals: Statement.TimeTotals) {
        seconds(totals.period)
        seconds(totals.up)
        seconds(totals.degraded)
        seconds(totals.downFailure)
        seconds(totals.downMaintenance)
        seconds(totals.unknown)
        seconds(totals.excluded)
        percent(totals.availabilityLower)
        percent(totals.availabilityUpper)
        percent(totals.coverage)
    }

    /// Writes the fields of `StatementTable.budget`, empty without one.
    mutating func fields(_ budget: Statement.BudgetFigures?) {
        plain(budget?.verdict.rawValue)
        plain(budget?.undecidable)
        seconds(budget?.limit)
        seconds(budget?.used)
        seconds(budget?.unknown)
        seconds(budget?.leftLower)
        seconds(budget?.leftUpper)
        instant(budget?.runsOut?.at)
        for window in Burn.windows {
            seconds(budget?.burn.first { $0.window == window }?.used)
        }
    }
}

extension Statement.ThingLine {
    func write(to csv: inout CSVText) {
        csv.plain(subject.kind)
        csv.text(subject.id)
        csv.text(name)
        csv.text(owner?.text ?? "")
        csv.number(cameras)
        csv.fields(totals)
        csv.number(outages)
        csv.seconds(longestOutage)
        csv.seconds(ownDowntime)
        csv.fields(budget)
        csv.text(line?.medium ?? "")
        csv.text(line?.role ?? "")
        csv.plain(line.map { $0.isEncrypted ? "true" : "false" })
        csv.endRecord()
    }
}

extension Statement.CameraLine {
    func write(to csv: inout CSVText) {
        csv.text(id.text)
        csv.text(name)
        csv.text(site.text)
        csv.text(channel?.text ?? "")
        csv.text(kind)
        csv.fields(totals)
        csv.number(outages)
        csv.seconds(longestOutage)
        csv.fields(budget)
        quality.writeFields(to: &csv)
        csv.endRecord()
    }

    func writeCriteria(to csv: inout CSVText) {
        for figures in criteria {
            csv.text(id.text)
            csv.plain(figures.criterion.rawValue)
            csv.plain(figures.criterion.clause)
            csv.plain(figures.verdict.rawValue)
            csv.seconds(figures.breached)
            csv.number(figures.breaches)
            csv.endRecord()
        }
    }

    func writeIntervals(to csv: inout CSVText) {
        for interval in intervals {
            csv.text(id.text)
            csv.instant(interval.range.start)
            csv.instant(interval.range.end)
            csv.seconds(interval.range.nanoseconds)
            csv.plain(interval.state.rawValue)
            csv.text(interval.reason)
            csv.text(interval.responsible)
            csv.plain(interval.evidence)
            csv.endRecord()
        }
    }
}

extension Statement.CameraLine {
    func writeStalls(to csv: inout CSVText) {
        for stall in quality.stalls {
            csv.text(id.text)
            csv.instant(stall.range.start)
            csv.instant(stall.range.end)
            csv.plain(Statement.Stall.clause)
            csv.seconds(stall.nanoseconds)
            csv.number(stall.count)
            csv.endRecord()
        }
    }
}

extension Statement.QualityFigures {
    func writeFields(to csv: inout CSVText) {
        csv.seconds(observed)
        csv.number(expected)
        csv.number(lost)
        csv.percent(loss)
        csv.number(intervals)
        csv.number(intervalsAboveLossLimit)
        csv.number(octets)
        csv.number(bitsPerSecond)
        csv.number(frames)
        csv.plain(millihertz.flatMap { ExactText.quotient($0, by: 1000, decimals: 3) })
        csv.number(picture?.width)
        csv.number(picture?.height)
        csv.seconds(clock?.least)
        csv.seconds(clock?.greatest)
        csv.seconds(jitter?.p50)
        csv.seconds(jitter?.p95)
        csv.seconds(jitter?.p99)
        csv.seconds(largestGap)
        csv.plain(encryption?.rawValue)
        csv.seconds(unencrypted)
    }
}

extension Statement.IncidentEntry {
    func write(to csv: inout CSVText) {
        csv.plain(subject.kind)
        csv.text(subject.id)
        csv.instant(range.start)
        csv.instant(range.end)
        csv.seconds(inPeriod)
        csv.plain(isOpen ? "true" : "false")
        csv.plain(cause.rawValue)
        csv.text(responsible?.text ?? "")
        csv.instant(acknowledgedAt)
        csv.instant(restoredAt)
        csv.number(touched.count)
        csv.number(explains)
        csv.endRecord()
    }
}

extension Statement.WorkLine {
    func write(to csv: inout CSVText) {
        csv.text(id)
        csv.text(scope)
        csv.instant(range.start)
        csv.instant(range.end)
        csv.text(what)
        csv.text(enteredBy)
        csv.instant(enteredAt)
        csv.plain(isAfterTheFact ? "true" : "false")
        csv.seconds(downtime)
        csv.endRecord()
    }
}

extension Statement.ExclusionLine {
    func write(to csv: inout CSVText) {
        csv.text(id)
        csv.text(scope)
        csv.instant(range.start)
        csv.instant(range.end)
        csv.text(reason)
        csv.text(document)
        csv.text(enteredBy)
        csv.instant(enteredAt)
        csv.instant(revokedAt)
        csv.text(revokedBy)
        csv.seconds(excluded)
        csv.endRecord()
    }
}

extension Statement.OutlookLine {
    func write(to csv: inout CSVText) {
        csv.plain(subject.kind)
        csv.text(subject.id)
        csv.seconds(left)
        csv.instant(runsOut?.at)
        csv.seconds(runsOut?.basis)
        csv.endRecord()
    }
}
