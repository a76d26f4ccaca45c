// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension StatementPage {
    /// Section 4: what went down, by cause and by party, the longest first.
    func writeIncidents() {
        let incidents = statement.incidents
        section(.incidents, onNewPage: false) {
            html.raw("<dl class=\"facts\">\n")
            fact(text(Sentence.incidentCounts), text.count(incidents.entries.count))
            fact(
                Definition.restore.name[language],
                incidents.meanTimeToRestore.map(text.duration) ?? FigureText.none)
            html.raw("</dl>\n")
            html.element("p", text(Sentence.acknowledgedUnknown), style: "soft")
            if !incidents.entries.isEmpty {
                writeCauses()
                writeResponsible()
            }
            heading(.longest)
            table(
                [
                    (.subject, ""), (.when, ""), (.duration, "n"), (.cause, ""),
                    (.responsible, ""), (.touched, "n"),
                ], incidents.entries,
                limit: isSmall ? Statement.wholeListLimit : StatementPage.rowLimit,
                file: "outages.csv"
            ) { entry in
                [
                    subject(entry.subject), .when(when(entry)),
                    .figure(text.duration(entry.inPeriod)), .text(text.cause(entry.cause)),
                    .code(entry.responsible?.text ?? FigureText.none),
                    .figure(text.count(entry.touched.count)),
                ]
            }
        }
    }

    private func writeCauses() {
        heading(.causes)
        html.raw("<div class=\"beside\">\n<div>")
        table([(.cause, ""), (.count, "n"), (.time, "n")], statement.incidents.causes) { line in
            [
                Cell(
                    markup: Markup.escaped(text.formatting.capitalised(text.cause(line.cause)))
                        + " <span class=\"soft\">"
                        + Markup.escaped(text.clause(line.cause)) + "</span>"),
                .figure(text.count(line.count)), .figure(text.duration(line.time)),
            ]
        }
        html.raw("</div>\n<div>")
        writeCauseBars()
        html.raw("</div>\n</div>\n")
    }

    private func writeResponsible() {
        heading(.byResponsible)
        let responsible = statement.incidents.responsible.sorted { one, other in
            one.time == other.time
                ? (one.party?.text ?? "") < (other.party?.text ?? "") : one.time > other.time
        }
        // A long table would drag the picture beside it over pages.
        let isShort = responsible.count <= 12
        html.raw(isShort ? "<div class=\"beside\">\n<div>" : "")
        if !isShort { writeResponsibleBars() }
        table(
            [(.responsible, ""), (.count, "n"), (.time, "n")], responsible,
            limit: StatementPage.rowLimit, file: "outages.csv"
        ) { line in
            let name = party(line.party)
            return [
                name == line.party?.text ?? name
                    ? .code(name) : .lined(name, line.party?.text ?? ""),
                .figure(text.count(line.count)), .figure(text.duration(line.time)),
            ]
        }
        guard isShort else { return }
        html.raw("</div>\n<div>")
        writeResponsibleBars()
        html.raw("</div>\n</div>\n")
    }

    private func when(_ entry: Statement.IncidentEntry) -> String {
        guard entry.isOpen else { return text.moments(entry.range) }
        return "\(text.moment(entry.range.start)) – \(text(Sentence.notYet))"
    }

    /// Section 5: planned works, and which were declared after the fact.
    func writeWorks() {
        section(.plannedWorks, onNewPage: false) {
            html.element("p", text(Sentence.countsAnyway), style: "soft")
            table(
                [
                    (.identity, ""), (.when, ""), (.what, ""), (.enteredBy, ""),
                    (.downtime, "n"), (.mark, ""),
                ], statement.works, limit: isSmall ? nil : StatementPage.rowLimit,
                file: "works.csv"
            ) { work in
                [
                    .stacked(work.id, work.scope), .when(text.moments(work.range)),
                    .text(work.what),
                    .stacked(work.enteredBy, text.moment(work.enteredAt)),
                    .figure(text.duration(work.downtime)), mark(work.isAfterTheFact, .afterTheFact),
                ]
            }
        }
    }

    /// Section 6: exclusions with their documents; the revoked too, which exclude nothing.
    func writeExclusions() {
        section(.exclusions, onNewPage: false) {
            table(
                [
                    (.identity, ""), (.when, ""), (.reason, ""), (.document, ""),
                    (.enteredBy, ""), (.time, "n"), (.mark, ""),
                ], statement.exclusions, limit: isSmall ? nil : StatementPage.rowLimit,
                file: "exclusions.csv"
            ) { exclusion in
                [
                    .stacked(exclusion.id, exclusion.scope),
                    .when(text.moments(exclusion.range)), .text(exclusion.reason),
                    .text(exclusion.document),
                    .stacked(exclusion.enteredBy, text.moment(exclusion.enteredAt)),
                    .figure(text.duration(exclusion.excluded)),
                    mark(exclusion.revokedAt != nil, .revoked),
                ]
            }
        }
    }

    private func mark(_ isMarked: Bool, _ sentence: Sentence) -> Cell {
        guard isMarked else { return .text("") }
        return Cell(
            markup: "<span class=\"v mark\">\(Markup.escaped(text(sentence)))</span>", style: "")
    }

    /// Section 8: unencrypted streams and channels, certificates, events.
    func writeSecurity() {
        let security = statement.security
        section(.security, onNewPage: false) {
            html.raw("<dl class=\"facts\">\n")
            fact(text(Sentence.unencrypted), text.count(security.unencrypted.count))
            fact(text(Sentence.encrypted), text.count(security.encrypted))
            fact(text(Sentence.unseen), text.count(security.unseen))
            fact(
                text(Sentence.certificates),
                security.expiringCertificates.map { text.count($0.count) }
                    ?? text(Sentence.certificatesUnknown))
            html.raw("</dl>\n")
            identities(.unencrypted, security.unencrypted.map(\.text))
            identities(.openChannels, security.openChannels.map(\.text))
            heading(.journalEvents)
            table([(.event, ""), (.count, "n")], security.eventCounts) { count in
                [.text(event(count.kind)), .figure(text.count(count.count))]
            }
            guard !security.events.isEmpty else { return }
            table(
                [(.when, ""), (.event, ""), (.actor, ""), (.about, "")],
                security.events.suffix(StatementPage.rowLimit)
            ) { event in
                [
                    .text(text.moment(event.at)), .text(self.event(event.kind)), .text(event.actor),
                    .code(event.subject),
                ]
            }
        }
    }

    /// An event as the reader's language calls it.
    private func event(_ kind: String) -> String {
        text.formatting.capitalised(EventName.text(kind, language))
    }

    /// A list of identities under a heading, in one paragraph; nothing if there is none.
    private func identities(_ title: Sentence, _ list: [String]) {
        guard !list.isEmpty else { return }
        heading(title)
        let shown = list.prefix(isSmall ? Statement.wholeListLimit : StatementPage.rowLimit)
        html.element("p", shown.joined(separator: ", "), style: "id")
        if shown.count < list.count {
            html.element(
                "p",
                "\(text(Sentence.more)): \(text.count(list.count - shown.count)) – cameras.csv",
                style: "soft")
        }
    }

    /// Section 10: who runs out of budget when.
    func writeOutlook() {
        section(.outlook, onNewPage: false) {
            guard !statement.outlook.isEmpty else {
                html.element("p", text(Sentence.outlookNone))
                return
            }
            table(
                [(.subject, ""), (.left, "n"), (.runsOut, "n"), (.basis, "n")], statement.outlook,
                limit: isSmall ? nil : StatementPage.rowLimit, file: "outlook.csv"
            ) { line in
                [
                    subject(line.subject), .alarm(text.duration(line.left), line.left < 0),
                    .figure(line.runsOut.map { text.date($0.at) } ?? text(Sentence.exhausted)),
                    .figure(
                        line.runsOut.map { text.formatting.duration($0.basis, .brief) }
                            ?? FigureText.none),
                ]
            }
        }
    }
}
