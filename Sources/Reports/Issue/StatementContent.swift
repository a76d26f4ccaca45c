// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension Statement {
    /// Writes what the statement says, apart from how: what a new revision is told from the last by.
    ///
    /// Neither the revision is in it nor the versions of the program and of the time zone database,
    /// nor anything of the forms that the statement is rendered in. The same says in any language,
    /// from any version of the program, that the same was measured, judged and entered. It is
    /// hashed, never read: `SHA-256` of it is the manifest's `content`.
    public func writeContent(to sink: DocumentSink) {
        let content = ContentText(sink: sink)
        content.add("kuzet.content/1")
        content.add(
            "header", header.periodName, header.zone.name, header.recipient.description,
            header.recipientName)
        content.add("accounted", header.accounted)
        for figure in StatementFigures(self).figures where !figure.tellsVersion {
            content.add(figure.subject, figure.name, figure.value)
        }
        for limits in header.rules.limits {
            let held = limits.thresholds
            content.add("limits", limits.range)
            content.add(
                String(limits.cameras), "\(held.minimumWidth)x\(held.minimumHeight)",
                String(held.minimumBitrate), String(held.minimumFrameRate),
                String(held.maximumLoss), String(held.maximumClockOffset),
                String(held.annualDowntime))
        }
        for change in summary.changes {
            content.add(
                "change", change.figure.rawValue, change.before.map { String($0) } ?? "",
                change.after.map { String($0) } ?? "")
        }
        for line in [system] + parties + channels + sites { content.add(line) }
        for line in cameras { content.add(line) }
        for entry in incidents.entries { content.add(entry) }
        for work in works {
            content.add(
                "work", work.id, work.scope, work.what, work.enteredBy,
                ExactText.instant(work.enteredAt))
        }
        for line in exclusions {
            content.add(
                "exclusion", line.id, line.scope, line.reason, line.document, line.enteredBy,
                ExactText.instant(line.enteredAt), line.revokedBy)
        }
        content.add("open-channels", security.openChannels.map(\.text).joined(separator: " "))
        for count in security.eventCounts { content.add("events", count.kind, String(count.count)) }
        for event in security.events {
            content.add(
                "event", ExactText.instant(event.at), event.kind, event.actor, event.subject)
        }
        for line in outlook {
            content.add(
                "outlook", line.subject.kind, line.subject.id,
                line.runsOut.map { ExactText.instant($0.at) } ?? "")
        }
    }
}

extension StatementFigures.Figure {
    /// Whether it tells only what the statement was made with.
    var tellsVersion: Bool {
        subject == "header" && (name == "software-version" || name == "tzdata-version")
    }
}

/// Lines of fields; control characters part both, so that no text of anybody's can pass for two.
private struct ContentText {
    let sink: DocumentSink

    func add(_ fields: String...) {
        for (index, field) in fields.enumerated() {
            if index > 0 { sink.write("\u{1f}") }
            sink.write(field)
        }
        sink.write("\u{1e}")
    }

    func add(_ name: String, _ range: TimeRange) {
        add(name, ExactText.instant(range.start), ExactText.instant(range.end))
    }

    func add(_ line: Statement.ThingLine) {
        add(
            line.subject.kind, line.subject.id, line.name, line.owner?.text ?? "",
            String(line.cameras), String(line.longestOutage), line.line?.medium ?? "",
            line.line?.role ?? "", line.line.map { $0.isEncrypted ? "encrypted" : "open" } ?? "")
    }

    func add(_ line: Statement.CameraLine) {
        let quality = line.quality
        add(
            "camera", line.id.text, line.name, line.site.text, line.channel?.text ?? "", line.kind,
            String(quality.observed), String(quality.intervals),
            String(quality.intervalsAboveLossLimit),
            quality.picture.map { "\($0.width)x\($0.height)" } ?? "",
            quality.clock.map { "\($0.least) \($0.greatest)" } ?? "",
            quality.jitter.map { "\($0.p50) \($0.p95) \($0.p99)" } ?? "",
            String(quality.largestGap), quality.encryption?.rawValue ?? "")
        if let unencrypted = quality.unencrypted, unencrypted > 0 {
            add("unencrypted", String(unencrypted))
        }
        for stall in quality.stalls {
            add("stall", stall.range)
            add(String(stall.nanoseconds), String(stall.count))
        }
        for interval in line.intervals {
            add("interval", interval.range)
            add(
                "state", interval.state.rawValue, interval.reason, interval.responsible,
                interval.evidence)
        }
    }

    func add(_ entry: Statement.IncidentEntry) {
        add("incident", entry.range)
        add(
            entry.subject.kind, entry.subject.id, entry.cause.rawValue,
            entry.responsible?.text ?? "", entry.isOpen ? "open" : "",
            entry.touched.map(\.text).joined(separator: " "), String(entry.explains))
    }
}
