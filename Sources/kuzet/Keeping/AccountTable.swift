// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Timekeeping

extension AccountCommand {
    /// Writes one camera's every stretch.
    func show(_ id: String, of account: Account, _ zone: ZoneRules) throws {
        guard let wanted = CameraID(id),
            let camera = account.cameras.first(where: { $0.camera == wanted })
        else {
            throw Refusal("--camera: the registry has no camera \(id.prefix(64).debugDescription)")
        }
        Decision.tell(
            "\(wanted)  \(zone.text(account.accounted.start)) to \(zone.text(account.accounted.end))"
        )
        for span in camera.spans {
            let length = Spent.text(span.range.nanoseconds)
            Decision.tell(
                "\(zone.text(span.range.start, decimals: 3))  \(Spent.padded(length, 14))  "
                    + Spent.words(span))
        }
        for line in Spent.totals(camera.totals) { Decision.tell(line) }
        if let budget = camera.budgets.last { Decision.tell(Spent.line(budget)) }
    }

    /// Writes the summary, the outages of channels and the worst cameras.
    func show(_ account: Account, _ zone: ZoneRules) {
        let cameras = account.cameras.count
        Decision.tell(
            "\(cameras) cameras, \(zone.text(account.accounted.start)) to "
                + zone.text(account.accounted.end) + (account.isProvisional ? ", provisional" : ""))
        for line in Spent.totals(account.system.totals) { Decision.tell(line) }
        for channel in account.channels where !channel.outages.isEmpty {
            guard case .channel(let id) = channel.subject else { continue }
            Decision.tell(
                "\(id): down \(Spent.text(channel.ownDowntime.nanoseconds)) in"
                    + " \(channel.outages.count) outages; \(Spent.line(channel.budgets.last))")
        }
        let worst = account.cameras.sorted {
            ($1.totals.down, $0.camera) < ($0.totals.down, $1.camera)
        }
        Decision.tell("")
        Decision.tell("camera            down             unknown          degraded         budget")
        for camera in worst.prefix(max(0, self.worst)) {
            let columns = [
                camera.camera.text, Spent.text(camera.totals.down),
                Spent.text(camera.totals.unknown), Spent.text(camera.totals.degraded),
            ]
            Decision.tell(
                columns.map { Spent.leading($0, 16) }.joined(separator: " ") + " "
                    + Spent.line(camera.budgets.last))
        }
        if cameras > self.worst {
            Decision.tell("… and \(cameras - self.worst) more; --worst \(cameras) lists all")
        }
    }
}

/// How time was spent, in words and figures.
enum Spent {
    /// Hours, minutes, seconds and milliseconds, such as `51:04:09.120`.
    static func text(_ nanoseconds: some BinaryInteger) -> String {
        let milliseconds = Int64(clamping: nanoseconds / 1_000_000)
        let seconds = milliseconds / 1000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let rest = String(milliseconds % 1000)
        return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))."
            + String(repeating: "0", count: 3 - rest.utf8.count) + rest
    }

    /// Text with blanks before it.
    static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Text with blanks after it.
    static func leading(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func totals(_ totals: StateTotals) -> [String] {
        let parts: [(String, Int128)] = [
            ("up", totals.up), ("degraded", totals.degraded),
            ("down, failure", totals.downFailure), ("down, planned works", totals.downMaintenance),
            ("unknown", totals.unknown), ("excluded", totals.excluded), ("in all", totals.total),
        ]
        return parts.map { name, nanoseconds in
            let share = Share(nanoseconds, of: totals.total).percentText(decimals: 3) ?? "-"
            return "  \(leading(name, 20)) \(padded(text(nanoseconds), 18)) \(padded(share, 8)) %"
        }
    }

    static func line(_ budget: Budget?) -> String {
        guard let budget else { return "" }
        let bounds =
            budget.unknown == 0 ? "" : " (up to \(text(budget.used + budget.unknown)))"
        let finding =
            switch budget.verdict.finding {
            case .met: "met"
            case .breached: "BREACHED"
            case .undecidable: "undecidable"
            }
        let open = budget.verdict.isProvisional ? ", so far" : ""
        return "\(text(budget.used))\(bounds) of \(text(budget.limit)), \(finding)\(open) (A2.7.5)"
    }

    static func words(_ span: StateSpan) -> String {
        switch span.state {
        case .up: return "up"
        case .degraded(let criteria):
            return "degraded: "
                + criteria.criteria.map { "\($0.title) (\($0.clause))" }.joined(separator: ", ")
        case .down(let downtime):
            let who = downtime.responsible.map { ", responsible: \($0)" } ?? ""
            switch downtime.cause {
            case .maintenance(let work): return "DOWN, planned works \(work)\(who)"
            case .failure(let reason): return "DOWN, \(reason.text)\(who)"
            }
        case .unknown(let cause): return "unknown: \(cause.text)"
        case .excluded(let exclusion): return "excluded: \(exclusion)"
        }
    }
}

extension FailureReason {
    /// What is seen, in words.
    var text: String {
        switch self {
        case .silence: "no packets come"
        case .loss: "packet loss above the limit (A2.1.4)"
        case .frozen: "packets come but no new picture"
        }
    }
}

extension UnknownCause {
    /// Why, in words.
    var text: String {
        switch self {
        case .notObserved: "nobody watched"
        case .probeDrops: "the probe itself lost packets"
        case .betweenSamples: "two samples differ"
        case .vantagesDisagree: "vantages disagree"
        case .noEvidence: "no evidence"
        case .released: "ended by the receiver (TEARDOWN)"
        }
    }
}
