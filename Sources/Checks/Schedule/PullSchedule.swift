// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// Which camera is pulled when: a value without a clock, fed with what happened.
///
/// One session a device unless told otherwise, so many beginnings a second, waits that double
/// after failures, and no login tried again after two were refused. Time is that of a clock that
/// only goes forward; its zero means nothing.
///
///     schedule.set(plans, at: now)
///     for step in schedule.steps(at: now) { … begin or stop … }      // about once a second
///     schedule.began(…), schedule.ended(…)                           // as the loop tells
public struct PullSchedule<Key: Hashable & Comparable & Sendable>: Sendable {
    /// How a camera is looked at.
    public enum Mode: Hashable, Sendable {
        /// Always.
        case continuous
        /// So long in every so long, ns; at another moment of each period, drawn from the seed,
        /// so that nothing periodic hides from it.
        case sampled(nanoseconds: Int64, every: Int64)

        /// 30 s in every 5 min.
        public static var usualSample: Mode {
            .sampled(nanoseconds: 30_000_000_000, every: 300_000_000_000)
        }
    }

    /// What is wanted of one camera.
    public struct Plan: Hashable, Sendable {
        /// The camera, or one stream of it.
        public var key: Key
        /// What shares sessions and an account: the device's address as a rule.
        public var device: String
        /// How it is looked at.
        public var mode: Mode
        /// Sessions of the device at once.
        public var deviceSessions: Int

        /// Makes a plan.
        public init(key: Key, device: String, mode: Mode, deviceSessions: Int = 1) {
            self.key = key
            self.device = device
            self.mode = mode
            self.deviceSessions = max(1, deviceSessions)
        }
    }

    /// What is to be done now.
    public enum Step: Hashable, Sendable {
        case begin(Key)
        case stop(Key)
    }

    /// Why a device is left alone until somebody says otherwise.
    public enum Block: Hashable, Sendable {
        /// So many logins were refused; one more could lock the account.
        case loginRefused(times: Int)
        /// There are no credentials, or none that may be sent.
        case credentials(word: String)
        /// The site's settings do not allow the address.
        case notAllowed
    }

    /// How a camera stands.
    public enum State: Hashable, Sendable {
        /// Not wanted.
        case unknown
        /// Waits for its time, for its device or for a wait to be over.
        case waiting
        /// A session is under way.
        case running
        /// Left alone.
        case blocked(Block)
    }

    /// Limits and waits.
    public struct Rules: Hashable, Sendable {
        /// Sessions of all devices at once.
        public var sessionLimit = 1000
        /// Beginnings in a second: a probe that starts does not fall upon its network.
        public var beginningsPerSecond = 20
        /// Refused logins after which a device is left alone.
        ///
        /// Cameras lock accounts after three to five.
        public var loginLimit = 2
        /// The first wait after a failure, ns.
        public var firstWait: Int64 = 5_000_000_000
        /// The longest wait after a failure, ns: a minute, so that an end of an outage is seen.
        public var longestWait: Int64 = 60_000_000_000
        /// The first wait after *busy*, ns: others have a claim to the device.
        public var firstBusyWait: Int64 = 60_000_000_000
        /// The longest wait after *busy*, ns.
        public var longestBusyWait: Int64 = 900_000_000_000
        /// What must have played for waits to begin anew, ns.
        public var settledAfter: Int64 = 10_000_000_000

        /// The defaults.
        public init() {}
    }

    private struct Entry: Sendable {
        var plan: Plan
        /// When its session began, if one is under way.
        var running: Instant?
        /// When media began, if it has.
        var playing: Instant?
        var isStopping = false
        var failures = 0
        var notBefore: Instant?
        /// The period whose sample is taken.
        var donePeriod: Int64?
    }

    private struct Device: Sendable {
        var sessions = 0
        var loginFailures = 0
        var block: Block?
    }

    /// The rules.
    public let rules: Rules
    /// Samples that could not be taken in their period.
    public private(set) var missedSamples: UInt64 = 0
    private let seed: UInt64
    private var entries: [Key: Entry] = [:]
    /// Keys in order, so that the same input gives the same steps.
    private var order: [Key] = []
    private var devices: [String: Device] = [:]
    private var sessions = 0
    /// Beginnings that are free now, in thousand-millionths, and when that was.
    private var allowance: Int64 = 0
    private var allowanceAt: Instant?

    /// Makes a schedule of nothing.
    public init(seed: UInt64, rules: Rules = Rules()) {
        self.seed = seed
        self.rules = rules
    }

