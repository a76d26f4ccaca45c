// SPDX-License-Identifier: Apache-2.0
import Agreements
import FoundationEssentials
import Glibc
import Ledger
import Measurements
import Registry
import Settings
import Synchronization
import Timekeeping

/// Says how a node is: from the board what is now, from the ledger how the last day was.
struct NodeReporter {
    /// Cameras listed where not all are asked for.
    private static let mostCameras = 100
    /// Events listed.
    private static let mostEvents = 50
    /// What was measured longer ago than this is no more the present, ns.
    private static let present: Int64 = 30_000_000_000
    private static let day: Int64 = 86_400_000_000_000
    /// The account of the last day is made anew after this, ns.
    private static let dayAge: Int64 = 30_000_000_000

    private static let latestDay = Mutex<(at: Int64, day: NodeStatus.Day)?>(nil)

    private let node: Node
    private let registry: Registry
    private let rules: KuzetSettings
    private let zone: ZoneRules
    private let now: Instant

    init(_ node: Node) {
        self.node = node
        let rules = node.rules
        registry = rules.registry
        self.rules = rules.settings
        zone = rules.settings.zone
        now = WallClock.now
    }

    /// The status as JSON; with `everything` all cameras, else those that are not up.
    func status(everything: Bool) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(report(everything: everything)) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// The status.
    func report(everything: Bool) -> NodeStatus {
        let state = node.board.withState { $0 }
        var status = NodeStatus(
            version: SoftwareVersion.text, node: node.ledger.node.text, process: getpid(),
            started: text(node.started), now: text(now), registered: registry.cameras.count,
            ledger: state.ledger)
        status.ledger.lastCommit = state.lastCommit.map(text)
        status.isPrivileged = !Privileges.areDropped
        status.vantages = state.vantages.sorted { $0.key < $1.key }.map { vantage($0, $1) }
        status.ownClock = NodeStatus.OwnClock(
            isInStep: state.ownClock.isInStep, text: state.ownClock.text)
        status.pulls = NodeStatus.Pulls(
            vantage: state.pulls.vantage, wanted: state.pulls.wanted,
            playing: state.pulls.playing, blocked: state.pulls.blocked,
            missedSamples: state.pulls.missed, remarks: state.pulls.remarks)
        status.places = places(state)
        let overlay = Overlays(node.ledger, at: now)
        var cameras: [NodeStatus.Camera] = []
        for camera in registry.cameras {
            var told = self.camera(camera, state.cameras[camera.id], overlay)
            if let notes = state.cameraChecks[camera.id] {
                told.tell(notes, gateway: state.siteChecks[camera.site], at: now, text: text)
            }
            status.states[told.state, default: 0] += 1
            if told.silentSince != nil { status.silent += 1 }
            if everything || told.rank < NodeStatus.Camera.wellRank { cameras.append(told) }
        }
        cameras.sort { ($0.rank, $0.since ?? "", $0.id) < ($1.rank, $1.since ?? "", $1.id) }
        status.cameras = everything ? cameras : Array(cameras.prefix(Self.mostCameras))
        status.events = state.events.suffix(Self.mostEvents).reversed().map { event in
            NodeStatus.Event(
                camera: event.camera.text, kind: event.kind, vantage: event.vantage,
                at: text(event.at), noticed: text(event.noticed))
        }
        status.day = lastDay()
        return status
    }

