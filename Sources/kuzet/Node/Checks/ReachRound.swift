// SPDX-License-Identifier: Apache-2.0
import Checks
import Packets
import RTSP
import Registry
import Settings
import Timekeeping

/// Who is due to be asked whether he is there, and what for: echo, connection, certificate, device,
/// gateway, far end and test packets, each by its own period at a phase of its own.
final class ReachRound {
    /// Questions begun in a second: a node that starts does not fall upon its network.
    private static let mostBegun = 50
    /// Questions under way at once.
    private static let mostUnderWay = 200
    /// How long an answer given before is good enough when a camera falls silent, ns.
    private static let fresh: Int64 = 10_000_000_000

    /// One question of one.
    private enum Question: Hashable {
        case camera(CameraID, CheckNote.Name)
        case gateway(SiteID)
        case channel(Int, CheckNote.Name)
    }

    private struct Due {
        var period: Int64
        var next: Int64
        var asked: Int64?
        var isUnderWay = false
    }

    private let checker: Checker
    private let loop: CheckLoop
    private let seed: UInt64
    private var targets = CheckTargets()
    private var due: [Question: Due] = [:]
    /// Serial number and firmware, as each device told them last.
    private var identities: [CameraID: [String?]] = [:]
    /// Addresses that names were found to have, as sessions dialled them.
    private var addresses: [CameraID: IPAddress] = [:]
    /// Cameras whose device refused the login: it is not tried again until told.
    private var lockedOut: Set<CameraID> = []
    private var underWay = 0

    init(_ checker: Checker, _ loop: CheckLoop, seed: UInt64) {
        self.checker = checker
        self.loop = loop
        self.seed = seed
    }

    /// Goes by these from now on; what is due stays so.
    func use(_ targets: CheckTargets, at now: Int64) {
        self.targets = targets
        var periods: [Question: Int64] = [:]
        for (camera, target) in targets.cameras {
            let plan = target.plan
            for (name, period) in [
                (CheckNote.Name.echo, plan.echo), (.connect, plan.connect),
                (.certificate, target.isSecure ? plan.certificate : 0), (.device, plan.device),
            ] where period > 0 {
                periods[.camera(camera, name)] = period
            }
        }
        for (site, gateway) in targets.gateways { periods[.gateway(site)] = gateway.every }
        for (index, end) in targets.channels.enumerated() {
            if end.farEnd != nil { periods[.channel(index, .farEnd)] = end.every }
            if end.stamp != nil { periods[.channel(index, .stamp)] = end.every }
        }
        for question in due.keys where periods[question] == nil { due[question] = nil }
        for (question, period) in periods where due[question]?.period != period {
            var hasher = Hasher()
            hasher.combine(question)
            let phase = UInt64(bitPattern: Int64(hasher.finalize())) ^ seed
            // The first answers are there within a minute, whatever the period.
            let within = UInt64(min(period, 60_000_000_000))
            due[question] = Due(period: period, next: now + Int64(phase % within))
        }
    }

    /// Learns which address a camera's name has.
    func learn(_ camera: CameraID, _ address: IPAddress) { addresses[camera] = address }

    /// Lets a login be tried again.
    func retry(_ camera: CameraID) {
        lockedOut.remove(camera)
        due[.camera(camera, .device)]?.next = 0
    }

    /// Has asked at once who can say whose fault a camera's silence is.
    func hurry(_ camera: CameraID) {
        let site = targets.cameras[camera].map { Question.gateway($0.site) }
        for question in [.camera(camera, .echo), .camera(camera, .connect), site] {
            guard let question, let asked = due[question] else { continue }
            due[question]?.next = min(asked.next, (asked.asked ?? 0) + Self.fresh)
        }
    }

    /// Asks who is due; to be called once a second.
    func go(at now: Int64) {
        var begun = 0
        for (question, state) in due where state.next <= now && !state.isUnderWay {
            guard begun < Self.mostBegun, underWay < Self.mostUnderWay else { return }
            begun += 1
            underWay += 1
            due[question]?.isUnderWay = true
            due[question]?.asked = now
            due[question]?.next = now + state.period
            ask(question)
        }
    }

    /// Takes note that an answer is there.
    private func answered(_ question: Question) {
        underWay -= 1
        due[question]?.isUnderWay = false
    }

    private func ask(_ question: Question) {
        switch question {
        case .camera(let camera, let name):
            guard let target = targets.cameras[camera],
                let address = target.address ?? addresses[camera]
            else {
                // Its name was not looked up yet: the next session does so.
                return answered(question)
            }
            ask(question, name, target, address)
        case .gateway(let site):
            guard let gateway = targets.gateways[site] else { return answered(question) }
            loop.echo(EchoRequest(gateway.address), allowed: gateway.allowed) {
                [unowned self] result in
                answered(question)
                checker.tell(CheckNote(.gateway, result, at: WallClock.now), of: site)
            }
        case .channel(let index, let name):
            guard targets.channels.indices.contains(index) else { return answered(question) }
            ask(question, name, targets.channels[index])
        }
    }

