// SPDX-License-Identifier: Apache-2.0
import Checks
import Packets
import RTSP
import Registry
import Settings
import Timekeeping

/// Whom a node asks what, as settings and registry say.
struct CheckTargets {
    /// One camera.
    struct Target {
        var camera: CameraID
        var site: SiteID
        var plan: CheckPlan
        var allowed: AllowedAddresses
        /// How its stream is pulled; nil if it is not.
        var request: PullRequest?
        /// Where it is managed.
        var device: HostPort?
        /// What shares sessions and a login: the host.
        var host: Host
        var credentials: Digest.Credentials?
    }

    /// A site's gateway, asked on account of the cameras behind it.
    struct Gateway {
        var address: IPAddress
        var allowed: AllowedAddresses
        var every: Int64
    }

    private(set) var cameras: [CameraID: Target] = [:]
    private(set) var gateways: [SiteID: Gateway] = [:]
    private(set) var channels: [KuzetSettings.ChannelEnd] = []
    /// Where the far ends of channels may be: all that any rule allows.
    private(set) var everywhere = AllowedAddresses([])
    /// What cannot be asked although it should be, and why.
    private(set) var remarks: [String] = []

    /// Nobody.
    init() {}

    /// Those of a registry at an instant.
    init(_ settings: KuzetSettings, _ registry: Registry, at now: Instant) {
        let checks = settings.checks
        channels = checks.channels
        var networks = checks.usual.allowed
        let byRule = checks.rules.contains { !$0.agreements.isEmpty }
        var secrets: [String: Digest.Credentials] = [:]
        var withoutURL = 0
        for camera in registry.cameras {
            let agreements = byRule ? registry.agreements(for: camera.id, at: now) : []
            let plan = checks.plan(for: camera, at: agreements)
            guard plan.asks else { continue }
            guard let host = camera.checkHost else {
                withoutURL += 1
                continue
            }
            let allowed = AllowedAddresses(plan.allowed)
            networks += plan.allowed.filter { !networks.contains($0) }
            var target = Target(
                camera: camera.id, site: camera.site, plan: plan, allowed: allowed,
                device: camera.address, host: host)
            if let name = camera.credentials {
                secrets[name] = secrets[name] ?? read(settings.credentials[name])
                target.credentials = secrets[name]
            }
            if plan.pull != .off {
                target.request = CheckTargets.request(camera, target)
                if target.request == nil { withoutURL += 1 }
            }
            cameras[camera.id] = target
            noteGateway(of: camera.site, registry, target)
        }
        everywhere = AllowedAddresses(networks)
        if withoutURL > 0 {
            remarks.append(
                "\(withoutURL) cameras cannot be asked: the registry has no URL or address of them"
            )
        }
    }

    private mutating func noteGateway(of site: SiteID, _ registry: Registry, _ target: Target) {
        guard target.plan.echo > 0, let address = registry.site(site)?.gateway else { return }
        let every = min(target.plan.echo, gateways[site]?.every ?? .max)
        gateways[site] = Gateway(
            address: IPAddress(high: address.high, low: address.low), allowed: target.allowed,
            every: every)
    }

    /// The credentials of a name; read anew each time settings are, so that they may change.
    private mutating func read(_ entry: KuzetSettings.Credentials?) -> Digest.Credentials? {
        guard let entry else { return nil }
        do throws(RegistryProblem) {
            let secret = try entry.password.read(
                place: SourcePlace(file: "credentials"), field: entry.name)
            return secret.withOctets {
                Digest.Credentials(
                    user: entry.user, password: String(decoding: $0, as: UTF8.self))
            }
        } catch {
            remarks.append("credentials \(entry.name): \(error.what)")
            return nil
        }
    }

    private static func request(_ camera: Camera, _ target: Target) -> PullRequest? {
        guard case .url(let declared) = camera.stream,
            let url = try? RTSPURL(parsing: declared.text)
        else { return nil }
        let plan = target.plan
        var request = PullRequest(
            url: url, allowed: target.allowed, credentials: target.credentials, hash: digestHash)
        if plan.deliveries == [.http], request.way == .rtsp { request.way = .tunnel }
        request.deliveries = plan.deliveries.compactMap { delivery in
            switch delivery {
            case .udp: .udp
            case .tcp: .interleaved
            case .multicast: .multicast
            case .http: nil
            }
        }
        request.allowsBasic = plan.allowsBasic
        request.verifiesCertificate = plan.verifies
        request.ignoresForeignAddresses = plan.isBehindNAT
        request.tunnelPort = plan.tunnelPort
        return request
    }

    /// What the schedule is to do.
    var plans: [PullSchedule<CameraID>.Plan] {
        cameras.values.filter { $0.request != nil }.map { target in
            let plan = target.plan
            return PullSchedule<CameraID>.Plan(
                key: target.camera, device: target.host.description,
                mode: plan.pull == .sampled
                    ? .sampled(nanoseconds: plan.length, every: plan.every) : .continuous,
                deviceSessions: plan.sessions)
        }
    }
}

extension CheckTargets.Target {
    /// Whether its stream would be pulled as `other`'s is.
    func pulls(as other: CheckTargets.Target) -> Bool {
        plan == other.plan && credentials == other.credentials && request?.url == other.request?.url
    }
}

extension CheckPlan {
    /// Whether anything is asked.
    var asks: Bool { pull != .off || echo + connect + certificate + device > 0 }
}

extension Camera {
    /// Where it is asked: where it is managed, or else where its stream comes from.
    var checkHost: Host? {
        switch stream {
        case .url(let url): url.host
        case .sender(let sender, _): address?.host ?? .address(sender)
        case .group, nil: address?.host
        }
    }
}
