// SPDX-License-Identifier: Apache-2.0
import Registry

extension Statement.Summary {
    func write(to json: inout JSONText) {
        json.object("summary") { json in
            json.member("verdict", verdict.rawValue)
            for (name, counts) in [("cameras", cameras), ("sites", sites), ("channels", channels)] {
                json.object(name) { json in
                    json.member("met", counts.met)
                    json.member("breached", counts.breached)
                    json.member("undecidable", counts.undecidable)
                }
            }
            json.array("brokenCriteria", of: brokenCriteria.map(\.rawValue))
            json.array("changes", changes) { json, change in
                json.object { json in
                    json.member("figure", change.figure.rawValue)
                    json.member("before", change.before)
                    json.member("now", change.after)
                }
            }
            json.array("worst", worst) { json, line in
                json.object { json in
                    json.member("camera", line.camera.text)
                    json.member("down", line.down)
                    json.member("unknown", line.unknown)
                    json.member("outages", line.outages)
                }
            }
        }
    }
}

extension Statement.CriterionLine {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("criterion", criterion.rawValue)
            json.member("clause", criterion.clause)
            json.member("met", met)
            json.member("breached", breached)
            json.member("undecidable", undecidable)
            json.member("breachedTime", breachedTime)
            json.member("breaches", breaches)
            json.array("worst", of: worst.map(\.text))
        }
    }
}

extension Statement.Incidents {
    func write(to json: inout JSONText) {
        json.object("incidents") { json in
            json.member("restored", restored)
            json.member("restoredTime", restoredTime)
            json.member("meanTimeToRestore", meanTimeToRestore)
            json.array("causes", causes) { json, line in
                json.object { json in
                    json.member("cause", line.cause.rawValue)
                    json.member("count", line.count)
                    json.member("time", line.time)
                }
            }
            json.array("responsible", responsible) { json, line in
                json.object { json in
                    json.member("party", line.party?.text)
                    json.member("count", line.count)
                    json.member("time", line.time)
                }
            }
            json.array("entries", entries) { json, entry in entry.write(to: &json) }
        }
    }
}

extension Statement.IncidentEntry {
    func write(to json: inout JSONText) {
        json.object { json in
            subject.writeMembers(to: &json)
            json.members(range)
            json.member("inPeriod", inPeriod)
            json.member("isOpen", isOpen)
            json.member("cause", cause.rawValue)
            json.member("responsible", responsible?.text)
            json.member("acknowledgedAt", acknowledgedAt)
            json.member("restoredAt", restoredAt)
            json.array("touched", of: touched.map(\.text))
            json.member("explains", explains)
        }
    }
}

extension Statement.WorkLine {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("id", id)
            json.member("scope", scope)
            json.members(range)
            json.member("what", what)
            json.member("enteredBy", enteredBy)
            json.member("enteredAt", enteredAt)
            json.member("isAfterTheFact", isAfterTheFact)
            json.member("downtime", downtime)
        }
    }
}

extension Statement.ExclusionLine {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("id", id)
            json.member("scope", scope)
            json.members(range)
            json.member("reason", reason)
            json.member("document", document)
            json.member("enteredBy", enteredBy)
            json.member("enteredAt", enteredAt)
            json.member("revokedAt", revokedAt)
            json.member("revokedBy", revokedBy)
            json.member("excluded", excluded)
        }
    }
}

extension Statement.Security {
    func write(to json: inout JSONText) {
        json.object("security") { json in
            json.array("unencrypted", of: unencrypted.map(\.text))
            json.member("encrypted", encrypted)
            json.member("unseen", unseen)
            json.array("openChannels", of: openChannels.map(\.text))
            if let expiringCertificates {
                json.array("expiringCertificates", of: expiringCertificates)
            } else {
                json.key("expiringCertificates")
                json.null()
            }
            json.array("eventCounts", eventCounts) { json, count in
                json.object { json in
                    json.member("event", count.kind)
                    json.member("count", count.count)
                }
            }
            json.array("events", events) { json, event in
                json.object { json in
                    json.member("at", event.at)
                    json.member("event", event.kind)
                    json.member("actor", event.actor)
                    json.member("subject", event.subject)
                }
            }
        }
    }
}

extension Statement.OutlookLine {
    func write(to json: inout JSONText) {
        json.object { json in
            subject.writeMembers(to: &json)
            json.member("left", left)
            json.member("runsOutAt", runsOut?.at)
            json.member("runsOutBasis", runsOut?.basis)
        }
    }
}

extension Statement.Differences {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("previousRevision", previousRevision)
            json.member("previousDigest", previousDigest)
            json.member("isTableKnown", isTableKnown)
            json.member("omitted", omitted)
            json.array("rows", rows) { json, row in
                json.object { json in
                    json.member("subject", row.subject)
                    json.member("figure", row.figure)
                    json.member("from", row.from)
                    json.member("to", row.to)
                }
            }
        }
    }
}
