// SPDX-License-Identifier: Apache-2.0
public import Registry

extension KuzetSettings {
    /// What is asked actively, of whom, and where that may lead (A2.6.11 to A2.6.16).
    public struct Checks: Hashable, Sendable {
        /// What the ledger calls what pulls see.
        public var vantage = "pull"
        /// What holds for every camera that no rule names.
        public var usual = CheckPlan()
        /// What holds for some: of several that set the same thing for a camera, the last.
        public var rules: [CheckRule] = []
        /// The far ends of channels.
        public var channels: [ChannelEnd] = []
        /// Where test packets of STAMP are sent back (RFC 8762); nil where none are.
        public var reflector: HostPort?

        /// Makes settings by which nothing is asked of anybody.
        public init() {}

        /// What is to be asked of one camera.
        public func plan(for camera: Camera, at agreements: [Agreement]) -> CheckPlan {
            var plan = usual
            for rule in rules where rule.holds(for: camera, agreements) { rule.change(&plan) }
            return plan
        }

        /// The greatest distance of two samples of one camera that its schedule allows, ns; nil
        /// where nothing is pulled.
        ///
        /// A sample may lie at the begin of one period and at the end of the next.
        public var sampleSpacing: Int64? {
            var plans = [usual]
            for rule in rules {
                var plan = usual
                rule.change(&plan)
                plans.append(plan)
            }
            let longest = plans.filter { $0.pull == .sampled }.map { 2 * $0.every }.max()
            return longest ?? (plans.contains { $0.pull != .off } ? CheckPlan.attemptSpacing : nil)
        }
    }

    /// Checks that some cameras get otherwise than all.
    public struct CheckRule: Hashable, Sendable {
        /// Cameras at these sites.
        public var sites: Set<SiteID> = []
        /// Cameras whose video takes these channels.
        public var channels: Set<ChannelID> = []
        /// These cameras.
        public var cameras: Set<CameraID> = []
        /// Cameras that these agreements, while in force, are about.
        public var agreements: Set<AgreementID> = []
        /// What is otherwise.
        public var settings: [CheckSetting] = []
        /// Where the rule stands.
        public var place: SourcePlace

        func holds(for camera: Camera, _ inForce: [Agreement]) -> Bool {
            cameras.contains(camera.id) || sites.contains(camera.site)
                || channels.contains(camera.channel)
                || (!agreements.isEmpty && inForce.contains { agreements.contains($0.id) })
        }

        func change(_ plan: inout CheckPlan) {
            for setting in settings { setting.change(&plan) }
        }
    }

    /// What is found out of a channel from its near end.
    public struct ChannelEnd: Hashable, Sendable {
        /// The channel.
        public var channel: ChannelID
        /// What is asked by echo where the channel ends; nil for nothing.
        public var farEnd: NetworkAddress?
        /// Where a reflector of STAMP stands; nil where there is none.
        public var stamp: HostPort?
        /// How often, ns.
        public var every: Int64 = 60_000_000_000
        /// Where it stands in the file.
        public var place: SourcePlace
    }

    /// One thing that is asked otherwise.
    public enum CheckSetting: Hashable, Sendable {
        case allow([AddressPrefix])
        case pull(CheckPlan.Pull)
        case every(Int64)
        case length(Int64)
        case delivery([CheckPlan.Delivery])
        case sessions(Int)
        case basic(Bool)
        case verify(Bool)
        case behindNAT(Bool)
        case tunnelPort(UInt16)
        case devicePort(UInt16)
        case echo(Int64)
        case connect(Int64)
        case certificate(Int64)
        case device(Int64)

