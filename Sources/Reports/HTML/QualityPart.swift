// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension StatementPage {
    /// Section 3: annex 2, criterion by criterion, then the figures of the cameras.
    func writeQuality() {
        section(.quality, onNewPage: false) {
            heading(.criteriaTable)
            table(
                [
                    (.criterion, ""), (.limit, "n"), (.met, "n"), (.breached, "n"),
                    (.notJudged, "n"), (.timeInBreach, "n"), (.worst, ""),
                ], statement.criteria
            ) { line in
                [
                    Cell(
                        markup: Markup.escaped(text.capital(line.criterion.name))
                            + "<br><span class=\"soft\">"
                            + Markup.escaped(line.criterion.name.citation.text(language))
                            + "</span>", style: "rule"),
                    .figure(limit(of: line.criterion)), .figure(text.count(line.met)),
                    .alarm(text.count(line.breached), line.breached > 0),
                    .figure(text.count(line.undecidable)),
                    .figure(text.duration(line.breachedTime)),
                    .code(line.worst.map(\.text).joined(separator: ", ")),
                ]
            }
            writeBreachTrends()
            writeCameraFigures()
        }
    }

    /// The limits of a criterion that hold for some camera in some part of the period.
    func limit(of criterion: Statement.CriterionCode) -> String {
        let formatting = text.formatting
        var seen: [String] = []
        for limits in statement.header.rules.limits.map(\.thresholds) {
            let shown =
                switch criterion {
                case .resolution:
                    "≥ "
                        + formatting.pictureSize(
                            width: limits.minimumWidth, height: limits.minimumHeight)
                case .bitrate: "≥ " + formatting.bitRate(limits.minimumBitrate)
                case .frameRate:
                    "≥ " + formatting.frameRate(millihertz: Int64(limits.minimumFrameRate))
                case .loss:
                    "≤ "
                        + formatting.share(
                            partsPerMillion: Int64(limits.maximumLoss),
                            decimals: limits.maximumLoss % 10_000 == 0 ? 0 : 2)
                case .clockOffset: "≤ " + formatting.duration(limits.maximumClockOffset)
                case .downtime: "≤ " + formatting.duration(limits.annualDowntime)
                }
            if !seen.contains(shown) { seen.append(shown) }
        }
        return seen.isEmpty ? FigureText.none : seen.prefix(3).joined(separator: "; ")
    }

    private func writeCameraFigures() {
        heading(.camerasQuality)
        let sorted = statement.cameras.sorted { one, other in
            let keys = (one.breachRank, other.breachRank)
            return keys.0 == keys.1 ? one.id < other.id : keys.0 > keys.1
        }
        table(
            [
                (.camera, ""), (.loss, "n"), (.lossyIntervals, "n"), (.bitrate, "n"),
                (.frameRate, "n"), (.resolution, "n"), (.jitter, "n"), (.gap, "n"),
            ], sorted, limit: isSmall ? nil : StatementPage.rowLimit, file: "cameras.csv"
        ) { line in
            let quality = line.quality
            let formatting = text.formatting
            return [
                .named(line.name, line.id.text, link: anchor(line.id)),
                .alarm(text.percent(quality.loss), line.breaks(.loss)),
                .alarm(
                    text.percent(quality.lossyIntervals), quality.intervalsAboveLossLimit > 0),
                .alarm(
                    quality.bitsPerSecond.map { formatting.bitRate(Int64(clamping: $0)) }
                        ?? FigureText.none, line.breaks(.bitrate)),
                .alarm(
                    quality.millihertz.map {
                        formatting.frameRate(millihertz: Int64(clamping: $0))
                    } ?? FigureText.none, line.breaks(.frameRate)),
                .alarm(
                    quality.picture.map {
                        formatting.pictureSize(width: $0.width, height: $0.height)
                    } ?? FigureText.none, line.breaks(.resolution)),
                .figure(quality.jitter.map(jitter) ?? FigureText.none),
                .figure(
                    quality.frames > 0 ? text.duration(quality.largestGap) : FigureText.none),
            ]
        }
    }

    private func jitter(_ spread: Statement.Percentiles) -> String {
        let unit = Formatting.space + text.formatting.symbol(.millisecond)
        return [spread.p50, spread.p95, spread.p99].map { value in
            text.formatting.decimal(value, scale: 6, decimals: 1)
        }.joined(separator: "\u{a0}/\u{a0}") + unit
    }

    /// Section 7: clocks that were furthest off.
    func writeClocks() {
        section(.clocks, onNewPage: false) {
            heading(.clocksOf)
            let known = statement.cameras.filter { $0.quality.clock != nil }
            let sorted = known.sorted { one, other in
                let worst = (one.quality.clock?.worst ?? 0, other.quality.clock?.worst ?? 0)
                return worst.0 == worst.1 ? one.id < other.id : worst.0 > worst.1
            }
            table(
                [
                    (.camera, ""), (.clockLeast, "n"), (.clockGreatest, "n"),
                    (.timeInBreach, "n"), (.verdict, "c"),
                ], sorted, limit: isSmall ? nil : StatementPage.rowLimit, file: "cameras.csv"
            ) { line in
                let figures = line.criteria.first { $0.criterion == .clockOffset }
                let isBroken = line.breaks(.clockOffset)
                return [
                    .lined(line.name, line.id.text, link: anchor(line.id)),
                    .alarm(
                        line.quality.clock.map { text.formatting.offset($0.least) }
                            ?? FigureText.none, isBroken),
                    .alarm(
                        line.quality.clock.map { text.formatting.offset($0.greatest) }
                            ?? FigureText.none, isBroken),
                    .figure(text.duration(figures?.breached ?? 0)),
                    .verdict(
                        figures?.verdict ?? .undecidable,
                        text.verdict(figures?.verdict ?? .undecidable)),
                ]
            }
            html.raw("<p>")
            html.text("\(text(Sentence.noClock)): ")
            html.text(text.count(statement.cameras.count - known.count) + ".")
            html.raw("</p>\n")
        }
    }
}

extension Statement.CameraLine {
    /// Whether it broke a criterion in the period.
    func breaks(_ criterion: Statement.CriterionCode) -> Bool {
        criteria.contains { $0.criterion == criterion && $0.breached > 0 }
    }

    /// Time in breach of everything but the downtime: worst first.
    fileprivate var breachRank: Int128 {
        criteria.reduce(0) { $0 + ($1.criterion == .downtime ? 0 : Int128($1.breached)) }
    }
}
