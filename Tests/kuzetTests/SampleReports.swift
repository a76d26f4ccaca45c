// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Streams
import Timekeeping

@testable import kuzet

/// Made-up streams with one trouble each, for every test of the answer's forms.
enum SampleReports {
    /// 2024-03-01T00:00:00Z.
    static let start = Instant(nanoseconds: 1_709_251_200_000_000_000)

    /// An hour of nothing wrong but what the caller changes: 60 s at 25 frames/s.
    static func camera(
        _ number: Int, path: String = "/Streaming/Channels/101",
        change: (inout StreamReport) -> Void = { _ in }
    ) -> StreamReport {
        let identity = StreamIdentity(
            source: "10.20.0.\(number):554", destination: "10.1.0.5:50\(100 + number)",
            ssrc: 0x1000_0000 + UInt32(number), transport: .rtpRTSPTCP,
            vlan: [100], interleavedChannel: 0)
        var total = Measurement(range: TimeRange(start: start, nanoseconds: 60_000_000_000))
        total.packets.received = 30_000
        total.packets.unique = 30_000
        total.packets.expected = 30_000
        total.octets.ip = 42_000_000
        total.octets.payload = 40_800_000
        total.frames.count = 1_499
        total.frames.firstArrival = start
        total.frames.lastArrival = start.advanced(byNanoseconds: 59_920_000_000)
        total.frames.largestGapNanoseconds = 47_000_000
        total.frames.keyFrames = 30
        total.frames.keyFrameIntervals = 29
        total.frames.keyFrameIntervalSumNanoseconds = 29 * 2_000_000_000
        total.frames.mediaSpanTicks = 1_498 * 3_600
        total.frames.nominalStepTicks = 3_600
        total.jitter.sumNanoseconds = 30_000 * 2_400_000
        total.jitter.count = 30_000
        total.jitter.maxNanoseconds = 9_100_000
        total.frameJitter.sumNanoseconds = 1_499 * 600_000
        total.frameJitter.count = 1_499
        total.frameJitter.maxNanoseconds = 1_900_000
        total.firstPacket = start
        total.lastPacket = start.advanced(byNanoseconds: 59_960_000_000)
        var report = StreamReport(identity: identity, total: total)
        report.medium.kind = .video
        report.medium.payloadType = 96
        report.medium.codec = "h264"
        report.medium.clockRate = .video
        report.medium.width = 1920
        report.medium.height = 1080
        report.medium.url = "rtsp://10.20.0.\(number):554\(path)"
        report.medium.canonicalName = "camera\(number)"
        report.clock.senderReports = 12
        report.clock.offsetMilliseconds = 12.5
        report.clock.uncertaintyMilliseconds = 4
        report.clock.driftPPM = -1.25
        report.dscpPackets = [DSCPCount(dscp: 34, packets: 30_000)]
        report.ttlRange = 62...62
        report.tcp = TCPReport()
        change(&report)
        return report
    }

    /// One stream of every kind of trouble.
    static let all: [StreamReport] = [
        camera(11),
        camera(12) { report in
            report.medium.width = 1280
            report.medium.height = 720
            report.total.octets.ip = 16_000_000
            report.total.frames.count = 750
        },
        camera(13) { report in
            report.identity.transport = .rtpUDP
            report.identity.interleavedChannel = nil
            report.tcp = nil
            report.total.packets.unique = 23_100
            report.total.packets.lossRuns = 410
            report.total.packets.longestLossRun = 77
        },
        camera(14) { $0.clock.offsetMilliseconds = -7_265.4 },
        camera(15, path: "/қақпа/солтүстік") { report in
            report.medium.codec = "h265"
            report.medium.width = 3840
            report.medium.height = 2160
            report.clock.offsetMilliseconds = 950
        },
        unsignalled,
        encrypted,
        camera(18) { report in
            report.total.trust.probeDrops = 12
            report.total.octets.ip = 30_000_000
        },
        motionJPEG,
        transportStream,
        audio,
        camera(22) { report in
            report.medium.kind = .other
            report.medium.codec = "vnd.onvif.metadata"
            report.medium.width = nil
            report.medium.height = nil
            report.total.octets.ip = 90_000
        },
    ]

    /// Multicast of which nobody saw the signalling: resolution and clock are unknown.
    static let unsignalled = camera(16) { report in
        report.identity.source = "[fd00:20::16]:5004"
        report.identity.destination = "[ff15::5]:5004"
        report.identity.transport = .rtpUDP
        report.identity.interleavedChannel = nil
        report.tcp = nil
        report.medium.url = nil
        report.medium.canonicalName = nil
        report.medium.width = nil
        report.medium.height = nil
        report.clock = SenderClockReport()
    }

