// SPDX-License-Identifier: Apache-2.0

/// A table of the statement as a CSV file, one of several.
///
/// Columns are named in English with the unit last; durations are seconds with all decimals there
/// are, percentages cut to six decimals, times RFC 3339 in UTC.
public enum StatementTable: String, CaseIterable, Sendable {
    /// One record a camera.
    case cameras
    /// One record a camera and criterion.
    case criteria
    /// One record a channel.
    case channels
    /// One record a site.
    case sites
    /// One record a party, and one for all together.
    case parties
    /// One record an incident.
    case outages
    /// One record a stretch in which a camera was not up.
    case intervals
    /// One record a stall of a camera's picture, of each day or hour the longest.
    case stalls
    /// One record a planned work.
    case works
    /// One record an exclusion.
    case exclusions
    /// One record a budget that runs out.
    case outlook

    /// The file's name.
    public var fileName: String { rawValue + ".csv" }
}

extension Statement {
    /// Writes one table as CSV (RFC 4180); `marksEncoding` puts a byte order mark in front.
    public func writeCSV(
        _ table: StatementTable, to sink: DocumentSink, marksEncoding: Bool = false
    ) {
        var csv = CSVText(to: sink, header: table.columns, marksEncoding: marksEncoding)
        switch table {
        case .cameras: for line in cameras { line.write(to: &csv) }
        case .criteria: for line in cameras { line.writeCriteria(to: &csv) }
        case .channels: for line in channels { line.write(to: &csv) }
        case .sites: for line in sites { line.write(to: &csv) }
        case .parties: for line in [system] + parties { line.write(to: &csv) }
        case .outages: for entry in incidents.entries { entry.write(to: &csv) }
        case .intervals: for line in cameras { line.writeIntervals(to: &csv) }
        case .stalls: for line in cameras { line.writeStalls(to: &csv) }
        case .works: for work in works { work.write(to: &csv) }
        case .exclusions: for exclusion in exclusions { exclusion.write(to: &csv) }
        case .outlook: for line in outlook { line.write(to: &csv) }
        }
    }
}

extension StatementTable {
    private static let time = [
        "period_s", "up_s", "degraded_s", "down_failure_s", "down_maintenance_s", "unknown_s",
        "excluded_s", "availability_lower_percent", "availability_upper_percent",
        "coverage_percent",
    ]
    private static let budget = [
        "budget_verdict", "budget_undecidable", "budget_limit_s", "budget_used_s",
        "budget_unknown_s", "budget_left_lower_s", "budget_left_upper_s", "budget_runs_out_at",
        "budget_burn_1h_s", "budget_burn_6h_s", "budget_burn_1d_s", "budget_burn_3d_s",
        "budget_burn_30d_s",
    ]
    private static let thing =
        ["kind", "id", "name", "owner", "cameras"] + time
        + ["outages", "longest_outage_s", "own_downtime_s"] + budget
        + ["medium", "role", "is_encrypted"]

    /// The header, in the order in which records are written.
    var columns: [String] {
        switch self {
        case .cameras:
            ["id", "name", "site", "channel", "kind"] + StatementTable.time
                + ["outages", "longest_outage_s"] + StatementTable.budget
                + [
                    "observed_s", "packets_expected", "packets_lost", "loss_percent", "intervals",
                    "intervals_above_loss_limit", "octets", "bitrate_bit_per_s", "frames",
                    "frame_rate_hz", "width", "height", "clock_offset_least_s",
                    "clock_offset_greatest_s", "jitter_p50_s", "jitter_p95_s", "jitter_p99_s",
                    "largest_gap_s", "encryption", "unencrypted_s",
                ]
        case .criteria: ["camera", "criterion", "clause", "verdict", "breached_s", "breaches"]
        case .channels, .sites, .parties: StatementTable.thing
        case .outages:
            [
                "kind", "id", "start", "end", "in_period_s", "is_open", "cause", "responsible",
                "acknowledged_at", "restored_at", "cameras_touched", "outages_explained",
            ]
        case .intervals:
            [
                "camera", "start", "end", "duration_s", "state", "reason", "responsible",
                "evidence",
            ]
        case .stalls:
            ["camera", "ended_from", "ended_to", "clause", "stall_s", "intervals_with_stall"]
        case .works:
            [
                "id", "scope", "start", "end", "what", "entered_by", "entered_at",
                "declared_after_the_fact", "downtime_s",
            ]
        case .exclusions:
            [
                "id", "scope", "start", "end", "reason", "document", "entered_by", "entered_at",
                "revoked_at", "revoked_by", "excluded_s",
            ]
        case .outlook: ["kind", "id", "left_s", "runs_out_at", "basis_window_s"]
        }
    }
}
