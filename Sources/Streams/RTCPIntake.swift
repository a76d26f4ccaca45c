// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Packets
import RTP
import Timekeeping

/// Sender reports of streams not proved yet: some senders report before their first packet.
struct EarlyReports {
    /// Kept at once; beyond, the report is lost and so counted.
    static let limit = 1024

    private struct Report {
        var ssrc: UInt32
        var source: IPAddress
        var destination: IPAddress
        var report: SenderReport
        var instant: Instant
    }

    private var reports: [Report] = []

    /// Keeps a report; whether there was room.
    mutating func keep(
        _ report: SenderReport, source: IPAddress, destination: IPAddress, at instant: Instant
    ) -> Bool {
        guard reports.count < EarlyReports.limit else { return false }
        reports.append(
            Report(
                ssrc: report.ssrc, source: source, destination: destination, report: report,
                instant: instant))
        return true
    }

    /// Takes out those of one stream, in order of arrival.
    mutating func take(
        ssrc: UInt32, source: IPAddress, destination: IPAddress
    ) -> [(SenderReport, Instant)] {
        guard !reports.isEmpty else { return [] }
        let isMeant = { (report: Report) in
            report.ssrc == ssrc && report.source == source && report.destination == destination
        }
        let taken = reports.filter(isMeant).map { ($0.report, $0.instant) }
        reports.removeAll(where: isMeant)
        return taken
    }

    /// Forgets what came before `instant`: its stream did not come.
    mutating func forget(before instant: Instant) {
        reports.removeAll { $0.instant < instant }
    }
}

/// RTCP: what senders say of their clocks and receivers of their losses (RFC 3550 section 6).
extension Tracker {
    /// Takes a datagram, or an interleaved frame, of RTCP.
    mutating func receiveRTCP(_ datagram: Datagram, _ payload: Span<UInt8>) {
        var compound = RTCPCompound(statedLength: datagram.length)
        while let packet = compound.next(in: payload) {
            switch packet {
            case .senderReport(let report):
                hear(report, datagram)
                hear(report.receptionReports, by: report.ssrc, datagram, payload)
            case .receiverReport(let report):
                hear(report.receptionReports, by: report.ssrc, datagram, payload)
            case .sourceDescription(let description):
                hear(description, datagram, payload)
            case .goodbye(let goodbye):
                for place in 0..<goodbye.sources {
                    let ssrc = goodbye.ssrc(at: place, in: payload)
                    guard let index = findSender(ssrc, datagram) else { continue }
                    withDetails(index) { $0.goodbyes += 1 }
                }
            case .extendedReport(let report):
                hear(report, datagram, payload)
            case .application, .transportFeedback, .payloadFeedback, .other, .encrypted:
                break
            }
        }
        if let fault = compound.firstFault { faultCounts.count(fault) }
    }

    private mutating func hear(_ report: SenderReport, _ datagram: Datagram) {
        let instant = Instant(nanoseconds: datagram.instant)
        if let index = findSender(report.ssrc, datagram) {
            hear(report, of: index, at: instant)
        } else if !earlyReports.keep(
            report, source: datagram.source.address, destination: datagram.destination.address,
            at: instant)
        {
            faultCounts.refuse(.rtcp, "reports of unknown senders", limit: EarlyReports.limit)
        }
    }

    private mutating func hear(_ report: SenderReport, of index: Int, at instant: Instant) {
        let rate = withStream(index) { stream, _ in
            stream.nanosecondsPerTick > 0
                ? MediaClock.Rate(hertz: Int((1e9 / stream.nanosecondsPerTick).rounded())) : nil
        }
        withDetails(index) { details in
            var clock = details.senderClock ?? SenderClock(clockRate: rate)
            clock.hear(report, at: instant)
            details.senderClock = clock
        }
    }

    /// Takes the reports that came before the stream was proved.
    mutating func receiveEarlyReport(of index: Int, _ key: StreamKey) {
        let early = earlyReports.take(
            ssrc: key.ssrc, source: key.source.address, destination: key.destination.address)
        for (report, instant) in early { hear(report, of: index, at: instant) }
    }

    private mutating func hear(
        _ reports: ReceptionReports, by reporter: UInt32, _ datagram: Datagram,
        _ payload: Span<UInt8>
    ) {
        for place in 0..<reports.count {
            let report = reports.report(at: place, in: payload)
            guard let index = findReceived(report.ssrc, datagram) else { continue }
            withReception(index, by: reporter) { told in
                told.cumulativeLost = report.cumulativeLost
                told.greatestFractionLost = max(told.greatestFractionLost, report.fractionLost)
                told.jitterTicks = report.jitter
                told.reports += 1
            }
        }
    }

