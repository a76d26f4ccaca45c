// SPDX-License-Identifier: Apache-2.0
import Checks
import Registry
import Timekeeping

extension NodeStatus {
    /// What one check last found.
    struct Check: Codable, Hashable, Sendable {
        /// `pull`, `echo`, `connect`, `certificate`, `device`, `gateway`, `far-end` or `stamp`.
        var name: CheckNote.Name
        /// `ok`, or the branch of the tree of reasons (docs/checks.md).
        var result: String
        /// The leaf.
        var reason: String?
        var text: String
        var at: String
        /// By name with unit.
        var figures: [String: Double] = [:]
        /// What was said, or is odd.
        var evidence: [String] = []
    }

    /// Checks of what is not a camera.
    struct Place: Codable, Hashable, Sendable {
        /// `site` or `channel`.
        var kind: String
        var id: String
        var checks: [Check]
    }

    /// How pulls stand.
    struct Pulls: Codable, Hashable, Sendable {
        var vantage = ""
        var wanted = 0
        var playing = 0
        var blocked = 0
        var missedSamples: UInt64 = 0
        var remarks: [String] = []
    }

    /// The node's own clock.
    struct OwnClock: Codable, Hashable, Sendable {
        var isInStep = false
        var text = ""
    }
}

extension NodeStatus.Check {
    /// Makes what `status` prints of a note.
    init(_ note: CheckNote, text instant: (Instant) -> String) {
        self.init(
            name: note.name, result: note.result, reason: note.reason, text: note.text,
            at: instant(note.at), figures: note.figures, evidence: note.evidence)
    }
}

/// Whose fault it probably is that a camera's video does not come, as far as checks tell.
///
/// They never say that a camera works, and never that it does not: only where to look first.
struct FaultPlace {
    /// What was found longer ago says nothing of now, ns.
    private static let fresh: Int64 = 300_000_000_000

    var camera: [CheckNote.Name: CheckNote]
    var gateway: CheckNote?
    var now: Instant

    /// In words; nil where nothing is known.
    var text: String? {
        if let gateway = fresh(gateway), !gateway.isWell {
            return "the site's gateway does not answer: the channel, or the site's power"
        }
        guard let echo = fresh(camera[.echo]) else { return nil }
        guard echo.isWell else {
            return fresh(gateway) == nil
                ? "does not answer echo"
                : "the gateway answers, the camera does not: the camera, its cable or its power"
        }
        if let connect = fresh(camera[.connect]), !connect.isWell {
            return "answers echo, takes no connection: the camera's own service"
        }
        return "answers echo: its video, not its network"
    }

    private func fresh(_ note: CheckNote?) -> CheckNote? {
        guard let note, now.nanoseconds(since: note.at) <= Self.fresh,
            note.result != CheckFailure.Kind.notAllowed.rawValue,
            note.result != CheckFailure.Kind.probe.rawValue
        else { return nil }
        return note
    }
}

extension NodeStatus.Camera {
    /// Takes over what checks found: why nobody knows, whose fault it may be, what ends soon.
    mutating func tell(
        _ notes: [CheckNote.Name: CheckNote], gateway: CheckNote?, at now: Instant,
        text: (Instant) -> String
    ) {
        checks = CheckNote.Name.allCases.compactMap { notes[$0] }.map {
            NodeStatus.Check($0, text: text)
        }
        if let pull = notes[.pull], !pull.isWell, state != "up", state != "degraded" {
            reasons.append("\(pull.result): \(pull.text)")
        }
        if state == "down" || silentSince != nil,
            let place = FaultPlace(camera: notes, gateway: gateway, now: now).text
        {
            reasons.append(place)
        }
        if let certificate = notes[.certificate] {
            let days = certificate.figures["days_left"] ?? .infinity
            if let reason = certificate.reason, !certificate.isWell {
                remarks.append("certificate \(reason)")
            } else if days <= Double(CheckNote.certificateDays) {
                remarks.append("its certificate ends in \(Int(days)) days")
            }
        }
        if let device = notes[.device] { remark(device) }
    }

    /// Adds where a device is set otherwise than is measured.
    private mutating func remark(_ device: CheckNote) {
        if device.evidence.contains("tells a local time as UTC") {
            remarks.append("tells a local time as UTC")
        }
        if let configured = device.figures["configured_fps"], let measured = framesPerSecond,
            measured < configured * 0.9
        {
            remarks.append(
                "set to \(StatusScreen.decimal(configured, 0)) frames/s, "
                    + "\(StatusScreen.decimal(measured, 1)) come")
        }
    }
}

extension StatusScreen {
    /// What checks found of the node itself, of sites and of channels.
    var checks: [StyledLine] {
        var lines: [StyledLine] = []
        if status.pulls.wanted > 0 || !status.pulls.remarks.isEmpty {
            var line = StyledLine("asking    ", .dim)
            line.append("\(status.pulls.vantage): \(status.pulls.wanted) cameras to pull, ")
            line.append(
                "\(status.pulls.playing) play now", status.pulls.playing > 0 ? .good : .near)
            if status.pulls.blocked > 0 {
                line.append(", \(status.pulls.blocked) left alone until told", .broken)
            }
            if status.pulls.missedSamples > 0 {
                line.append(", \(status.pulls.missedSamples) samples missed", .near)
            }
            lines.append(line)
            for remark in status.pulls.remarks.prefix(3) {
                lines.append(StyledLine("          \(remark)", .near))
            }
        }
        for place in status.places {
            for check in place.checks where check.result != CheckNote.well || check.name == .stamp {
                var line = StyledLine("\(place.kind)", .dim)
                line.append(String(repeating: " ", count: max(1, 10 - place.kind.count)))
                line.append("\(place.id): \(check.name.rawValue): ")
                line.append(check.text, check.result == CheckNote.well ? .plain : .broken)
                lines.append(line)
            }
        }
        if !status.ownClock.isInStep {
            lines.append(
                StyledLine(
                    "clock     own clock \(status.ownClock.text); offsets of cameras are unknown",
                    .near))
        }
        return lines
    }

    /// The checks of one camera, a line each.
    static func lines(of checks: [NodeStatus.Check]) -> [StyledLine] {
        var lines: [StyledLine] = []
        for check in checks {
            let isWell = check.result == CheckNote.well
            var line = StyledLine("\(clock(check.at))  ", .dim)
            line.append(check.name.rawValue, .plain, width: 12, rightwards: false)
            line.append(isWell ? "" : "\(check.result): ", .broken)
            line.append(check.text, isWell ? .plain : .near)
            lines.append(line)
            for evidence in check.evidence.suffix(4) {
                lines.append(StyledLine("            \(evidence)", .dim))
            }
        }
        return lines
    }
}