    /// Takes what is wanted from now on, in place of what was.
    ///
    /// What is no longer wanted is stopped; a camera whose plan changed keeps its session. What
    /// blocked a device because of its address is forgotten; refused logins are not.
    public mutating func set(_ plans: [Plan], at now: Instant) -> [Step] {
        var wanted: [Key: Plan] = [:]
        for plan in plans { wanted[plan.key] = plan }
        var steps: [Step] = []
        for key in order where wanted[key] == nil {
            guard let entry = entries[key] else { continue }
            if entry.running != nil {
                if !entry.isStopping { steps.append(.stop(key)) }
                entries[key]?.isStopping = true
            } else {
                entries[key] = nil
            }
        }
        for (key, plan) in wanted {
            if entries[key] == nil { entries[key] = Entry(plan: plan) }
            // A session of the device that it had still counts against that one.
            if entries[key]?.running == nil || entries[key]?.plan.device == plan.device {
                entries[key]?.plan = plan
            }
            if devices[plan.device]?.block == .notAllowed { devices[plan.device]?.block = nil }
        }
        order = entries.keys.sorted()
        return steps
    }

    /// Forgets why a device was left alone: somebody changed the password, or its settings.
    public mutating func unblock(device: String) {
        devices[device]?.block = nil
        devices[device]?.loginFailures = 0
    }

    /// Forgets why a camera's device was left alone, and tries it without waiting.
    public mutating func retry(_ key: Key) {
        guard let device = entries[key]?.plan.device else { return }
        unblock(device: device)
        for (other, entry) in entries where entry.plan.device == device {
            entries[other]?.notBefore = nil
            entries[other]?.failures = 0
        }
    }

    /// How a camera stands.
    public func state(of key: Key) -> State {
        guard let entry = entries[key] else { return .unknown }
        if entry.running != nil { return .running }
        if let block = devices[entry.plan.device]?.block { return .blocked(block) }
        return .waiting
    }

    /// What is to be done now; to be called about once a second.
    public mutating func steps(at now: Instant) -> [Step] {
        refill(at: now)
        var steps: [Step] = []
        for key in order {
            guard let entry = entries[key] else { continue }
            if entry.running != nil {
                if mustStop(entry, at: now) {
                    entries[key]?.isStopping = true
                    steps.append(.stop(key))
                }
            } else {
                noteMissed(key, entry, at: now)
            }
        }
        for key in dueKeys(at: now) {
            guard let plan = entries[key]?.plan, allowance >= Self.one,
                sessions < rules.sessionLimit,
                (devices[plan.device]?.sessions ?? 0) < plan.deviceSessions
            else { continue }
            allowance -= Self.one
            sessions += 1
            devices[plan.device, default: Device()].sessions += 1
            entries[key]?.running = now
            entries[key]?.playing = nil
            entries[key]?.isStopping = false
            steps.append(.begin(key))
        }
        return steps
    }

    /// Media of a camera comes.
    public mutating func playing(_ key: Key, at now: Instant) {
        guard entries[key]?.running != nil else { return }
        entries[key]?.playing = now
        // Whoever plays was let in.
        if let device = entries[key]?.plan.device { devices[device]?.loginFailures = 0 }
    }

    /// A session is over.
    public mutating func ended(
        _ key: Key, _ failure: CheckFailure, loginFailures: Int, at now: Instant
    ) {
        guard var entry = entries[key], entry.running != nil else { return }
        let device = entry.plan.device
        sessions -= 1
        devices[device]?.sessions -= 1
        let played = entry.playing.map { now.nanoseconds(since: $0) } ?? 0
        let wasStopping = entry.isStopping
        entry.running = nil
        entry.playing = nil
        entry.isStopping = false
        if case .sampled(let length, let every) = entry.plan.mode, played >= length {
            entry.donePeriod = period(now, every)
        }
        if played >= rules.settledAfter { entry.failures = 0 }
        if !(wasStopping && failure.kind == .stopped) {
            note(failure, loginFailures, device)
            entry.notBefore = now.advanced(byNanoseconds: wait(failure, entry.failures, key))
            entry.failures += 1
        }
        entries[key] = entry
    }