    private mutating func hear(
        _ description: SourceDescription, _ datagram: Datagram, _ payload: Span<UInt8>
    ) {
        description.forEachItem(in: payload) { item in
            guard item.type == 1, let index = findSender(item.ssrc, datagram) else { return }
            let isKnown = knownDetails(index)?.canonicalName != nil
            guard !isKnown else { return }
            var octets: [UInt8] = []
            for place in item.text { octets.append(payload[place]) }
            withDetails(index) { $0.canonicalName = String(decoding: octets, as: UTF8.self) }
        }
    }

    private mutating func hear(
        _ report: ExtendedReport, _ datagram: Datagram, _ payload: Span<UInt8>
    ) {
        report.forEachBlock(in: payload) { block in
            switch block {
            case .lossRunLengths(let runs):
                guard let index = findReceived(runs.ssrc, datagram) else { return }
                let lost = runs.runs(in: payload).reduce(0) { $0 + ($1.bit ? 0 : $1.count) }
                withReception(index, by: report.ssrc) {
                    $0.runLengthLost = ($0.runLengthLost ?? 0) + UInt64(lost)
                }
            case .statisticsSummary(let summary):
                guard let index = findReceived(summary.ssrc, datagram) else { return }
                withReception(index, by: report.ssrc) {
                    $0.summaryLost = ($0.summaryLost ?? 0) + UInt64(summary.lost ?? 0)
                }
            default:
                break
            }
        }
    }

    private mutating func withReception(
        _ index: Int, by reporter: UInt32, _ change: (inout ReceptionReportedLoss) -> Void
    ) {
        withDetails(index) { details in
            if let place = details.reception.firstIndex(where: { $0.reporter == reporter }) {
                change(&details.reception[place])
            } else if details.reception.count < Tracker.receptionLimit {
                var told = ReceptionReportedLoss(
                    reporter: reporter, cumulativeLost: 0, greatestFractionLost: 0,
                    jitterTicks: 0, reports: 0)
                change(&told)
                details.reception.append(told)
            }
        }
    }

    /// The stream that a report's author sends.
    private mutating func findSender(_ ssrc: UInt32, _ datagram: Datagram) -> Int? {
        find(
            ssrc: ssrc, at: datagram.source.address, from: datagram.source,
            to: datagram.destination, vlan: datagram.vlan)
    }

    /// The stream that a report's author receives: from whom it reports to, or from the group.
    private mutating func findReceived(_ ssrc: UInt32, _ datagram: Datagram) -> Int? {
        if datagram.destination.address.isMulticast {
            // Said to the whole group, the stream's own destination.
            return find(
                ssrc: ssrc, at: datagram.destination.address, from: datagram.source,
                to: datagram.destination, vlan: datagram.vlan)
        }
        return find(
            ssrc: ssrc, at: datagram.destination.address, from: datagram.destination,
            to: datagram.source, vlan: datagram.vlan)
    }

    /// The stream of this SSRC known at an address that fits the ends and tags best.
    private mutating func find(
        ssrc: UInt32, at address: IPAddress, from source: Endpoint, to destination: Endpoint,
        vlan: VLANTags
    ) -> Int? {
        let tags = StreamKey.link(vlan: vlan, carriage: .rtpUDP)
        let tagBits: UInt64 = 0x0007_ffff_ffff_ffff
        var best: (index: Int, fit: Int)?
        var candidates: [Int] = []
        associations.visit(ssrc: ssrc, address: address) {
            candidates.append($0)
            return true
        }
        for index in candidates {
            let key = withStream(index) { stream, _ in stream.key }
            guard key.ssrc == ssrc else { continue }
            var fit = 0
            if key.source.address == source.address { fit += 4 }
            if key.destination.address == destination.address { fit += 4 }
            // RTCP on the port above, or on the same (RFC 5761).
            if [key.source.port, key.source.port &+ 1].contains(source.port) { fit += 2 }
            if [key.destination.port, key.destination.port &+ 1].contains(destination.port) {
                fit += 2
            }
            if key.link & tagBits == tags { fit += 1 }
            guard fit >= 4, fit > best?.fit ?? 0 else { continue }
            best = (index, fit)
        }
        return best?.index
    }
}
