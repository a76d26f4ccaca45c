// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// What goes wrong with one camera's stream.
public struct Trouble: Hashable, Sendable {
    /// How it shows in the stream.
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// No packet comes, for at least a minute.
        case silence
        /// No packet comes, too shortly to be an outage.
        case pause
        /// 45 % of the packets are lost.
        case heavyLoss
        /// 10 % of the packets are lost: allowed.
        case lightLoss
        /// 12 frames a second.
        case slowFrames
        /// 2 Mbit/s.
        case lowBitrate
        /// 1280×720.
        case smallPicture
        /// The camera's clock is 3.2 s ahead.
        case clockStep
    }

    /// How it shows.
    public var kind: Kind
    /// From when until when.
    public var range: TimeRange
}

/// Works that a channel's operator plans.
public struct SimulatedWork: Hashable, Sendable {
    /// The channel worked on.
    public var channel: Int
    /// The hours announced.
    public var range: TimeRange
    /// When somebody entered it; after `range.start` in one of ten.
    public var enteredAt: Instant
}

/// Time agreed not to count, for a site.
public struct SimulatedExclusion: Hashable, Sendable {
    /// The site.
    public var site: Int
    /// The time that does not count.
    public var range: TimeRange
    /// When somebody entered it.
    public var enteredAt: Instant
}

/// A stretch during which a probe cannot deliver; what it measured comes later.
public struct SimulatedBacklog: Hashable, Sendable {
    /// Days since the history's start whose measurements wait.
    public var days: Range<Int>
    /// How many days after the last of them they arrive.
    public var delay: Int
}

/// Everything that will happen, decided before the first measurement: the troubles of cameras,
/// power cuts at sites, cuts of channels, planned works, exclusions, hours without a probe.
///
/// Any two edges that touch the same camera lie ten minutes apart, and only such troubles overlap
/// whose sum is clear without a judge's rule: then the truth needs none of the judge's code.
public struct HistoryPlan: Sendable {
    /// What was asked for.
    public let options: HistoryOptions
    /// Who stands where.
    public let layout: HistoryLayout
    /// Each camera's own troubles, in order of time.
    public private(set) var own: [[Trouble]]
    /// Power cuts, by site: its cameras fall silent.
    public private(set) var powerCuts: [[TimeRange]]
    /// Cuts, by channel: the cameras behind it fall silent.
    public private(set) var channelCuts: [[TimeRange]]
    /// When each probe measured nothing.
    public private(set) var darkness: [[TimeRange]]
    /// Planned works.
    public private(set) var works: [SimulatedWork] = []
    /// Exclusions.
    public private(set) var exclusions: [SimulatedExclusion] = []
    /// What each probe delivers late.
    public private(set) var backlogs: [[SimulatedBacklog]]

    /// Least distance between two edges that touch one camera, ns.
    static let margin: Int64 = 600_000_000_000
    static let second: Int64 = 1_000_000_000
    static let minute: Int64 = 60 * second
    static let hour: Int64 = 60 * minute
    static let day: Int64 = 24 * hour

    /// Draws the plan that belongs to the options.
    public init(_ options: HistoryOptions) {
        self.options = options
        layout = HistoryLayout(cameras: options.cameras)
        own = Array(repeating: [], count: options.cameras)
        powerCuts = Array(repeating: [], count: layout.sites)
        channelCuts = Array(repeating: [], count: layout.channels)
        darkness = Array(repeating: [], count: layout.probes)
        backlogs = Array(repeating: [], count: layout.probes)
        for probe in 0..<layout.probes { drawProbe(probe) }
        for channel in 0..<layout.channels { drawChannel(channel) }
        for site in 0..<layout.sites { drawSite(site) }
        for camera in 0..<options.cameras { drawCamera(camera) }
    }

    /// Years that the history lasts; what happens so many times a year happens less in a month.
    private var years: Double { Double(options.range.nanoseconds) / Double(365 * Self.day) }

    /// How many times something of that yearly rate happens.
    private func count(perYear rate: Double, _ random: inout SplitMix64) -> Int {
        let mean = rate * years
        return Int(mean) + (random.happens(mean - mean.rounded(.down)) ? 1 : 0)
    }