    /// The last intervals of one camera as JSON, newest first; an empty list for none.
    func intervals(of id: String) -> String {
        let length: Int64 = 600_000_000_000
        guard let camera = CameraID(id).flatMap({ registry.camera($0) }),
            let range = TimeRange(start: now.advanced(byNanoseconds: -length), end: now),
            let kept = try? node.ledger.observations(of: camera.id, in: range)
        else { return "[]\n" }
        let told = kept.reversed().map { vantage, observation in
            var told = NodeStatus.Camera(
                id: id, name: camera.name, site: camera.site.text, channel: camera.channel.text,
                state: "")
            told.show(observation)
            told.vantage = vantage.text
            told.measured = text(observation.range.end)
            return told
        }
        guard let data = try? JSONEncoder().encode(told) else { return "[]\n" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private func text(_ instant: Instant) -> String { zone.text(instant, decimals: 3) }

    private func vantage(_ name: String, _ told: NodeBoard.Vantage) -> NodeStatus.Vantage {
        NodeStatus.Vantage(
            name: name, interface: told.interface, state: told.state,
            isWatching: told.isWatching, packets: told.packets, drops: told.drops,
            packetRate: told.packetRate, cameras: told.cameras, streams: told.streams,
            unregistered: told.unregistered, unregisteredCount: told.unregisteredCount,
            ambiguous: told.ambiguous, lastPacket: told.lastPacket.map(text))
    }

    private func camera(
        _ camera: Camera, _ present: NodeBoard.Present?, _ overlay: Overlays
    ) -> NodeStatus.Camera {
        var told = NodeStatus.Camera(
            id: camera.id.text, name: camera.name, site: camera.site.text,
            channel: camera.channel.text, state: "unknown")
        if let condition = present?.condition {
            // A sample holds until the next one is due, and a failure until the next attempt.
            var isPulledDown = false
            if case .down = condition.condition {
                isPulledDown = present?.vantage?.text == rules.checks.vantage
            }
            let isSampled = present?.observation?.evidence == .sampled || isPulledDown
            let spacing = rules.checks.sampleSpacing ?? 0
            let present = isSampled ? max(Self.present, spacing) : Self.present
            if condition.until.nanoseconds + present >= now.nanoseconds {
                told.tell(condition.condition)
                told.since = text(condition.since)
            } else {
                told.reasons = ["nobody watches"]
                told.since = text(condition.until)
            }
        } else {
            told.reasons = ["never seen"]
        }
        told.silentSince = present?.silentSince.map(text)
        told.isUnderWorks = overlay.hasWorks(camera, registry)
        if overlay.isExcluded(camera, registry) { told.state = "excluded" }
        if let observation = present?.observation {
            told.show(observation)
            told.vantage = present?.vantage?.text
            told.measured = text(observation.range.end)
            told.remark(
                observation, registry.channel(camera.channel),
                registry.thresholds(for: camera.id, at: observation.range.start))
        }
        return told
    }

    private func places(_ state: NodeBoard.State) -> [NodeStatus.Place] {
        let sites = state.siteChecks.sorted { $0.key < $1.key }.map { site, note in
            NodeStatus.Place(
                kind: "site", id: site.text, checks: [NodeStatus.Check(note, text: text)])
        }
        let channels = state.channelChecks.sorted { $0.key < $1.key }.map { channel, notes in
            NodeStatus.Place(
                kind: "channel", id: channel.text,
                checks: CheckNote.Name.allCases.compactMap { notes[$0] }.map {
                    NodeStatus.Check($0, text: text)
                })
        }
        return sites + channels
    }

    /// How the last 24 hours were spent; made anew at most twice a minute.
    private func lastDay() -> NodeStatus.Day? {
        let steady = MonotonicClock.now
        if let known = Self.latestDay.withLock({ $0 }), steady - known.at < Self.dayAge {
            return known.day
        }
        var start = now.advanced(byNanoseconds: -Self.day)
        var day = NodeStatus.Day()
        if let made = (try? node.ledger.entries(in: 1...1))?.first?.at, made > start, made < now {
            start = made
            day.isWhole = false
        }
        guard let period = TimeRange(start: start, end: now),
            let reading = try? AccountReading(node.ledger, registry, zone),
            let account = try? reading.account(of: period, wallClock: now)
        else { return nil }
        let totals = account.system.totals
        func seconds(_ time: Int128) -> Double { Double(time) / 1e9 }
        day.up = seconds(totals.up)
        day.degraded = seconds(totals.degraded)
        day.down = seconds(totals.down)
        day.unknown = seconds(totals.unknown)
        day.excluded = seconds(totals.excluded)
        for camera in account.cameras {
            for span in camera.spans {
                guard case .unknown(let cause) = span.state else { continue }
                day.unknownReasons[cause.text, default: 0] +=
                    Double(span.range.nanoseconds) / 1e9
            }
        }
        Self.latestDay.withLock { $0 = (steady, day) }
        return day
    }
}

/// Works and exclusions in force at an instant.
private struct Overlays {
    private let works: [Scope]
    private let exclusions: [Scope]

    init(_ ledger: Ledger, at now: Instant) {
        works = ((try? ledger.works()) ?? [])
            .filter { $0.coveredRange?.contains(now) ?? false }.map(\.scope)
        exclusions = ((try? ledger.exclusions()) ?? [])
            .filter { $0.isInForce && $0.range.contains(now) }.map(\.scope)
    }

    func hasWorks(_ camera: Camera, _ registry: Registry) -> Bool {
        works.contains { $0.holds(for: camera, registry) }
    }

    func isExcluded(_ camera: Camera, _ registry: Registry) -> Bool {
        exclusions.contains { $0.holds(for: camera, registry) }
    }
}

extension Scope {
    /// Whether it holds for a camera.
    fileprivate func holds(for camera: Camera, _ registry: Registry) -> Bool {
        switch self {
        case .all: true
        case .camera(let id): id == camera.id
        case .site(let id): id == camera.site
        case .channel(let id): id == camera.channel
        case .party(let id):
            registry.site(camera.site)?.subscriber == id
                || registry.channel(camera.channel)?.operator == id
        }
    }
}

extension NodeStatus.Camera {
    /// The rank of those of which there is nothing to say.
    static let wellRank = 7

    /// The order in which they matter to somebody on call.
    var rank: Int {
        switch state {
        case "down": isUnderWorks ? 3 : 0
        case _ where silentSince != nil: 1
        case "degraded": 2
        case "unknown": 4
        case "excluded": 6
        default: remarks.isEmpty ? 7 : 5
        }
    }

    /// Takes over what a judge says.
    mutating func tell(_ condition: Condition) {
        switch condition {
        case .up: state = "up"
        case .degraded(let criteria):
            state = "degraded"
            reasons = Criterion.allCases.filter { criteria.contains(CriterionSet($0)) }
                .map { "\($0.title) (\($0.clause))" }
        case .down(let reason):
            state = "down"
            reasons = [reason.text]
        case .unknown(let cause):
            state = "unknown"
            reasons = [cause.text]
        }
    }

    /// Loss from which on it is worth a remark: a hundredth.
    private static let remarkableLoss = 0.01

    /// Adds what should be known although it breaks nothing.
    mutating func remark(_ observation: Observation, _ channel: Channel?, _ limits: Thresholds) {
        let limit = Double(limits.maximumLoss) / 1e6
        if let lossRatio, lossRatio >= Self.remarkableLoss, lossRatio <= limit {
            let loss = StatusScreen.percent(lossRatio)
            remarks.append("loses \(loss) (A2.1.4: \(StatusScreen.percent(limit)))")
        }
        guard !observation.isEncrypted, observation.measurement.packets.received > 0,
            let channel, !channel.isEncrypted
        else { return }
        remarks.append(
            channel.medium == .wireless
                ? "not encrypted on a wireless channel (A2.7.9)" : "not encrypted (A2.7.4)")
    }

    /// Takes over the figures of an interval.
    mutating func show(_ observation: Observation) {
        let measurement = observation.measurement
        let seconds = Double(measurement.range.nanoseconds) / 1e9
        transport = observation.transport.rawValue
        codec = observation.codec
        width = observation.picture.map { Int($0.width) }
        height = observation.picture.map { Int($0.height) }
        isEncrypted = observation.isEncrypted
        clockOffsetMilliseconds = observation.clock.map {
            Double($0.offsetNanoseconds) / 1e6
        }
        guard seconds > 0 else { return }
        let octets =
            measurement.octets.ip - min(measurement.octets.ip, measurement.octets.duplicate)
        kilobitsPerSecond = Double(octets) * 8 / 1_000 / seconds
        if observation.showsFrames {
            framesPerSecond = Double(measurement.frames.count) / seconds
            largestGapMilliseconds = Double(measurement.frames.largestGapNanoseconds) / 1e6
        }
        // What the probe lost itself is not the camera's loss (H1).
        if measurement.trust.probeDrops ?? 0 == 0 { lossRatio = measurement.packets.lossRatio }
        jitterMilliseconds = measurement.jitter.meanMilliseconds
    }
}
