// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension Statement {
    /// Writes the statement as JSON in the form of `docs/report.schema.json`.
    ///
    /// Times are RFC 3339 in UTC, durations whole nanoseconds: what a reader adds up is exact if
    /// it reads integers whole. Camera time of many cameras passes 2⁶³.
    public func writeJSON(to sink: DocumentSink) {
        var json = JSONText(to: sink, linesTo: 2)
        json.object { json in
            json.member("schema", Statement.schema)
            header.write(to: &json)
            summary.write(to: &json)
            json.key("system")
            system.write(to: &json)
            json.array("days", days) { json, day in day.write(to: &json) }
            json.array("previousDays", previousDays) { json, day in day.write(to: &json) }
            json.array("parties", parties) { json, line in line.write(to: &json) }
            json.array("channels", channels) { json, line in line.write(to: &json) }
            json.array("sites", sites) { json, line in line.write(to: &json) }
            json.array("cameras", cameras) { json, line in line.write(to: &json) }
            json.array("criteria", criteria) { json, line in line.write(to: &json) }
            incidents.write(to: &json)
            json.array("works", works) { json, line in line.write(to: &json) }
            json.array("exclusions", exclusions) { json, line in line.write(to: &json) }
            security.write(to: &json)
            json.array("outlook", outlook) { json, line in line.write(to: &json) }
            json.key("differences")
            if let differences { differences.write(to: &json) } else { json.null() }
        }
        sink.write("\n")
    }
}

extension JSONText {
    /// Writes a member that is an instant, or null.
    mutating func member(_ name: String, _ instant: Instant?) {
        member(name, instant.map(ExactText.instant))
    }

    /// Writes the members `start` and `end`.
    mutating func members(_ range: TimeRange) {
        member("start", range.start)
        member("end", range.end)
    }
}

extension Statement.DayLine {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("date", date.description)
            json.member("length", length)
            json.member("down", down)
            json.member("unknown", unknown)
            json.member("excluded", excluded)
            json.object("breached") { json in
                for criterion in Statement.CriterionCode.allCases where criterion != .downtime {
                    json.member(criterion.rawValue, breached[criterion, default: 0])
                }
            }
        }
    }
}

extension Statement.Header {
    func write(to json: inout JSONText) {
        json.object("header") { json in
            json.member("period", periodName)
            json.members(period)
            json.member("accountedStart", accounted.start)
            json.member("accountedEnd", accounted.end)
            json.member("budgetYear", budgetYear)
            json.member("zone", zone.name)
            json.member("tzdataVersion", tzdataVersion)
            json.member("recipient", recipient.description)
            json.member("recipientName", recipientName)
            json.member("revision", revision)
            json.member("issue", issue)
            json.member("isProvisional", isProvisional)
            json.array("provisional", of: provisional.map(\.rawValue))
            json.member("dataCompleteUntil", dataCompleteUntil)
            json.member("softwareVersion", softwareVersion)
            rules.write(to: &json)
        }
    }
}

extension Statement.Rules {
    func write(to json: inout JSONText) {
        json.object("rules") { json in
            json.member("intervalNanoseconds", intervalNanoseconds)
            json.member("confirmNanoseconds", confirmNanoseconds)
            json.member("clearNanoseconds", clearNanoseconds)
            json.member("windowNanoseconds", windowNanoseconds)
            json.member("silenceNanoseconds", silenceNanoseconds)
            json.array("limits", limits) { json, limits in
                json.object { json in
                    json.members(limits.range)
                    json.member("cameras", limits.cameras)
                    json.member("minimumWidth", limits.thresholds.minimumWidth)
                    json.member("minimumHeight", limits.thresholds.minimumHeight)
                    json.member("minimumBitsPerSecond", limits.thresholds.minimumBitrate)
                    json.member("minimumMillihertz", limits.thresholds.minimumFrameRate)
                    json.member("maximumLossPartsPerMillion", limits.thresholds.maximumLoss)
                    json.member(
                        "maximumClockOffsetNanoseconds", limits.thresholds.maximumClockOffset)
                    json.member("annualDowntimeNanoseconds", limits.thresholds.annualDowntime)
                }
            }
        }
    }
}

extension Statement.Subject {
    /// Writes the members `kind` and `id`.
    func writeMembers(to json: inout JSONText) {
        json.member("kind", kind)
        json.member("id", id)
    }
}