    /// A range inside the history: any length between the two, shorter ones more often.
    private func draw(
        _ least: Int64, _ greatest: Int64, step: Int64, _ random: inout SplitMix64
    ) -> TimeRange? {
        // Halving at random gives lengths spread evenly over orders of magnitude.
        var length = greatest
        while length / 2 > least, random.below(3) > 0 { length /= 2 }
        length = least + Int64(random.below(Int(length - least + 1)))
        length = max(step, length / step * step)
        let room = options.range.nanoseconds - length - 2 * Self.hour
        guard room > 0 else { return nil }
        let start = options.range.start.nanoseconds + Self.hour + Int64(random.below(Int(room)))
        return TimeRange(
            start: Instant(nanoseconds: start).floored(toNanoseconds: step), nanoseconds: length)
    }

    private mutating func drawProbe(_ probe: Int) {
        var random = SplitMix64(seed: options.seed, party: 0x1_0000_0000 + UInt64(probe))
        for _ in 0..<count(perYear: 6, &random) {
            // Not on an interval's edge: a probe dies whenever it likes.
            guard let range = draw(Self.minute, 2 * Self.day, step: 1_000_000, &random),
                range.nanoseconds > 0
            else { continue }
            if darkness[probe].allSatisfy({ Self.areApart($0, range) }) {
                darkness[probe].append(range)
            }
        }
        for _ in 0..<count(perYear: 4, &random) {
            let days = Int(options.range.nanoseconds / Self.day)
            guard days > 12 else { continue }
            let first = 1 + random.below(days - 10)
            let backlog = SimulatedBacklog(
                days: first..<(first + 1 + random.below(3)), delay: 1 + random.below(3))
            let near = backlogs[probe].contains {
                abs($0.days.lowerBound - backlog.days.lowerBound) < 10
            }
            if !near { backlogs[probe].append(backlog) }
        }
    }

    private mutating func drawChannel(_ channel: Int) {
        var random = SplitMix64(seed: options.seed, party: 0x2_0000_0000 + UInt64(channel))
        let dark = darkness[layout.probe(ofChannel: channel)]
        for _ in 0..<count(perYear: 4, &random) {
            guard let cut = draw(2 * Self.minute, 8 * Self.hour, step: 1_000_000, &random),
                (channelCuts[channel] + dark).allSatisfy({ Self.areApart($0, cut) })
            else { continue }
            channelCuts[channel].append(cut)
        }
        for _ in 0..<count(perYear: 3, &random) {
            guard let range = draw(Self.hour, 6 * Self.hour, step: 5 * Self.minute, &random)
            else { continue }
            let cut = TimeRange(
                start: range.start.advanced(byNanoseconds: 20 * Self.minute + 137_000_000),
                nanoseconds: range.nanoseconds / 3)
            let others = channelCuts[channel] + dark
            guard others.allSatisfy({ Self.areApart($0, range) && Self.areApart($0, cut) })
            else { continue }
            let late = random.below(10) == 0
            let entered = range.start.advanced(
                byNanoseconds: late ? 5 * Self.hour : -2 * Self.day)
            works.append(SimulatedWork(channel: channel, range: range, enteredAt: entered))
            // The works interrupt the video for a third of the time announced.
            channelCuts[channel].append(cut)
        }
    }

    private mutating func drawSite(_ site: Int) {
        var random = SplitMix64(seed: options.seed, party: 0x3_0000_0000 + UInt64(site))
        let channel = layout.channel(ofSite: site)
        var others = darkness[layout.probe(ofChannel: channel)] + channelCuts[channel]
        others += works.filter { $0.channel == channel }.map(\.range)
        for _ in 0..<count(perYear: 3, &random) {
            guard let cut = draw(5 * Self.minute, 10 * Self.hour, step: 1_000_000, &random),
                others.allSatisfy({ Self.areApart($0, cut) })
            else { continue }
            powerCuts[site].append(cut)
            others.append(cut)
            guard random.below(5) == 0 else { continue }
            // One of five was lawful: the time around it is agreed not to count.
            let range = TimeRange(
                start: cut.start.advanced(byNanoseconds: -20 * Self.minute),
                nanoseconds: cut.nanoseconds + 40 * Self.minute)
            guard others.allSatisfy({ Self.areApart($0, range) }) else { continue }
            exclusions.append(
                SimulatedExclusion(
                    site: site, range: range,
                    enteredAt: range.end.advanced(byNanoseconds: Self.day)))
            others.append(range)
        }
    }

