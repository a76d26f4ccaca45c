// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Agreements

@Suite struct JudgeTests {
    @Test(arguments: [(29.0, false), (29.999, false), (30.0, true), (31.0, true)])
    func `an outage counts from 30 s on, and then from its first instant`(
        length: Double, isDown: Bool
    ) {
        var feed = Feed()
        feed.add(0, 180, holes: [(63.2, 63.2 + length)])
        let expected =
            isDown
            ? ["0–63.2 up", "63.2–\(63.2 + length) down silence", "\(63.2 + length)–180 up"]
            : ["0–180 up"]
        #expect(feed.arrivals() == expected)
    }

    @Test func `what follows a session that its receiver ended is unknown, and no silence`() {
        func released(_ start: Int64, _ end: Int64) -> (VantageID, Observation) {
            let range = TimeRange(
                start: newYear.advanced(byNanoseconds: start * 1_000_000_000),
                nanoseconds: (end - start) * 1_000_000_000)
            return (
                RandomHistory.vantages[0], Observation(released: range, transport: .rtpUDP)
            )
        }
        var feed = Feed()
        feed.add(0, 120)
        feed.observations += [released(120, 130), released(130, 200)]
        feed.add(200, 300)
        #expect(feed.spans() == ["0–120 up", "120–200 unknown released", "200–300 up"])
        // A silence before the end of the session stays one.
        var silent = Feed()
        silent.add(0, 120, holes: [(60, 120)])
        silent.observations.append(released(120, 200))
        #expect(
            silent.spans() == ["0–60 up", "60–120 down silence", "120–200 unknown released"])
        // Another vantage that goes on watching decides.
        var both = Feed()
        both.vantage = RandomHistory.vantages[1]
        both.add(0, 200)
        both.observations.append(released(120, 200))
        #expect(both.spans() == ["0–200 up"])
    }

    @Test func `an outage too short to count shows in the mean of its minute`() {
        var feed = Feed()
        feed.add(0, 180, holes: [(63.2, 92.2)])
        #expect(feed.spans() == ["0–60 up", "60–120 bitrate+frameRate", "120–180 up"])
    }

    @Test(arguments: [59.0, 60.0, 61.0])
    func `an outage of a minute is as long as it was`(length: Double) {
        var feed = Feed()
        feed.add(0, 240, holes: [(61.5, 61.5 + length)])
        #expect(
            feed.spans() == [
                "0–61.5 up", "61.5–\(61.5 + length) down silence", "\(61.5 + length)–240 up",
            ])
    }

    @Test func `video that comes back for less than 30 s does not end an outage`() {
        var feed = Feed()
        feed.add(0, 300, holes: [(60, 100), (129, 170)])
        #expect(feed.spans() == ["0–60 up", "60–170 down silence", "170–300 up"])
        var longer = Feed()
        longer.add(0, 300, holes: [(60, 100), (130, 170)])
        #expect(
            longer.spans() == [
                "0–60 up", "60–100 down silence", "100–130 up", "130–170 down silence",
                "170–300 up",
            ])
    }

    @Test func `loss of exactly 20 % is good, one packet more is not`() {
        for (lost, expected) in [(100, ["0–60 up"]), (101, ["0–60 down loss"])] {
            var feed = Feed()
            feed.add(0, 60) {
                $0.measurement.packets.expected = 500
                $0.measurement.packets.unique = 500 - UInt64(lost)
            }
            #expect(feed.spans() == expected)
        }
    }

    @Test func `loss counts from and to the edges of intervals`() {
        var feed = Feed()
        feed.add(0, 60)
        feed.add(60, 100) { $0.measurement.packets.unique = 300 }
        feed.add(100, 160)
        #expect(feed.spans() == ["0–60 up", "60–100 down loss", "100–160 up"])
    }

    /// A cable that is out for 41 s: the sender goes on counting.
    @Test func `what was lost in a silence is not lost again after it`() {
        func isBack(_ observation: Observation) -> Bool {
            observation.measurement.range.start == at(60)
        }
        var feed = Feed()
        feed.add(0, 120, holes: [(21, 62)]) {
            if isBack($0) { $0.measurement.packets.expected += 20_500 }
        }
        #expect(feed.spans() == ["0–21 up", "21–62 down silence", "62–120 up"])
        // Nor where it goes on: the next interval says it, and all is one outage.
        var worse = Feed()
        worse.add(0, 160, holes: [(21, 62)]) {
            if isBack($0) { $0.measurement.packets.expected += 20_500 }
            let isWorse = $0.measurement.range.start >= at(70) && $0.measurement.range.end <= at(90)
            if isWorse { $0.measurement.packets.unique = 300 }
        }
        #expect(
            worse.spans() == [
                "0–21 up", "21–70 down silence", "70–90 down loss", "90–160 up",
            ])
        // A silence that is none excuses nothing.
        var brief = Feed()
        brief.add(0, 120, holes: [(54, 62)]) {
            if isBack($0) { $0.measurement.packets.expected += 4_000 }
            if $0.measurement.range.start >= at(70) { $0.measurement.packets.unique = 300 }
        }
        #expect(brief.arrivals() == ["0–60 up", "60–120 down loss"])
    }

    @Test func `packets without a new frame are a frozen picture`() {
        var feed = Feed()
        feed.add(0, 60)
        feed.add(60, 110, holes: [(62, 105)], isFrozen: true)
        feed.add(110, 160)
        #expect(feed.spans() == ["0–62 up", "62–105 down frozen", "105–160 up"])
    }

    @Test func `a camera that is gone before anybody looks is down from the first look`() {
        var feed = Feed()
        feed.add(0, 100, holes: [(-1, 200)])
        #expect(feed.spans() == ["0–100 down silence"])
    }

    @Test func `with packets of the probe's own lost, what fails is not judged`() {
        var feed = Feed()
        feed.add(0, 60)
        feed.add(60, 120, holes: [(-1, 500)]) { $0.measurement.trust.probeDrops = 1 }
        feed.add(120, 180) {
            $0.measurement.trust.probeDrops = 7
            $0.measurement.packets.unique = 100
        }
        feed.add(180, 240) { $0.measurement.trust.probeDrops = 7 }
        #expect(feed.spans() == ["0–60 up", "60–180 unknown probeDrops", "180–240 up"])
    }

    @Test(arguments: [1, 60, 3600, 3 * 86_400] as [Int64])
    func `while nobody watches nothing opens, ends or counts`(gap: Int64) {
        // Up before and after.
        var up = Feed()
        up.add(0, 65)
        up.add(65 + gap, 65 + gap + 100)
        let end = 165 + gap
        #expect(
            up.spans() == [
                "0–65 up", "65–\(65 + gap) unknown notObserved", "\(65 + gap)–\(end) up",
            ])
        // Down before and after.
        var down = Feed()
        down.add(0, 65, holes: [(-1, 100)])
        down.add(65 + gap, end, holes: [(-1, 1e9)])
        #expect(
            down.spans() == [
                "0–65 down silence", "65–\(65 + gap) unknown notObserved",
                "\(65 + gap)–\(end) down silence",
            ])
        // 20 s bad before, 10 s after: together 30 s, though days lie in between.
        var split = Feed()
        split.add(0, 60, holes: [(40, 100)])
        split.add(60 + gap, 160 + gap, holes: [(-1, Double(70 + gap))])
        #expect(
            split.spans() == [
                "0–40 up", "40–60 down silence", "60–\(60 + gap) unknown notObserved",
                "\(60 + gap)–\(70 + gap) down silence", "\(70 + gap)–\(160 + gap) up",
            ])
        // 10 s and 10 s: not enough.
        var short = Feed()
        short.add(0, 60, holes: [(50, 100)])
        short.add(60 + gap, 160 + gap, holes: [(-1, Double(70 + gap))])
        #expect(
            short.arrivals() == [
                "0–60 up", "60–\(60 + gap) unknown notObserved", "\(60 + gap)–\(160 + gap) up",
            ])
    }

    @Test func `a silence short of 10 s at the edge of known time is good`() {
        var feed = Feed()
        feed.add(0, 57, holes: [(47.5, 100)])
        feed.add(70, 130, holes: [(0, 79.5)])
        #expect(feed.arrivals() == ["0–57 up", "57–70 unknown notObserved", "70–130 up"])
    }

    @Test func `a look too short to tell, without a frame, proves nothing`() {
        var feed = Feed()
        feed.add(3, 9, holes: [(0, 100)])
        #expect(feed.spans() == ["3–9 unknown noEvidence"])
    }

    @Test func `inside TLS packets take the place of frames`() {
        var feed = Feed()
        feed.add(0, 180, holes: [(60, 100)]) {
            $0.transport = .rtspsTCP
            $0.measurement.frames = FrameCounts()
            $0.picture = nil
        }
        #expect(feed.spans() == ["0–60 up", "60–100 down silence", "100–180 up"])
    }

    @Test func `a merged quiet hour is known time, one with a gap inside is not`() {
        var feed = Feed()
        feed.add(0, 600)
        func hour(_ gap: Int64) -> Observation {
            var measurement = Measurement(
                range: TimeRange(start: at(600), nanoseconds: 3_600 * second))
            measurement.frames.firstArrival = at(600)
            measurement.frames.lastArrival = at(4_199)
            measurement.frames.count = 90_000
            measurement.frames.largestGapNanoseconds = gap
            measurement.octets.ip = 3_600 * 700_000
            measurement.packets.expected = 100_000
            measurement.packets.unique = 99_000
            return Observation(
                measurement: measurement, picture: PictureSize(width: 1920, height: 1080))
        }
        for (gap, word) in [(9 * second, nil), (10 * second, "unknown noEvidence")] {
            var feed = feed
            feed.observations.append((feed.vantage, hour(gap)))
            feed.add(4_200, 4_300)
            let split = word.map { ["0–600 up", "600–4200 \($0)", "4200–4300 up"] }
            #expect(feed.spans() == split ?? ["0–4300 up"])
        }
    }

    @Test func `an observation sent again is covered, one of the past is late`() {
        var feed = Feed()
        feed.add(0, 60)
        var judge = Judge()
        for (vantage, observation) in feed.observations {
            #expect(judge.take(observation, from: vantage, thresholds: .annex2) == .taken)
        }
        let before = judge
        let (vantage, last) = feed.observations[5]
        #expect(judge.take(last, from: vantage, thresholds: .annex2) == .covered)
        #expect(judge.take(feed.observations[4].1, from: vantage, thresholds: .annex2) == .late)
        var far = last
        far.measurement.range = TimeRange(start: Instant(nanoseconds: .max), nanoseconds: 0)
        #expect(judge.take(far, from: vantage, thresholds: .annex2) == .outOfRange)
        #expect(judge == before)
    }

    @Test func `the best of several vantages is heard`() {
        var feed = Feed()
        feed.add(0, 180, holes: [(60, 120)])
        feed.vantage = RandomHistory.vantages[1]
        feed.add(0, 100, holes: [(90, 100)])
        // From 60 to 90 the second saw frames; then both saw none, then the first alone.
        #expect(feed.spans() == ["0–90 up", "90–120 down silence", "120–180 up"])
    }

    @Test func `samples that agree bridge the time between them`() {
        var rules = JudgingRules.standard
        rules.sampleSpacing = 300 * second
        var feed = Feed()
        for start in [0, 300, 600, 900, 1200, 2000] as [Int64] {
            let isGone = start == 600 || start == 900
            feed.add(start, start + 10, holes: isGone ? [(-1, 5000)] : []) {
                $0.evidence = .sampled
                $0.measurement.octets.ip = start >= 1200 ? 0 : $0.measurement.octets.ip
            }
        }
        #expect(
            feed.spans(rules) == [
                "0–310 up (sampled)", "310–600 unknown betweenSamples (sampled)",
                "600–910 down silence (sampled)", "910–1200 unknown betweenSamples (sampled)",
                "1200–1210 down silence (sampled)", "1210–2000 unknown notObserved",
                "2000–2010 down silence (sampled)",
            ])
    }

    @Test func `each criterion is judged by its window and its limit`() {
        var feed = Feed()
        feed.add(0, 120)
        feed.add(120, 240) { $0.picture = PictureSize(width: 1280, height: 720) }
        feed.add(240, 360) { $0.measurement.octets.ip = 6_000_000 }
        feed.add(360, 480) { $0.measurement.frames.count = 120 }
        feed.add(480, 600) { $0.clock?.offsetNanoseconds = -3_200_000_000 }
        feed.add(600, 660)
        #expect(
            feed.spans() == [
                "0–120 up", "120–240 resolution", "240–360 bitrate", "360–480 frameRate",
                "480–600 clockOffset", "600–660 up",
            ])
    }

    @Test func `a picture turned on its side is as large`() {
        var feed = Feed()
        feed.add(0, 120) { $0.picture = PictureSize(width: 1080, height: 1920) }
        #expect(feed.spans() == ["0–120 up"])
    }

    @Test func `a clock is judged only where its error bar lets it`() {
        for (offset, doubt, word) in [
            (900, 100, "up"), (900, 101, "up"), (1100, 100, "up"), (1100, 99, "clockOffset"),
        ] as [(Int64, Int64, String)] {
            var feed = Feed()
            feed.add(0, 120) {
                $0.clock = ClockReading(
                    offsetNanoseconds: offset * 1_000_000,
                    uncertaintyNanoseconds: doubt * 1_000_000)
            }
            #expect(feed.spans() == ["0–120 \(word)"])
        }
    }

    @Test func `a minute watched by less than half has no mean`() {
        var feed = Feed()
        feed.add(0, 20) { $0.measurement.octets.ip = 0 }
        feed.add(60, 90) { $0.measurement.octets.ip = 0 }
        #expect(feed.spans() == ["0–20 up", "20–60 unknown notObserved", "60–90 bitrate"])
    }

    @Test func `down time is left out of the means`() {
        var feed = Feed()
        feed.add(0, 180, holes: [(70, 110)])
        // The second minute holds 20 s of frames, which is less than half of it.
        #expect(feed.spans() == ["0–70 up", "70–110 down silence", "110–180 up"])
    }

    @Test func `thresholds of the time judged hold`() {
        var strict = Thresholds.annex2
        strict.minimumFrameRate = 30_000
        var feed = Feed()
        feed.add(0, 240)
        let spans = Judge.spans(
            of: feed.observations, thresholds: { $0 < at(120) ? .annex2 : strict })
        #expect(Feed.show(spans) == ["0–120 up", "120–240 frameRate"])
    }

    @Test func `what is settled does not change any more`() {
        var feed = Feed()
        feed.add(0, 400, holes: [(100, 150), (200, 215), (300, 390)])
        var judge = Judge()
        let final = Judge.spans(of: feed.observations)
        for (vantage, observation) in feed.observations {
            _ = judge.take(observation, from: vantage, thresholds: .annex2)
            guard let until = judge.settledUntil else { continue }
            var copy = judge
            let settled = copy.drain()
            #expect(settled.last?.range.end ?? until == until)
            for span in settled.dropLast() { #expect(final.contains(span)) }
            // No more waits than confirmation and the window of means take.
            #expect(observation.range.end.nanoseconds(since: until) <= 100 * second)
        }
    }

    @Test func `damaged checkpoints are refused and stop nothing`() {
        let history = RandomHistory(seed: 7)
        var judge = Judge(rules: history.rules)
        for (vantage, observation) in history.observations {
            _ = judge.take(observation, from: vantage, thresholds: .annex2)
        }
        let bytes = judge.checkpoint
        #expect(Judge(checkpoint: bytes, rules: history.rules)?.checkpoint == bytes)
        var other = history.rules
        other.confirm += 1
        #expect(Judge(checkpoint: bytes, rules: other) == nil)
        #expect(Judge(checkpoint: [], rules: history.rules) == nil)
        var random = SeededRandom(seed: 1)
        for round in 0..<3_000 {
            var damaged = bytes
            for _ in 0...random.below(3) {
                damaged[Int(random.below(Int64(damaged.count)))] = UInt8(random.below(256))
            }
            if round % 3 == 0 { damaged.removeLast(Int(random.below(20))) }
            guard var judge = Judge(checkpoint: damaged, rules: history.rules) else { continue }
            for (vantage, observation) in history.observations {
                _ = judge.take(observation, from: vantage, thresholds: .annex2)
            }
            _ = judge.provisional()
        }
    }
}
