// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

@testable import Agreements

let second: Int64 = 1_000_000_000
/// 2026-01-01T00:00:00Z.
let newYear = Instant(nanoseconds: 1_767_225_600 * second)

func at(_ seconds: Int64) -> Instant { newYear.advanced(byNanoseconds: seconds * second) }

func vantage(_ text: String) -> VantageID {
    guard let vantage = VantageID(text) else { preconditionFailure("not a vantage: \(text)") }
    return vantage
}

/// A short history that no camera would make: every kind of observation next to every other.
struct RandomHistory {
    var observations: [(VantageID, Observation)] = []
    var rules = JudgingRules.standard

    /// What a stretch of the history is mostly like.
    private enum Mood: CaseIterable { case good, silent, lossy, frozen, poor, wild }

    static let vantages = ["a", "b", "c"].map(vantage)

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let vantages = random.chance(60) ? 1 : random.chance(70) ? 2 : 3
        let isSampled = random.chance(25)
        if isSampled { rules.sampleSpacing = random.pick([20, 60, 300]) * second }
        if random.chance(10) { rules.patience = 60 * second }
        let length = 20 + random.below(40)
        for index in 0..<vantages {
            var time = newYear.nanoseconds + random.below(4) * 10 * second
            let end = time + length * 10 * second
            var mood = random.pick(Mood.allCases)
            while time < end {
                if random.chance(20) { mood = random.pick(Mood.allCases) }
                let duration = Self.duration(&random, at: time)
                if random.chance(isSampled ? 50 : 12) {
                    // Nobody watches; short, long, or for several samples.
                    time += random.chance(80) ? 10 * second : random.below(100 * second)
                    continue
                }
                var observation = Self.observation(
                    from: time, duration, mood, &random)
                if isSampled, random.chance(80) { observation.evidence = .sampled }
                observations.append((Self.vantages[index], observation))
                // A set clock makes observations that overlap.
                time += random.chance(3) ? duration / 2 : duration
            }
        }
        observations.sort(by: Judge.precedes)
    }

    private static func duration(_ random: inout SeededRandom, at time: Int64) -> Int64 {
        let rest = 10 * second - time % (10 * second)
        if random.chance(88) { return rest }
        if random.chance(60) { return 1 + random.below(rest) }
        if random.chance(50) { return rest + 10 * second * random.below(9) }
        return 1 + random.below(40 * second)
    }

    private static func observation(
        from start: Int64, _ duration: Int64, _ mood: Mood, _ random: inout SeededRandom
    ) -> Observation {
        var measurement = Measurement(
            range: TimeRange(start: Instant(nanoseconds: start), nanoseconds: duration))
        let mood = random.chance(10) ? Mood.wild : mood
        let rate: Int64 = mood == .poor ? random.pick([12, 24, 25]) : 25
        measurement.frames.count = UInt64(duration * rate / second)
        measurement.octets.ip = UInt64(
            duration / 1000 * (mood == .poor ? random.pick([300, 624, 625]) : 700) / 1000)
        measurement.packets.expected = UInt64(duration / second * 100)
        measurement.packets.unique = measurement.packets.expected
        var first: Int64? = start + random.below(min(duration, 40_000_000))
        var last: Int64? = start + duration - 1 - random.below(min(duration, 40_000_000))
        if mood == .silent || mood == .frozen || (mood == .wild && random.chance(50)) {
            (first, last) = Self.rareFrames(from: start, duration, &random)
        }
        if mood == .lossy || (mood == .wild && random.chance(20)) {
            let share: UInt64 = random.pick([19, 20, 21, 50])
            measurement.packets.unique -= measurement.packets.expected * share / 100
        }
        if mood == .wild, random.chance(40) {
            measurement.trust.probeDrops = UInt64(random.below(3))
        }
        if let first, let last, first <= last {
            measurement.frames.firstArrival = Instant(nanoseconds: first)
            measurement.frames.lastArrival = Instant(nanoseconds: last)
            measurement.frames.largestGapNanoseconds =
                random.chance(90) ? 40_000_000 : random.below(20 * second)
            measurement.firstPacket = Instant(
                nanoseconds: random.chance(90) ? first : start + random.below(duration))
            measurement.lastPacket = Instant(
                nanoseconds: random.chance(70) ? last : start + random.below(duration))
        } else {
            measurement.frames.count = 0
        }
        if mood == .frozen {
            measurement.firstPacket = Instant(nanoseconds: start)
            measurement.lastPacket = Instant(nanoseconds: start + duration - 1)
        }
        var observation = Observation(measurement: measurement)
        observation.transport = random.chance(90) ? .rtpUDP : random.pick([.rtspsTCP, .tsUDP])
        if random.chance(80) {
            observation.picture =
                mood == .poor || mood == .wild && random.chance(50)
                ? PictureSize(width: 1280, height: 720) : PictureSize(width: 1080, height: 1920)
        }
        if random.chance(70) {
            observation.clock = ClockReading(
                offsetNanoseconds: random.pick([0, 900, 999, 1001, 3200]) * 1_000_000,
                uncertaintyNanoseconds: random.pick([0, 1, 200]) * 1_000_000)
        }
        return observation
    }

    private static func rareFrames(
        from start: Int64, _ duration: Int64, _ random: inout SeededRandom
    ) -> (Int64?, Int64?) {
        guard random.chance(35) else { return (nil, nil) }
        let (one, other) = (start + random.below(duration), start + random.below(duration))
        // One before the interval or at its very end now and then.
        if random.chance(5) { return (start - second, max(one, other)) }
        if random.chance(5) { return (one, start + duration) }
        return (min(one, other), max(one, other))
    }
}
