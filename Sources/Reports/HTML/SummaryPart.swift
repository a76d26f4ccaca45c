// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension StatementPage {
    /// Section 1, one sheet: the verdict in words, the figures behind it, what changed, the worst.
    func writeSummary() {
        let header = statement.header
        html.raw("<section>\n")
        html.element("p", title.basis(language), style: "over")
        html.element("h1", text(title))
        html.element("p", text.period(header), style: "lead")
        html.raw("<dl class=\"facts\">\n")
        fact(text(Sentence.forWhom), text.recipient(header))
        fact(text(Sentence.revision), edition)
        let offset = text.formatting.utcOffset(header.zone.offset(at: header.period.start))
        fact(text(Sentence.zone), "\(header.zone.name) (\(offset))")
        fact(
            text(Sentence.dataUntil), header.dataCompleteUntil.map(text.moment) ?? FigureText.none)
        html.raw("</dl>\n")
        if header.isProvisional {
            html.element(
                "p",
                AccountSentences(language).provisional(
                    isPeriodOpen: header.provisional.contains(.periodOpen),
                    dataUntil: header.dataCompleteUntil.map(text.moment)), style: "note")
        }
        if header.issue > 1 {
            html.element(
                "p",
                AccountSentences(language).reissue(
                    header.issue, of: header.revision, software: header.softwareVersion),
                style: "soft small")
        }
        writeVerdict()
        writeKeyFigures()
        writeChanges()
        writeWorst()
        html.raw("</section>\n")
        writeContents()
    }

    private func writeVerdict() {
        let summary = statement.summary
        let sentence: Sentence =
            switch summary.verdict {
            case .met: .met
            case .breached: .breached
            case .undecidable: .undecidable
            }
        html.raw("<div class=\"box \(summary.verdict.rawValue)\">\n")
        html.element("p", text(sentence) + ".", style: "big")
        for (noun, counts) in [
            (CountedNoun.channel, summary.channels), (.site, summary.sites),
            (.camera, summary.cameras),
        ] where counts.total > 0 {
            html.element(
                "p",
                AccountSentences(language).verdicts(
                    noun, met: counts.met, breached: counts.breached,
                    undecidable: counts.undecidable))
        }
        writeOverdrawn()
        if summary.brokenCriteria.isEmpty {
            html.element("p", text(Sentence.noBrokenCriteria))
        } else {
            let broken = summary.brokenCriteria.map { code in
                let count = statement.criteria.first { $0.criterion == code }?.breached ?? 0
                return "\(code.name.text(language)) \(text.clause(code)) – "
                    + text.formatting.count(count, .camera)
            }
            html.element(
                "p", "\(text(Sentence.brokenCriteria)): \(broken.joined(separator: "; ")).")
        }
        html.raw("</div>\n")
    }

    /// Names who exceeded the budget, the most overdrawn first, as many as fit a line or two.
    private func writeOverdrawn() {
        let lines = statement.outlook.filter { $0.left < 0 }
        guard !lines.isEmpty else { return }
        let names = lines.prefix(6).map { line in
            "\(line.subject.term.map { text($0) } ?? "") \(line.subject.id)"
        }
        let more = lines.count > 6 ? " (+\(text.count(lines.count - 6)))" : ""
        html.element(
            "p", "\(text(Sentence.overdrawn)): \(names.joined(separator: ", "))\(more).")
    }

    private func writeKeyFigures() {
        let totals = statement.system.totals
        html.raw("<div class=\"keys\">\n")
        let cameras = statement.summary.cameras
        for (figure, what) in [
            (text.availability(totals), Sentence.keyAvailability),
            (text.duration(totals.down), .keyDowntime),
            (text.count(statement.incidents.entries.count), .keyOutages),
            (text.percent(totals.coverage), .keyCoverage),
            ("\(text.count(cameras.met)) / \(text.count(cameras.total))", .keyCameras),
        ] {
            html.raw("<div><span class=\"figure\">")
            html.text(figure)
            html.raw("</span><span class=\"what\">")
            html.text(text(what))
            html.raw("</span></div>\n")
        }
        html.raw("</div>\n")
    }

    private func writeChanges() {
        heading(.changes)
        html.raw("<div class=\"beside\">\n<div>")
        writeChangeTable()
        html.raw("</div>\n<div>")
        writeAvailabilityTrend()
        html.raw("</div>\n</div>\n")
    }

    private func writeChangeTable() {
        guard !statement.summary.changes.isEmpty else {
            html.element("p", text(Sentence.noChanges), style: "soft")
            return
        }
        table([(.figure, ""), (.before, "n"), (.after, "n")], statement.summary.changes) { change in
            func figure(_ value: Int128?) -> String {
                guard let value else { return FigureText.none }
                switch change.figure {
                case .availabilityLower, .coverage:
                    return text.percent(Statement.Share(value, of: 1_000_000))
                case .downtime: return text.duration(value)
                case .outages, .camerasInBreach: return text.count(Int(clamping: value))
                }
            }
            return [
                .text(change.figure.name[language]), .figure(figure(change.before)),
                .figure(figure(change.after)),
            ]
        }
    }

    private func writeWorst() {
        heading(.worst)
        guard !statement.summary.worst.isEmpty else {
            html.element("p", text(Sentence.noWorst), style: "soft")
            return
        }
        let lines = Dictionary(
            uniqueKeysWithValues: statement.cameras.filter { camera in
                statement.summary.worst.contains { $0.camera == camera.id }
            }.map { ($0.id, $0) })
        table(
            [(.camera, ""), (.downtime, "n"), (.outages, "n"), (.coverage, "n"), (.strip, "")],
            statement.summary.worst
        ) { worst in
            let line = lines[worst.camera]
            return [
                .lined(line?.name ?? "", worst.camera.text, link: anchor(worst.camera)),
                .figure(text.duration(worst.down)), .figure(text.count(worst.outages)),
                .figure(line.map { text.percent($0.totals.coverage) } ?? FigureText.none),
                .picture(line.map { strip($0, prefix: "w") } ?? ""),
            ]
        }
        writeLegend(prefix: "wl")
    }

    /// The states of a camera over the period, as a strip.
    func strip(_ camera: Statement.CameraLine, prefix: String) -> String {
        var spans = [StatusStrip.Span(statement.header.accounted, .up)]
        spans += camera.intervals.map { StatusStrip.Span($0.range, $0.state.drawn) }
        let strip = StatusStrip(
            period: statement.header.period, spans: spans, title: camera.id.text,
            summary: "\(text(StateName.down)): \(text.duration(camera.totals.down))",
            width: 170_00, height: 13_00)
        return strip.svg(prefix: prefix + camera.id.text)
    }

    /// What the colours of strips mean.
    func writeLegend(prefix: String) {
        html.raw("<figure>")
        html.raw(
            StatusStrip.legend(
                StateName.legend(language), title: text(ColumnTitle.state), prefix: prefix))
        html.raw("</figure>\n")
    }

    private func writeContents() {
        html.raw("<nav>\n")
        heading(.contents)
        html.raw("<ol>\n")
        for title in SectionTitle.allCases where title != .summary {
            html.raw("<li><a href=\"#s\(title.rawValue)\">")
            html.text(title.heading(language))
            html.raw("</a></li>\n")
        }
        html.raw("</ol>\n</nav>\n")
    }
}

