// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite struct MeasurementsPageTests {
    /// Every name of the JSON output.
    ///
    /// A name that is here stays for good, or the schema's number
    /// rises.
    static let names = """
        schema input streams faults intervals fault_details
        file interface format packets_read bytes duration_s kernel_drops elapsed_s notes
        source destination ssrc transport vlan interleaved_channel url cname kind payload_type codec
        clock_rate_hz timestamps_contradict clock_rate_assumed encrypted width height resolution_changes
        packets_received packets_unique packets_duplicate packets_late packets_outlier
        packets_expected packets_lost loss_ratio loss_runs longest_loss_run_packets
        sequence_restarts
        bytes_ip bytes_payload bytes_duplicate bitrate_ip_bps bitrate_payload_bps
        frames frame_rate_fps frame_rate_media_fps frame_rate_nominal_fps largest_frame_gap_ms
        freezes frozen_ms key_frames key_frame_interval_ms
        jitter_mean_ms jitter_max_ms jitter_frame_mean_ms jitter_frame_max_ms
        clock_offset_ms clock_offset_uncertainty_ms clock_drift_ppm sender_reports receiver_reports
        goodbyes
        dscp_packets ttl_min ttl_max
        ts_packets ts_continuity_errors ts_sync_losses ts_packet_size_bytes ts_video_codec
        pcr_jitter_max_ms
        tcp_retransmissions tcp_missing_bytes tcp_stalls tcp_longest_stall_ms
        mdi_delay_factor_ms mdi_media_loss_rate
        probe_drops packets_cut packets_beyond_window packets_joined first_packet last_packet
        verdict unknown start end
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    @Test func `every name of the JSON output has its line on the page`() throws {
        let page = try #require(Repository.text("docs/measurements.md"))
        for name in Self.names where !page.contains("| `\(name)` |") {
            Issue.record(
                "docs/measurements.md:1: no line for `\(name)`; give its unit, formula and source")
        }
    }

    @Test func `every figure that the program names has its line on the page`() throws {
        let page = try #require(Repository.text("docs/measurements.md"))
        // The list of figures is an enum whose raw values are the names.
        guard let figures = Repository.source("Sources/kuzet/Analyze/Figure.swift") else { return }
        for (index, line) in figures.lines.enumerated() where line.contains("case ") {
            for name in Self.rawNames(in: line) where !page.contains("| `\(name)` |") {
                Issue.record(
                    "\(figures.path):\(index + 1): `\(name)` has no line in docs/measurements.md; give its unit, formula and source"
                )
            }
        }
    }

    @Test func `every line of the page names something of the output`() throws {
        let page = try #require(Repository.source("docs/measurements.md"))
        let known = Set(Self.names)
        for (index, line) in page.lines.enumerated() where line.hasPrefix("| `") {
            let name = String(line.dropFirst(3).prefix { $0 != "`" })
            if !known.contains(name) {
                Issue.record(
                    "\(page.path):\(index + 1): `\(name)` is not in the output; remove the line or add the name to this test"
                )
            }
        }
    }

    /// Names of cases that come out in JSON: a case's raw value, or its own name.
    static func rawNames(in line: String) -> [String] {
        guard line.trimmed.hasPrefix("case "), !line.contains("("), !line.contains(":") else {
            return []
        }
        return line.trimmed.dropFirst(5).split(separator: ",").map { part in
            let sides = part.split(separator: "\"")
            return String(sides.count > 1 ? sides[1] : part.filter { !$0.isWhitespace })
        }.filter { $0 != "none" }
    }

    @Test(arguments: [
        ("    case source, destination", ["source", "destination"]),
        ("    case payloadType = \"payload_type\"", ["payload_type"]),
        ("        case .source: return .text(identity.source)", []), ("    case text(String)", []),
    ])
    func `names of cases are read as the output has them`(line: String, names: [String]) {
        #expect(Self.rawNames(in: line) == names)
    }
}