    private mutating func drawCamera(_ camera: Int) {
        var random = SplitMix64(seed: options.seed, party: 0x4_0000_0000 + UInt64(camera))
        let site = layout.site(ofCamera: camera)
        let channel = layout.channel(ofSite: site)
        let hidden = darkness[layout.probe(ofChannel: channel)]
        let silent = channelCuts[channel] + powerCuts[site]
        var edges = works.filter { $0.channel == channel }.map(\.range)
        edges += exclusions.filter { $0.site == site }.map(\.range)
        // One camera in forty is a bad one: it alone uses up its fifty hours.
        let silences = random.below(40) == 0 ? 24.0 : 4.0
        let rates: [(Trouble.Kind, Double)] = [
            (.silence, silences), (.pause, 5), (.heavyLoss, 2), (.lightLoss, 2), (.slowFrames, 1.5),
            (.lowBitrate, 1.5), (.smallPicture, 0.7), (.clockStep, 1),
        ]
        for (kind, rate) in rates {
            for _ in 0..<count(perYear: rate, &random) {
                guard let range = draw(kind, &random) else { continue }
                if edges.allSatisfy({ Self.areApart($0, range) })
                    && silent.allSatisfy({ Self.mayMeet(silence: $0, kind, range) })
                    && hidden.allSatisfy({ Self.mayMeet(darkness: $0, kind, range) })
                    && own[camera].allSatisfy({ Self.mayMeet($0, kind, range) })
                {
                    own[camera].append(Trouble(kind: kind, range: range))
                }
            }
        }
        own[camera].sort { $0.range.start < $1.range.start }
    }

    private func draw(_ kind: Trouble.Kind, _ random: inout SplitMix64) -> TimeRange? {
        switch kind {
        case .silence:
            return draw(2 * Self.minute, 20 * Self.hour, step: 1_000_000, &random)
        case .pause:
            // Inside one minute of the clock, so that one window of a minute shows it.
            guard let minute = draw(Self.minute, Self.minute, step: Self.minute, &random) else {
                return nil
            }
            return TimeRange(
                start: minute.start.advanced(
                    byNanoseconds: 15 * Self.second + Int64(random.below(5000)) * 1_000_000),
                nanoseconds: 14 * Self.second + Int64(random.below(11_000)) * 1_000_000)
        case .heavyLoss, .lightLoss:
            return draw(Self.minute, 2 * Self.hour, step: 10 * Self.second, &random)
        case .slowFrames, .lowBitrate:
            return draw(10 * Self.minute, Self.day, step: Self.minute, &random)
        case .smallPicture, .clockStep:
            return draw(10 * Self.minute, 5 * Self.day, step: 10 * Self.second, &random)
        }
    }

    /// Whether no edge of one lies near an edge of the other.
    static func areApart(_ one: TimeRange, _ other: TimeRange) -> Bool {
        for edge in [one.start, one.end] {
            for neighbour in [other.start, other.end]
            where abs(edge.nanoseconds(since: neighbour)) < margin {
                return false
            }
        }
        return true
    }

    /// Whether a camera's own trouble may happen around a silence that comes from elsewhere.
    private static func mayMeet(
        silence: TimeRange, _ kind: Trouble.Kind, _ range: TimeRange
    ) -> Bool {
        guard areApart(silence, range) else { return false }
        if kind == .silence || silence.intersection(range) == nil { return true }
        // What begins or ends unseen cannot be dated; loss and silence would share an interval.
        return kind != .heavyLoss && isNested(silence, range)
    }

    /// Whether a camera's own trouble may happen around a stretch that nobody watched.
    private static func mayMeet(
        darkness: TimeRange, _ kind: Trouble.Kind, _ range: TimeRange
    ) -> Bool {
        guard areApart(darkness, range) else { return false }
        return kind == .silence || darkness.intersection(range) == nil || isNested(darkness, range)
    }

    private static func isNested(_ one: TimeRange, _ other: TimeRange) -> Bool {
        let shared = one.intersection(other)
        return shared == one || shared == other
    }

    /// Whether two troubles of one camera may happen together.
    private static func mayMeet(_ one: Trouble, _ kind: Trouble.Kind, _ range: TimeRange) -> Bool {
        guard areApart(one.range, range) else { return false }
        // Between the two lies more than the margin, or one is inside the other.
        guard one.range.intersection(range) != nil else { return true }
        switch (one.kind, kind) {
        case (.silence, .silence): return true
        case (.smallPicture, .clockStep), (.clockStep, .smallPicture): return true
        default: return false
        }
    }
}