extension Statement.StateCode {
    /// The state of a strip.
    var drawn: StatusStrip.State {
        switch self {
        case .up: .up
        case .degraded: .degraded
        case .downFailure: .downFailure
        case .downMaintenance: .downMaintenance
        case .unknown: .unknown
        case .excluded: .excluded
        }
    }
}

extension Statement.ChangeFigure {
    /// What it is called.
    var name: Wording {
        switch self {
        case .availabilityLower:
            Wording(
                kk: "Қолжетімділік (төменгі шегі)", ru: "Доступность (нижняя граница)",
                en: "Availability (lower bound)")
        case .downtime:
            Wording(
                kk: "Тұрып қалу (камералар бойынша жиыны)", ru: "Простой (сумма по камерам)",
                en: "Downtime (sum over cameras)")
        case .outages:
            Wording(
                kk: "Бейнекамералардың тұрып қалулары", ru: "Простои видеокамер",
                en: "Outages of cameras")
        case .coverage:
            Wording(kk: "Бақылаумен қамтылу", ru: "Охват наблюдением", en: "Coverage")
        case .camerasInBreach:
            Wording(
                kk: "Сапа талабы бұзылған бейнекамералар",
                ru: "Видеокамер с нарушением требований к качеству",
                en: "Cameras that broke a quality requirement")
        }
    }
}
