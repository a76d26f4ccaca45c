// SPDX-License-Identifier: Apache-2.0
import Measurements
import Streams
import Timekeeping

extension Observation {
    /// What the streams of one camera show between two instants of one interval.
    ///
    /// A stream that follows another takes over where it begins; of two at once the fuller one says
    /// what can be had of the camera. Streams without a packet are left out.
    static func inOrder(
        of reports: [StreamReport], from start: Instant, to end: Instant,
        evidence: Evidence = .observed
    ) -> [Observation] {
        let sending = reports.filter { $0.total.firstPacket != nil }.sorted {
            ($0.total.firstPacket ?? start, $0.identity.description)
                < ($1.total.firstPacket ?? start, $1.identity.description)
        }
        var chosen: [StreamReport] = []
        for report in sending {
            guard let last = chosen.last, let first = report.total.firstPacket else {
                chosen.append(report)
                continue
            }
            if last.total.lastPacket ?? start < first {
                chosen.append(report)
            } else if report.total.frames.count > last.total.frames.count {
                chosen[chosen.count - 1] = report
            }
        }
        var found: [Observation] = []
        for (index, report) in chosen.enumerated() {
            let from = index == 0 ? start : report.total.firstPacket ?? start
            let to = index + 1 < chosen.count ? chosen[index + 1].total.firstPacket ?? end : end
            guard let part = TimeRange(start: from, end: to), part.nanoseconds > 0 else { continue }
            var observation = Observation(report: report, evidence: evidence)
            observation.measurement.range = part
            found.append(observation)
        }
        return found
    }
}

extension StreamIdentity {
    /// `source → destination`, and the SSRC where there is one.
    var description: String {
        let ssrc = ssrc.map { " ssrc 0x" + String($0, radix: 16) } ?? ""
        return "\(source) → \(destination)\(ssrc)"
    }
}