    /// RTSP in TLS: volume and times only.
    static let encrypted = camera(17) { report in
        report.identity.ssrc = nil
        report.identity.transport = .rtspsTCP
        report.identity.interleavedChannel = nil
        report.medium = MediumDescription()
        report.medium.kind = .video
        report.medium.isEncrypted = true
        report.total.frames = FrameCounts()
        report.total.jitter = JitterSums()
        report.total.frameJitter = JitterSums()
        report.total.packets = PacketCounts()
        report.total.packets.received = 30_000
        report.clock = SenderClockReport()
    }

    static let motionJPEG = camera(19) { report in
        report.identity.source = "10.20.0.19:80"
        report.identity.ssrc = nil
        report.identity.transport = .httpMultipart
        report.identity.interleavedChannel = nil
        report.medium.codec = "mjpeg"
        report.medium.payloadType = nil
        report.medium.clockRate = nil
        report.medium.canonicalName = nil
        report.medium.url = "http://10.20.0.19/axis-cgi/mjpg/video.cgi"
        report.total.packets = PacketCounts()
        report.total.packets.received = 30_000
        report.total.jitter = JitterSums()
        report.total.frameJitter = JitterSums()
        report.total.frames.mediaSpanTicks = 0
        report.total.frames.nominalStepTicks = 0
        report.clock = SenderClockReport()
    }

    static let transportStream = camera(20) { report in
        report.identity.destination = "239.1.1.20:1234"
        report.identity.transport = .tsRTP
        report.identity.interleavedChannel = nil
        report.tcp = nil
        report.medium.url = nil
        report.transportStream = TransportStreamReport()
        report.transportStream?.packets = 210_000
        report.transportStream?.continuityErrors = 3
        report.transportStream?.pcrJitterMaxMilliseconds = 1.75
        report.mdi = MediaDeliveryIndex(delayFactorMilliseconds: 42, mediaLossRate: 0)
        report.reception = [
            ReceptionReportedLoss(
                reporter: 0xabcd, cumulativeLost: 7, greatestFractionLost: 64, jitterTicks: 180,
                reports: 12)
        ]
    }

    static let audio = camera(21) { report in
        report.medium.kind = .audio
        report.medium.payloadType = 8
        report.medium.codec = "pcma"
        report.medium.clockRate = MediaClock.Rate(hertz: 8000)
        report.medium.width = nil
        report.medium.height = nil
        report.total.octets.ip = 480_000
        report.identity.interleavedChannel = 2
    }

    /// The head of the answer about them.
    static let input: AnalysisInput = {
        var input = AnalysisInput(.file("site-14.pcapng"))
        input.format = "pcapng"
        input.packets = 2_000_000
        input.bytes = 1_844_000_000
        input.firstPacket = start
        input.lastPacket = start.advanced(byNanoseconds: 59_960_000_000)
        input.notes = ["the last record is cut off after 40 of 1514 bytes"]
        return input
    }()

    static let faults: [FaultCount] = [
        FaultCount(
            first: ParseFault(.truncated, .rtp, "header length", offset: 0, needed: 12, had: 4),
            count: 3, firstPacketNumber: 1_207),
        FaultCount(
            first: ParseFault(.invalid, .ipv4, "header length", offset: 0, needed: 5, had: 3),
            count: 1_204, firstPacketNumber: 17),
        FaultCount(
            first: ParseFault(.invalid, .rtp, "version", offset: 0, needed: 2, had: 1), count: 2),
        FaultCount(
            first: ParseFault(.ignored, .link, "ARP", offset: 0, needed: 0, had: 0), count: 1_412,
            firstPacketNumber: 1),
        FaultCount(
            first: ParseFault(.ignored, .udp, "no stream", offset: 0, needed: 0, had: 0),
            count: 12_345, firstPacketNumber: 4),
    ]

    /// Six intervals of 10 s, the third bad.
    static func history(_ report: StreamReport) -> [Measurement] {
        (0..<6).map { index in
            var measurement = report.total
            let begin = start.advanced(byNanoseconds: Int64(index) * 10_000_000_000)
            measurement.range = TimeRange(start: begin, nanoseconds: 10_000_000_000)
            measurement.firstPacket = begin
            measurement.lastPacket = begin.advanced(byNanoseconds: 9_960_000_000)
            measurement.octets.ip /= 6
            measurement.octets.payload /= 6
            measurement.frames.count = index == 2 ? 120 : 250
            measurement.frames.mediaSpanTicks = measurement.frames.count * 3_600
            measurement.frameJitter.count = measurement.frames.count
            measurement.frameJitter.sumNanoseconds = Double(measurement.frames.count) * 600_000
            measurement.frames.firstArrival = begin
            measurement.frames.lastArrival = begin.advanced(byNanoseconds: 9_960_000_000)
            measurement.packets.expected = 5_000
            measurement.packets.unique = index == 2 ? 4_100 : 5_000
            measurement.packets.received = measurement.packets.unique
            return measurement
        }
    }
}
