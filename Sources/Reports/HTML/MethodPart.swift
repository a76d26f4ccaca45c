// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension StatementPage {
    /// Section 9: coverage with the check of the sum, rules, versions, and every definition.
    func writeMethod() {
        section(.method, onNewPage: false) {
            writeStates()
            writeRules()
            writeVersions()
            heading(.definitions)
            html.raw("<dl class=\"terms\">\n")
            for definition in Definition.allCases {
                html.raw("<div>")
                html.element("dt", definition.name[language], id: definition.anchor)
                html.raw("<dd>")
                if let formula = definition.formula {
                    html.raw("<code>")
                    html.text(formula)
                    html.raw("</code> ")
                }
                html.text(text(definition))
                html.raw("</dd></div>\n")
            }
            html.raw("</dl>\n")
            html.element("p", ReportTitle.rules[language], style: "soft")
        }
    }

    private func writeStates() {
        heading(.method)
        let totals = statement.system.totals
        let states: [(StateName, Int128)] = [
            (.up, totals.up), (.degraded, totals.degraded), (.downFailure, totals.downFailure),
            (.downMaintenance, totals.downMaintenance), (.unknown, totals.unknown),
            (.excluded, totals.excluded),
        ]
        table([(.state, ""), (.time, "n"), (.part, "n")], states) { state, time in
            [
                .text(text.capital(state)), .figure(text.duration(time)),
                .figure(text.percent(Statement.Share(time, of: totals.period))),
            ]
        }
        // To the nanosecond, since that is what is checked.
        let check =
            "\(ExactText.seconds(totals.sum)) "
            + (totals.isBalanced ? "=" : "≠") + " \(ExactText.seconds(totals.period)) "
            + text.formatting.symbol(.second)
        html.raw("<p>")
        html.text("\(text(Sentence.identity)): \(check) – ")
        let isAllBalanced = totals.isBalanced && statement.cameras.allSatisfy(\.totals.isBalanced)
        html.text(text(isAllBalanced ? Sentence.ok : .wrong) + ".")
        html.raw("</p>\n<dl class=\"facts\">\n")
        fact(text.evidence("observed"), text.percent(totals.observed))
        for (code, part) in [("sampled", totals.sampled), ("inferred", totals.inferred)] {
            fact(text.evidence(code), text.percent(Statement.Share(part, of: totals.period)))
        }
        html.raw("</dl>\n")
    }

    private func writeRules() {
        heading(.rules)
        let rules = statement.header.rules
        html.raw("<dl class=\"facts\">\n")
        for (sentence, length) in [
            (Sentence.interval, rules.intervalNanoseconds), (.confirm, rules.confirmNanoseconds),
            (.clear, rules.clearNanoseconds), (.window, rules.windowNanoseconds),
            (.silence, rules.silenceNanoseconds),
        ] {
            fact(text(sentence), text.duration(length))
        }
        html.raw("</dl>\n")
        if rules.limits.count > 1 {
            html.element("p", text(Sentence.rulesChanged) + ".", style: "soft")
        }
        let formatting = text.formatting
        table(
            [
                (.when, ""), (.cameras, "n"), (.resolution, "n"), (.bitrate, "n"),
                (.frameRate, "n"), (.loss, "n"), (.clockGreatest, "n"), (.downtime, "n"),
            ], rules.limits, limit: StatementPage.rowLimit, file: "report.json"
        ) { limits in
            let held = limits.thresholds
            return [
                .when(text.moments(limits.range)), .figure(text.count(limits.cameras)),
                .figure(
                    "≥ "
                        + formatting.pictureSize(
                            width: held.minimumWidth, height: held.minimumHeight)),
                .figure("≥ " + formatting.bitRate(held.minimumBitrate)),
                .figure("≥ " + formatting.frameRate(millihertz: Int64(held.minimumFrameRate))),
                .figure("≤ " + formatting.share(partsPerMillion: Int64(held.maximumLoss))),
                .figure("≤ " + formatting.duration(held.maximumClockOffset)),
                .figure("≤ " + formatting.duration(held.annualDowntime, .brief)),
            ]
        }
    }

    private func writeVersions() {
        heading(.versions)
        let header = statement.header
        html.raw("<dl class=\"facts\">\n")
        fact(text(Sentence.issuedBy), "kuzet \(header.softwareVersion)")
        fact("tzdata", header.tzdataVersion.isEmpty ? FigureText.none : header.tzdataVersion)
        fact("JSON", Statement.schema)
        fact(text.capital(Term.period), text.exactMoments(header.period))
        fact(
            "UTC",
            ExactText.instant(header.period.start) + " – "
                + ExactText.instant(header.period.end))
        for change in header.zone.changes(in: header.period) {
            fact(
                header.zone.name,
                "\(ExactText.instant(change.at)) → \(text.formatting.utcOffset(change.offset))")
        }
        html.raw("</dl>\n")
    }
}
