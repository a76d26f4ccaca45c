// SPDX-License-Identifier: Apache-2.0
import Measurements

/// When a site or a channel itself is down: a sweep over the edges of its cameras' states.
struct ThingSweep {
    let rules: AccountRules

    /// How many cameras are in each of the states that matter.
    private struct Counts {
        var known: Int64 = 0
        var failure: Int64 = 0
        var maintenance: Int64 = 0
        var unknown: Int64 = 0

        mutating func add(_ kind: Stay.Kind, _ count: Int64) {
            switch kind {
            case .up, .degraded: known += count
            case .failure:
                known += count
                failure += count
            case .maintenance:
                known += count
                maintenance += count
            case .unknown: unknown += count
            case .excluded: break
            }
        }
    }

    private struct Edge {
        var at: Int64
        var from: Stay.Kind
        var to: Stay.Kind
    }

    /// The states of the thing over the stretch that every one of `cameras` covers.
    func stays(_ cameras: [[Stay]]) -> [Stay] {
        guard let start = cameras.first?.first?.start, let end = cameras.first?.last?.end else {
            return []
        }
        var edges: [Edge] = []
        var counts = Counts()
        for stays in cameras {
            guard var last = stays.first?.kind else { continue }
            counts.add(last, 1)
            for stay in stays.dropFirst() where stay.kind != last {
                let isSame =
                    last == .up && stay.kind == .degraded
                    || last == .degraded && stay.kind == .up
                if !isSame { edges.append(Edge(at: stay.start, from: last, to: stay.kind)) }
                last = stay.kind
            }
        }
        edges.sort { $0.at < $1.at }
        var result: [Stay] = []
        var time = start
        for edge in edges {
            if edge.at > time {
                result.extend(stay(time, edge.at, counts))
                time = edge.at
            }
            counts.add(edge.from, -1)
            counts.add(edge.to, 1)
        }
        result.extend(stay(time, end, counts))
        return result
    }

    private func stay(_ start: Int64, _ end: Int64, _ counts: Counts) -> Stay {
        let kind: Stay.Kind
        let down = counts.failure + counts.maintenance
        if isDown(down, of: counts.known) {
            // Someone's work explains all that is down, or it does not.
            kind = counts.failure == 0 ? .maintenance : .failure
        } else if counts.unknown > 0,
            counts.known == 0 || isDown(down + counts.unknown, of: counts.known + counts.unknown)
        {
            kind = .unknown
        } else {
            kind = counts.known == 0 ? .excluded : .up
        }
        return Stay(start: start, end: end, kind: kind, evidence: .observed, detail: 0)
    }

    private func isDown(_ down: Int64, of measured: Int64) -> Bool {
        down >= rules.thingLeast && down * 1_000_000 >= measured * rules.thingShare
    }
}