    private func ask(
        _ question: Question, _ name: CheckNote.Name, _ target: CheckTargets.Target,
        _ address: IPAddress
    ) {
        let camera = target.camera
        let done = { [unowned self] (note: CheckNote) in
            answered(question)
            checker.tell(note, of: camera)
        }
        switch name {
        case .echo:
            loop.echo(EchoRequest(address), allowed: target.allowed) { result in
                done(CheckNote(.echo, result, at: WallClock.now))
            }
        case .connect:
            let endpoint = Endpoint(address: address, port: target.port)
            loop.connect(endpoint, allowed: target.allowed) { result in
                done(CheckNote(result, at: WallClock.now))
            }
        case .certificate:
            let url = RTSPURL(
                scheme: "https", host: target.host.description, port: target.port, path: "/")
            loop.certificate(
                of: WebRequest(url: url, address: address), allowed: target.allowed
            ) { result in done(CheckNote(result, at: WallClock.now)) }
        default:
            inquire(.onvif, target, address) { [unowned self] findings in
                tellIdentity(findings, of: camera)
                done(CheckNote(findings, at: WallClock.now))
            }
        }
    }

    /// Asks a device in one language, and if it does not understand in the other.
    private func inquire(
        _ language: DeviceInquiry.Language, _ target: CheckTargets.Target, _ address: IPAddress,
        _ done: @escaping (DeviceFindings) -> Void
    ) {
        let camera = target.camera
        let url = RTSPURL(
            scheme: "http", host: target.host.description,
            port: target.device?.port ?? target.plan.devicePort, path: "")
        let inquiry = DeviceInquiry(
            language, url: url, address: address,
            credentials: lockedOut.contains(camera) ? nil : target.credentials,
            nonce: String(UInt64.random(in: 0 ... .max), radix: 36), sha1: sha1)
        loop.inquire(inquiry, allowed: target.allowed) { [unowned self] findings in
            if findings.loginFailures > 0 { lockedOut.insert(camera) }
            let understands =
                findings.model != nil || findings.clock != nil || findings.loginFailures > 0
            let mayAnswer =
                findings.failure?.kind != .unreachable && findings.failure?.kind != .notAllowed
            if language == .onvif, !understands, mayAnswer {
                inquire(.psia, target, address, done)
            } else {
                done(findings)
            }
        }
    }

    /// Tells when another device stands at a camera's place, or runs another firmware.
    private func tellIdentity(_ findings: DeviceFindings, of camera: CameraID) {
        guard findings.serialNumber != nil || findings.firmware != nil else { return }
        let now = [findings.serialNumber, findings.firmware]
        let before = identities.updateValue(now, forKey: camera)
        guard let before, before != now else { return }
        let texts = zip(["serial number", "firmware"], zip(before, now)).compactMap {
            name, change in
            change.0 == change.1
                ? nil : "\(name) \(change.0 ?? "none") before, \(change.1 ?? "none") now"
        }
        checker.tellChange(
            CheckNote(
                name: .device, result: "changed", reason: "identity",
                text: texts.joined(separator: "; "), at: WallClock.now), of: camera.text)
    }

    private func ask(
        _ question: Question, _ name: CheckNote.Name, _ end: KuzetSettings.ChannelEnd
    ) {
        let channel = end.channel
        let allowed = targets.everywhere
        let done = { [unowned self] (note: CheckNote) in
            answered(question)
            checker.tell(note, of: channel)
        }
        if name == .farEnd, let address = end.farEnd {
            let request = EchoRequest(IPAddress(high: address.high, low: address.low))
            loop.echo(request, allowed: allowed) { result in
                done(CheckNote(.farEnd, result, at: WallClock.now))
            }
        } else if let stamp = end.stamp, let address = stamp.host.address {
            let endpoint = Endpoint(
                address: IPAddress(high: address.high, low: address.low),
                port: stamp.port ?? CheckLoop.stampPort)
            loop.stamp(endpoint, allowed: allowed) { result in
                done(CheckNote(result, at: WallClock.now))
            }
        } else {
            answered(question)
        }
    }
}

extension CheckTargets.Target {
    /// The address that is asked, where no name has to be looked up.
    var address: IPAddress? {
        host.address.map { IPAddress(high: $0.high, low: $0.low) }
    }

    /// Whether there is a certificate to look at.
    var isSecure: Bool { request?.isSecure ?? false }

    /// The port of its stream.
    var port: UInt16 { request?.url.effectivePort ?? device?.port ?? 554 }
}