extension Statement.TimeTotals {
    func write(to json: inout JSONText) {
        json.object("time") { json in
            json.member("period", period)
            json.member("up", up)
            json.member("degraded", degraded)
            json.member("downFailure", downFailure)
            json.member("downMaintenance", downMaintenance)
            json.member("unknown", unknown)
            json.member("excluded", excluded)
            json.member("sampled", sampled)
            json.member("inferred", inferred)
        }
        json.member("availabilityLowerPpm", availabilityLower.partsPerMillion)
        json.member("availabilityUpperPpm", availabilityUpper.partsPerMillion)
        json.member("coveragePpm", coverage.partsPerMillion)
    }
}

extension Statement.BudgetFigures {
    func write(to json: inout JSONText) {
        json.object("budget") { json in
            json.member("limit", limit)
            json.member("used", used)
            json.member("maintenance", maintenance)
            json.member("unknown", unknown)
            json.member("excluded", excluded)
            json.member("elapsed", elapsed)
            json.member("leftLower", leftLower)
            json.member("leftUpper", leftUpper)
            json.member("verdict", verdict.rawValue)
            json.member("undecidable", undecidable)
            json.array("burn", burn) { json, burn in
                json.object { json in
                    json.member("window", burn.window)
                    json.member("used", burn.used)
                }
            }
            json.member("runsOutAt", runsOut?.at)
            json.member("runsOutBasis", runsOut?.basis)
        }
    }
}

extension Statement.ThingLine {
    func write(to json: inout JSONText) {
        json.object { json in
            subject.writeMembers(to: &json)
            json.member("name", name)
            json.member("owner", owner?.text)
            json.member("cameras", cameras)
            totals.write(to: &json)
            json.member("outages", outages)
            json.member("longestOutage", longestOutage)
            json.member("ownDowntime", ownDowntime)
            if let budget {
                budget.write(to: &json)
            } else {
                json.key("budget")
                json.null()
            }
            if let line {
                json.member("medium", line.medium)
                json.member("role", line.role)
                json.member("isEncrypted", line.isEncrypted)
            }
        }
    }
}

extension Statement.CameraLine {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("id", id.text)
            json.member("name", name)
            json.member("site", site.text)
            json.member("channel", channel?.text)
            json.member("cameraKind", kind)
            totals.write(to: &json)
            budget.write(to: &json)
            json.member("outages", outages)
            json.member("longestOutage", longestOutage)
            quality.write(to: &json)
            json.array("criteria", criteria) { json, figures in
                json.object { json in
                    json.member("criterion", figures.criterion.rawValue)
                    json.member("clause", figures.criterion.clause)
                    json.member("verdict", figures.verdict.rawValue)
                    json.member("breached", figures.breached)
                    json.member("breaches", figures.breaches)
                }
            }
            json.array("intervals", intervals) { json, interval in
                json.object { json in
                    json.members(interval.range)
                    json.member("state", interval.state.rawValue)
                    json.member("reason", interval.reason)
                    json.member("responsible", interval.responsible)
                    json.member("evidence", interval.evidence)
                }
            }
        }
    }
}

extension Statement.QualityFigures {
    func write(to json: inout JSONText) {
        json.object("quality") { json in
            json.member("observed", observed)
            json.member("expectedPackets", expected)
            json.member("lostPackets", lost)
            json.member("lossPpm", loss.partsPerMillion)
            json.member("intervals", intervals)
            json.member("intervalsAboveLossLimit", intervalsAboveLossLimit)
            json.member("octets", octets)
            json.member("bitsPerSecond", bitsPerSecond)
            json.member("frames", frames)
            json.member("millihertz", millihertz)
            json.member("width", picture?.width)
            json.member("height", picture?.height)
            json.member("clockOffsetLeast", clock?.least)
            json.member("clockOffsetGreatest", clock?.greatest)
            json.member("jitterP50", jitter?.p50)
            json.member("jitterP95", jitter?.p95)
            json.member("jitterP99", jitter?.p99)
            json.member("largestGap", largestGap)
            json.member("encryption", encryption?.rawValue)
            json.member("unencrypted", unencrypted)
            json.array("stalls", stalls) { json, stall in
                json.object { json in
                    json.members(stall.range)
                    json.member("clause", Statement.Stall.clause)
                    json.member("length", stall.nanoseconds)
                    json.member("count", stall.count)
                }
            }
        }
    }
}
