// SPDX-License-Identifier: Apache-2.0
import Agreements
import Measurements

/// A column of the table of streams.
enum StreamColumn: CaseIterable, Sendable {
    case state, camera, codec, size, bitrate, frameRate, loss, jitter, clock, transport
    case gap, lost, dscp, vlan, ssrc, destination

    /// Its heading, with the unit.
    var title: String {
        switch self {
        case .state: "STATE"
        case .camera: "CAMERA"
        case .codec: "CODEC"
        case .size: "SIZE"
        case .bitrate: "MBIT/S"
        case .frameRate: "FR/S"
        case .loss: "LOSS %"
        case .jitter: "JITT MS"
        case .clock: "CLOCK S"
        case .transport: "TRANSPORT"
        case .gap: "GAP MS"
        case .lost: "LOST"
        case .dscp: "DSCP"
        case .vlan: "VLAN"
        case .ssrc: "SSRC"
        case .destination: "DESTINATION"
        }
    }

    /// Columns of the terminal that it takes, the mark included; the camera's is what is left.
    var width: Int {
        switch self {
        case .state: 6
        case .camera: StreamLayout.leastName
        case .codec: 5
        case .size: 10
        case .bitrate, .frameRate, .loss, .jitter, .gap: 7
        case .clock: 8
        case .transport: 9
        case .lost: 9
        case .dscp: 5
        case .vlan: 9
        case .ssrc: 10
        case .destination: 21
        }
    }

    /// Whether its values are numbers, set to the right.
    var isRightward: Bool {
        switch self {
        case .size, .bitrate, .frameRate, .loss, .jitter, .clock, .gap, .lost: true
        case .state, .camera, .codec, .transport, .dscp, .vlan, .ssrc, .destination: false
        }
    }

    /// The criterion that its value is judged by; such a column keeps its last place for the mark.
    var criterion: Criterion? {
        switch self {
        case .size: .resolution
        case .bitrate: .bitrate
        case .frameRate: .frameRate
        case .loss: .loss
        case .clock: .clockOffset
        default: nil
        }
    }

    /// What the column says of a stream, without mark; `?` is unknown, `-` does not apply.
    func text(_ figures: StreamFigures, _ verdict: StreamVerdict) -> String {
        switch self {
        case .state: return verdict.state.word
        case .camera: return StreamName.of(figures.report)
        case .codec: return figures.report.medium.codec ?? absent(.codec, figures)
        case .size:
            guard let width = figures.width, let height = figures.height else {
                return absent(.width, figures)
            }
            return "\(width)x\(height)"
        case .bitrate:
            return figures.bitrate.map { StreamColumn.number($0 / 1e6, decimals: 2) }
                ?? absent(.bitrateIP, figures)
        case .frameRate:
            return figures.frameRate.map { StreamColumn.number($0, decimals: 2) }
                ?? absent(.frameRate, figures)
        case .loss:
            return figures.lossRatio.map(StreamColumn.percent) ?? absent(.lossRatio, figures)
        case .jitter:
            return figures.jitterMean.map { StreamColumn.number($0, decimals: 1) }
                ?? absent(.jitterMean, figures)
        case .clock:
            return figures.clockOffset.map(StreamColumn.clock) ?? absent(.clockOffset, figures)
        case .transport: return StreamColumn.word(figures.report.identity.transport)
        default: return further(figures)
        }
    }

    private func further(_ figures: StreamFigures) -> String {
        switch self {
        case .gap:
            return figures.largestFrameGap.map { DecimalText.fixed($0, decimals: 0) }
                ?? absent(.largestFrameGap, figures)
        case .lost: return figures.packetsLost.map { String($0) } ?? absent(.packetsLost, figures)
        case .dscp:
            let codes = figures.report.dscpPackets.map(\.dscp).sorted()
            return codes.isEmpty ? "-" : codes.map { String($0) }.joined(separator: ",")
        case .vlan:
            let tags = figures.report.identity.vlan
            return tags.isEmpty ? "-" : tags.map { String($0) }.joined(separator: "/")
        case .ssrc: return figures.report.identity.ssrc.map(DecimalText.hexadecimal) ?? "-"
        default: return figures.report.identity.destination
        }
    }

    /// `?` if a reader could expect the figure, `-` if it does not apply.
    private func absent(_ figure: Figure, _ figures: StreamFigures) -> String {
        switch figures.reason(figure) {
        case nil, .noRTP, .notVideo: "-"
        default: "?"
        }
    }

    /// A number of at most six places: decimals go before digits do.
    static func number(_ number: Double, decimals: Int) -> String {
        guard abs(number) < 999_999 else { return ">99999" }
        for fewer in stride(from: decimals, through: 0, by: -1) {
            let text = DecimalText.fixed(number, decimals: fewer)
            if text.count <= 6 { return text }
        }
        return ">99999"
    }

    /// A ratio in percent; a loss that is there never reads as none.
    static func percent(_ ratio: Double) -> String {
        if ratio > 0, ratio < 0.00005 { return "<0.01" }
        return number(ratio * 100, decimals: 2)
    }

    /// Milliseconds as signed seconds, or days where nobody counts seconds.
    static func clock(_ milliseconds: Double) -> String {
        let seconds = milliseconds / 1000
        let sign = seconds < 0 ? "-" : "+"
        if abs(seconds) >= 99_999 {
            return sign + number(abs(seconds) / 86_400, decimals: 0) + "d"
        }
        for decimals in stride(from: 3, through: 0, by: -1) {
            let text = sign + DecimalText.fixed(abs(seconds), decimals: decimals)
            if text.count <= 7 { return text }
        }
        return "?"
    }

    /// The transport in at most nine letters.
    static func word(_ transport: Transport) -> String {
        switch transport {
        case .rtpUDP: "RTP/UDP"
        case .rtpRTSPTCP: "RTSP/TCP"
        case .rtpRTSPHTTP: "RTSP/HTTP"
        case .tsUDP: "TS/UDP"
        case .tsRTP: "TS/RTP"
        case .tsRTSPTCP: "TS/RTSP"
        case .httpMultipart: "HTTP"
        case .rtspsTCP: "RTSPS"
        }
    }
}
