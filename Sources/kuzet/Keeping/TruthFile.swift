// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Simulation
import Timekeeping

/// The truth about a simulated history as a text of lines: who, from, to, what, separated by tabs.
///
/// Cameras' lines tell all that is not `up`; channels' and sites' lines their outages. The first
/// line names format, seed and period. It shares no code with the account that is held against it.
struct TruthFile: Equatable {
    /// One line: something that happened to somebody.
    struct Line: Hashable, Comparable {
        /// `camera`, `channel` or `site`, and its name.
        var subject: String
        var range: TimeRange
        /// `down failure:silence operator-0001` and the like, words separated by blanks.
        var what: String

        static func < (one: Line, other: Line) -> Bool {
            (one.subject, one.range.start, one.range.end, one.what)
                < (other.subject, other.range.start, other.range.end, other.what)
        }

        var text: String { "\(subject)\t\(range.start)\t\(range.end)\t\(what)" }

        /// The line for a person at a terminal.
        var shown: String { "\(subject)  \(range.start)  \(range.end)  \(what)" }
    }

    /// The period that the truth is told of.
    var period: TimeRange
    /// What the history was drawn with.
    var seed: UInt64
    /// How many cameras it has.
    var cameras: Int
    /// What happened, in order.
    var lines: [Line]

    static let format = "# kuzet truth 1"

    /// Works out the truth of a plan.
    init(_ plan: HistoryPlan) {
        let names = HistoryRegistry(plan.layout)
        let truth = HistoryTruth(plan)
        period = plan.options.range
        seed = plan.options.seed
        cameras = plan.options.cameras
        lines = []
        for channel in 0..<plan.layout.channels {
            let outages = truth.outages(ofChannel: channel)
            let `operator` = names.operator(ofChannel: channel)
            add(outages, "channel \(names.channel(channel))")
            for camera in plan.layout.cameras(ofChannel: channel) {
                let subscriber = names.subscriber(ofSite: plan.layout.site(ofCamera: camera))
                for span in truth.spans(of: camera, channelOutages: outages)
                where span.state != "up" {
                    var what = span.state
                    if !span.detail.isEmpty { what += " " + span.detail }
                    if span.responsible == "channel" { what += " \(`operator`)" }
                    if span.responsible == "site" { what += " \(subscriber)" }
                    lines.append(
                        Line(
                            subject: "camera \(names.camera(camera))", range: span.range,
                            what: what))
                }
            }
        }
        for site in 0..<plan.layout.sites {
            add(truth.outages(ofSite: site), "site \(names.site(site))")
        }
        lines.sort()
    }

    private mutating func add(_ outages: TimeRangeSet, _ subject: String) {
        for range in outages.ranges {
            lines.append(Line(subject: subject, range: range, what: "down"))
        }
    }

    /// The whole file.
    var text: String {
        var text = "\(Self.format) seed \(seed) cameras \(cameras) from \(period.start) to "
        text += "\(period.end)\n"
        for line in lines { text += line.text + "\n" }
        return text
    }

    /// Reads a file; every line that cannot be read is an error that names it.
    init(path: String, text: String) throws(TruthFault) {
        var rows = text.split(separator: "\n", omittingEmptySubsequences: false)
        if rows.last?.isEmpty == true { rows.removeLast() }
        let head = rows.first?.split(separator: " ").map(String.init) ?? []
        guard rows.first?.hasPrefix(Self.format + " ") == true, head.count == 12,
            let seed = UInt64(head[5]), let cameras = Int(head[7]),
            let start = try? Instant(parsing: head[9]), let end = try? Instant(parsing: head[11]),
            let period = TimeRange(start: start, end: end)
        else {
            throw TruthFault(
                path: path, line: 1, found: String(rows.first ?? ""),
                expected: "\(Self.format) seed N cameras N from TIME to TIME")
        }
        self.seed = seed
        self.cameras = cameras
        self.period = period
        lines = []
        for (index, row) in rows.enumerated().dropFirst() {
            let fields = row.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 4, let from = try? Instant(parsing: String(fields[1])),
                let to = try? Instant(parsing: String(fields[2])),
                let range = TimeRange(start: from, end: to)
            else {
                throw TruthFault(
                    path: path, line: index + 1, found: String(row),
                    expected: "subject, from, to and state, separated by tabs")
            }
            lines.append(
                Line(subject: String(fields[0]), range: range, what: String(fields[3])))
        }
    }
}