        func change(_ plan: inout CheckPlan) {
            switch self {
            case .allow(let prefixes): plan.allowed = prefixes
            case .pull(let pull): plan.pull = pull
            case .every(let nanoseconds): plan.every = nanoseconds
            case .length(let nanoseconds): plan.length = nanoseconds
            case .delivery(let deliveries): plan.deliveries = deliveries
            case .sessions(let count): plan.sessions = count
            case .basic(let allows): plan.allowsBasic = allows
            case .verify(let verifies): plan.verifies = verifies
            case .behindNAT(let isBehind): plan.isBehindNAT = isBehind
            case .tunnelPort(let port): plan.tunnelPort = port
            case .devicePort(let port): plan.devicePort = port
            case .echo(let nanoseconds): plan.echo = nanoseconds
            case .connect(let nanoseconds): plan.connect = nanoseconds
            case .certificate(let nanoseconds): plan.certificate = nanoseconds
            case .device(let nanoseconds): plan.device = nanoseconds
            }
        }
    }
}

/// What is asked of one camera; all of it is off until somebody says otherwise.
public struct CheckPlan: Hashable, Sendable {
    /// How its stream is pulled.
    public enum Pull: String, CaseIterable, Sendable {
        case off, continuous, sampled
    }

    /// How its media is to come, the best liked first.
    public enum Delivery: String, CaseIterable, Sendable {
        /// RTP over UDP.
        case udp
        /// RTP inside the connection of RTSP.
        case tcp
        /// RTP to a group.
        case multicast
        /// RTSP through HTTP; stands alone.
        case http
    }

    /// Networks that may be dialled; empty allows nothing.
    public var allowed: [AddressPrefix] = []
    /// How its stream is pulled.
    public var pull = Pull.off
    /// The period of samples, ns.
    public var every: Int64 = 300_000_000_000
    /// The length of a sample, ns.
    public var length: Int64 = 30_000_000_000
    /// How its media is to come, the best liked first.
    public var deliveries: [Delivery] = [.udp, .tcp]
    /// Sessions of its device at once.
    public var sessions = 1
    /// Whether the password may be sent as it is.
    public var allowsBasic = false
    /// Whether its certificate must be in order.
    public var verifies = false
    /// Whether addresses in its answers that are not its own are passed over.
    public var isBehindNAT = false
    /// The port of RTSP through HTTP; nil for the usual one.
    public var tunnelPort: UInt16?
    /// Where ONVIF and PSIA are asked if the camera's address has no port.
    public var devicePort: UInt16 = 80
    /// How often camera and gateway are asked by ICMP echo, ns; 0 for never, as below.
    public var echo: Int64 = 0
    /// How often a connection to the port of its stream is made, ns.
    public var connect: Int64 = 0
    /// How often its certificate is looked at, ns.
    public var certificate: Int64 = 0
    /// How often the device is asked what it is, ns.
    public var device: Int64 = 0

    /// The greatest distance of two attempts at a camera that fails, ns: the longest wait of the
    /// schedule, and as much again for those that wait in line.
    public static let attemptSpacing: Int64 = 150_000_000_000

    /// Makes a plan by which nothing is asked.
    public init() {}
}

extension KuzetSettings.Checks {
    /// What is wrong with the names in it, held against a registry.
    func problems(with registry: Registry) -> ProblemList {
        var problems = ProblemList()
        func check<ID: CustomStringConvertible>(
            _ ids: some Sequence<ID>, _ kind: String, at place: SourcePlace,
            isKnown: (ID) -> Bool
        ) {
            for id in ids where !isKnown(id) {
                problems.append(
                    RegistryProblem(
                        .error, .danglingReference, at: place, field: "checks",
                        what: "no such \(kind)", got: id.description,
                        expected: "a \(kind) of the registry"))
            }
        }
        for rule in rules {
            check(rule.sites.sorted(), "site", at: rule.place) { registry.site($0) != nil }
            check(rule.channels.sorted(), "channel", at: rule.place) {
                registry.channel($0) != nil
            }
            check(rule.cameras.sorted(), "camera", at: rule.place) { registry.camera($0) != nil }
            check(rule.agreements.sorted(), "agreement", at: rule.place) {
                registry.agreement($0) != nil
            }
        }
        for end in channels {
            check([end.channel], "channel", at: end.place) { registry.channel($0) != nil }
        }
        return problems
    }
}
