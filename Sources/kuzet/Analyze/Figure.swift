// SPDX-License-Identifier: Apache-2.0

/// Every figure of an answer about a stream, in the order of output.
///
/// The raw values are the names in JSON and CSV and a contract: one is never renamed, and a new
/// one goes beside its kin. `docs/measurements.md` has units and formulas.
enum Figure: String, CaseIterable, Sendable {
    // Who it is.
    case source, destination, ssrc, transport, vlan
    case interleavedChannel = "interleaved_channel"
    case url, cname

    // What it carries.
    case kind
    case payloadType = "payload_type"
    case codec
    case clockRate = "clock_rate_hz"
    case timestampsContradict = "timestamps_contradict"
    case clockRateAssumed = "clock_rate_assumed"
    case encrypted, width, height
    case resolutionChanges = "resolution_changes"

    // Packets.
    case packetsReceived = "packets_received"
    case packetsUnique = "packets_unique"
    case packetsDuplicate = "packets_duplicate"
    case packetsLate = "packets_late"
    case packetsOutlier = "packets_outlier"
    case packetsExpected = "packets_expected"
    case packetsLost = "packets_lost"
    case lossRatio = "loss_ratio"
    case lossRuns = "loss_runs"
    case longestLossRun = "longest_loss_run_packets"
    case sequenceRestarts = "sequence_restarts"

    // Octets.
    case bytesIP = "bytes_ip"
    case bytesPayload = "bytes_payload"
    case bytesDuplicate = "bytes_duplicate"
    case bitrateIP = "bitrate_ip_bps"
    case bitratePayload = "bitrate_payload_bps"

    // Frames.
    case frames
    case frameRate = "frame_rate_fps"
    case frameRateMedia = "frame_rate_media_fps"
    case frameRateNominal = "frame_rate_nominal_fps"
    case largestFrameGap = "largest_frame_gap_ms"
    case freezes
    case frozen = "frozen_ms"
    case keyFrames = "key_frames"
    case keyFrameInterval = "key_frame_interval_ms"

    // Delay variation.
    case jitterMean = "jitter_mean_ms"
    case jitterMax = "jitter_max_ms"
    case jitterFrameMean = "jitter_frame_mean_ms"
    case jitterFrameMax = "jitter_frame_max_ms"

    // The sender's clock.
    case clockOffset = "clock_offset_ms"
    case clockOffsetUncertainty = "clock_offset_uncertainty_ms"
    case clockDrift = "clock_drift_ppm"
    case senderReports = "sender_reports"
    case receiverReports = "receiver_reports"
    case goodbyes

    // The network's marks.
    case dscpPackets = "dscp_packets"
    case ttlMin = "ttl_min"
    case ttlMax = "ttl_max"

    // Carriers beneath.
    case tsPackets = "ts_packets"
    case tsContinuityErrors = "ts_continuity_errors"
    case tsSyncLosses = "ts_sync_losses"
    case tsPacketSize = "ts_packet_size_bytes"
    case tsVideoCodec = "ts_video_codec"
    case pcrJitterMax = "pcr_jitter_max_ms"
    case tcpRetransmissions = "tcp_retransmissions"
    case tcpMissingBytes = "tcp_missing_bytes"
    case tcpStalls = "tcp_stalls"
    case tcpLongestStall = "tcp_longest_stall_ms"
    case mdiDelayFactor = "mdi_delay_factor_ms"
    case mdiMediaLossRate = "mdi_media_loss_rate"

    // Trust.
    case probeDrops = "probe_drops"
    case packetsCut = "packets_cut"
    case packetsBeyondWindow = "packets_beyond_window"
    case packetsJoined = "packets_joined"
    case firstPacket = "first_packet"
    case lastPacket = "last_packet"

    /// What tells a stream from others: the head of every interval.
    static let identity: [Figure] = [
        .source, .destination, .ssrc, .transport, .vlan, .interleavedChannel,
    ]

    /// What one interval's measurement tells.
    static let ofInterval: [Figure] = [
        .packetsReceived, .packetsUnique, .packetsDuplicate, .packetsLate, .packetsOutlier,
        .packetsExpected, .packetsLost, .lossRatio, .lossRuns, .longestLossRun,
        .sequenceRestarts, .bytesIP, .bytesPayload, .bytesDuplicate, .bitrateIP, .bitratePayload,
        .frames, .frameRate, .frameRateMedia, .frameRateNominal, .largestFrameGap, .freezes,
        .frozen, .keyFrames, .keyFrameInterval, .jitterMean, .jitterMax, .jitterFrameMean,
        .jitterFrameMax, .probeDrops, .packetsCut, .packetsBeyondWindow, .packetsJoined,
        .firstPacket, .lastPacket,
    ]
}

/// What a figure can be.
enum FigureValue: Equatable, Sendable {
    /// Not known, or not applicable; `StreamFigures.reason(_:)` tells which.
    case none
    case text(String)
    case count(UInt64)
    case number(Double)
    case flag(Bool)
    /// Whole numbers, outermost first.
    case list([UInt16])
    /// Counts by a number.
    case tally([Tally])
    case receptions([Reception])

    struct Tally: Equatable, Sendable {
        var key: UInt8
        var count: UInt64
    }

    struct Reception: Equatable, Sendable {
        var reporter: String
        var reports: UInt64
        var cumulativeLost: Int32
        var greatestFractionLost: Double
        var jitterMilliseconds: Double?
        var runLengthLost: UInt64?
        var summaryLost: UInt64?
    }
}