/// Why a truth file cannot be read.
struct TruthFault: Error, CustomStringConvertible {
    let path: String
    let line: Int
    let found: String
    let expected: String

    var description: String {
        "\(path):\(line): got \(found.prefix(64).debugDescription); expected \(expected)"
    }
}

extension TruthFile {
    /// What an account says, in the same words, inside the same period.
    static func lines(of account: Account) -> [Line] {
        var lines: [Line] = []
        for camera in account.cameras {
            var last: Line?
            for span in camera.spans {
                guard let what = Self.what(span.state) else { continue }
                let line = Line(subject: "camera \(camera.camera)", range: span.range, what: what)
                // The account may cut a stretch for reasons that the truth does not know.
                if let before = last, before.range.end == line.range.start, before.what == what,
                    let joined = TimeRange(start: before.range.start, end: line.range.end)
                {
                    lines[lines.count - 1].range = joined
                } else {
                    lines.append(line)
                }
                last = lines[lines.count - 1]
            }
        }
        for thing in account.channels + account.sites {
            let subject: String
            switch thing.subject {
            case .channel(let id): subject = "channel \(id)"
            case .site(let id): subject = "site \(id)"
            default: continue
            }
            for range in thing.ownDowntime.ranges {
                lines.append(Line(subject: subject, range: range, what: "down"))
            }
        }
        return lines.sorted()
    }

    private static func what(_ state: CameraState) -> String? {
        switch state {
        case .up: return nil
        case .degraded(let criteria):
            return "degraded " + criteria.criteria.map(word).joined(separator: ",")
        case .down(let downtime):
            let responsible = downtime.responsible.map { " \($0)" } ?? ""
            switch downtime.cause {
            case .maintenance: return "down maintenance" + responsible
            case .failure(.silence): return "down failure:silence" + responsible
            case .failure(.loss): return "down failure:loss" + responsible
            case .failure(.frozen): return "down failure:frozen" + responsible
            }
        case .unknown(.notObserved): return "unknown not-observed"
        case .unknown(.probeDrops): return "unknown probe-drops"
        case .unknown(.betweenSamples): return "unknown between-samples"
        case .unknown(.vantagesDisagree): return "unknown vantages-disagree"
        case .unknown(.noEvidence): return "unknown no-evidence"
        case .unknown(.released): return "unknown released"
        case .excluded: return "excluded"
        }
    }
}

/// A broken criterion in the words of the truth.
private func word(_ criterion: Criterion) -> String {
    switch criterion {
    case .resolution: "resolution"
    case .bitrate: "bitrate"
    case .frameRate: "frame-rate"
    case .loss: "loss"
    case .clockOffset: "clock-offset"
    case .downtime: "downtime"
    }
}

/// Where an account and the truth differ.
struct TruthComparison {
    /// Lines that the truth has and the account has not.
    private(set) var missing: [TruthFile.Line] = []
    /// Lines that the account has and the truth has not.
    private(set) var surplus: [TruthFile.Line] = []
    /// Lines on which both agree.
    private(set) var agreed = 0

    /// Holds sorted lines against sorted lines.
    init(truth: [TruthFile.Line], account: [TruthFile.Line]) {
        var (left, right) = (truth[...], account[...])
        while let one = left.first, let other = right.first {
            if one == other {
                agreed += 1
                left.removeFirst()
                right.removeFirst()
            } else if one < other {
                missing.append(left.removeFirst())
            } else {
                surplus.append(right.removeFirst())
            }
        }
        missing += left
        surplus += right
    }

    /// Whether nothing differs and something was compared.
    var agrees: Bool { missing.isEmpty && surplus.isEmpty && agreed > 0 }
}