    private mutating func note(_ failure: CheckFailure, _ loginFailures: Int, _ device: String) {
        switch failure.kind {
        case .notAllowed: devices[device]?.block = .notAllowed
        case .authentication:
            switch failure.word {
            case "credentials-missing", "basic-in-clear", "no-usable-challenge", "downgrade":
                devices[device]?.block = .credentials(word: failure.word)
            default:
                let total = (devices[device]?.loginFailures ?? 0) + max(1, loginFailures)
                devices[device]?.loginFailures = total
                if total >= rules.loginLimit {
                    devices[device]?.block = .loginRefused(times: total)
                }
            }
        default: break
        }
    }
}

// MARK: - Time

extension PullSchedule {
    /// One beginning, in the unit of the allowance.
    private static var one: Int64 { 1_000_000_000 }

    private mutating func refill(at now: Instant) {
        let most = Int64(max(1, rules.beginningsPerSecond)) * Self.one
        if let last = allowanceAt {
            // A second's worth at most is saved up.
            let time = min(1_000_000_000, max(0, now.nanoseconds(since: last)))
            allowance = min(most, allowance + most / Self.one * time)
        } else {
            allowance = most
        }
        allowanceAt = now
    }

    /// Which period of a sample's grid an instant lies in.
    private func period(_ now: Instant, _ every: Int64) -> Int64 {
        let (whole, rest) = now.nanoseconds.quotientAndRemainder(dividingBy: max(1, every))
        return rest < 0 ? whole - 1 : whole
    }

    /// When the sample of a period begins.
    private func sampleStart(
        _ key: Key, _ period: Int64, _ length: Int64, _ every: Int64
    ) -> Instant {
        let room = UInt64(max(1, every - length))
        let draw = mixed(key, UInt64(bitPattern: period)) % room
        return Instant(nanoseconds: period &* every &+ Int64(draw))
    }

    /// Since when a camera is due; nil if it is not.
    private func due(_ key: Key, _ entry: Entry, at now: Instant) -> Instant? {
        guard entry.running == nil, devices[entry.plan.device]?.block == nil else { return nil }
        if let notBefore = entry.notBefore, now < notBefore { return nil }
        switch entry.plan.mode {
        case .continuous: return entry.notBefore ?? Instant(nanoseconds: .min)
        case .sampled(let length, let every):
            let period = period(now, every)
            guard entry.donePeriod != period else { return nil }
            let start = sampleStart(key, period, length, every)
            return now >= start ? start : nil
        }
    }

    /// Those that are due, the one that waits longest first.
    private func dueKeys(at now: Instant) -> [Key] {
        order.compactMap { key in
            entries[key].flatMap { due(key, $0, at: now) }.map { (key, $0) }
        }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
    }

    private func mustStop(_ entry: Entry, at now: Instant) -> Bool {
        guard !entry.isStopping, case .sampled(let length, _) = entry.plan.mode,
            let playing = entry.playing
        else { return false }
        return now.nanoseconds(since: playing) >= length
    }

    /// Counts the samples of periods that passed without one.
    private mutating func noteMissed(_ key: Key, _ entry: Entry, at now: Instant) {
        guard case .sampled(_, let every) = entry.plan.mode else { return }
        let period = period(now, every)
        guard let done = entry.donePeriod else {
            // The period in which a camera is first wanted is not held against it.
            entries[key]?.donePeriod = period - 1
            return
        }
        guard done < period - 1 else { return }
        missedSamples += UInt64(period - 1 - done)
        entries[key]?.donePeriod = period - 1
    }

    /// How long to wait after a failure: doubled each time, and up to a fifth more, so that many
    /// do not come back at once.
    private func wait(_ failure: CheckFailure, _ failures: Int, _ key: Key) -> Int64 {
        let isBusy = failure.kind == .busy
        let first = isBusy ? rules.firstBusyWait : rules.firstWait
        let longest = isBusy ? rules.longestBusyWait : rules.longestWait
        let wait = min(longest, first << Int64(min(failures, 20)))
        let more = mixed(key, UInt64(failures) &+ 0x5157) % UInt64(max(1, wait / 5))
        return wait + Int64(more)
    }

    /// A number that the seed, the key and another number settle.
    private func mixed(_ key: Key, _ number: UInt64) -> UInt64 {
        // The standard hash changes with every process; the key's text does not.
        var state = seed ^ number &* 0x9e37_79b9_7f4a_7c15
        for octet in String(describing: key).utf8 {
            state = (state ^ UInt64(octet)) &* 0x0000_0100_0000_01b3
        }
        state = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        state = (state ^ state >> 27) &* 0x94d0_49bb_1331_11eb
        return state ^ state >> 31
    }
}
