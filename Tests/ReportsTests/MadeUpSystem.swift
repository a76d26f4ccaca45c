// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Testing

@testable import Agreements
@testable import Reports
@testable import Timekeeping

/// Three sites, two channels, eight cameras in October 2026, where each kind of trouble occurs once.
///
/// - `korpus-1` (4 cameras, channel `fo-1`): the channel is cut on the 5th for 3 h; `k1-yard` loses
///   packets; `k1-gate` runs 12 frames/s; `k1-hall` was down 52 h in spring.
/// - `korpus-2` (2 cameras, channel `fo-1`): planned works on the 12th, entered afterwards;
///   `k2-roof` has a wrong clock and a small picture.
/// - `depot` (2 cameras, channel `radio-2`, another operator and subscriber): nobody watched
///   `d-fence` for two days; `d-gate` is excluded for a day.
enum MadeUpSystem {
    static let hour: Int64 = 3_600_000_000_000
    static let second: Int64 = 1_000_000_000
    /// 2026-10-01T00:00:00+05:00.
    static let october = Instant(nanoseconds: 1_790_794_800_000_000_000)
    static let month = range(october, october.advanced(byNanoseconds: 31 * 24 * hour))
    /// 2026-01-01T00:00:00+05:00.
    static let newYear = Instant(nanoseconds: 1_767_207_600_000_000_000)
    static let zone = ZoneRules(
        name: "Asia/Almaty", version: "2026a",
        first: .init(
            at: Instant(nanoseconds: .min), offset: 18_000, isDaylight: false,
            abbreviation: "+05"), later: [], footer: nil)

    static func at(_ day: Int64, _ hours: Int64 = 0, plus nanoseconds: Int64 = 0) -> Instant {
        october.advanced(byNanoseconds: (day - 1) * 24 * hour + hours * hour + nanoseconds)
    }

    static func range(_ start: Instant, _ end: Instant) -> TimeRange {
        TimeRange(start: start, nanoseconds: end.nanoseconds(since: start))
    }

    static let works = [
        PlannedWork(
            id: "w-17", scope: .site(id("korpus-2")), range: range(at(12, 9), at(12, 11)),
            what: "Replacement of the switch <unit 2>", enteredBy: "duty officer",
            enteredAt: at(12, 14))
    ]

    static let exclusions = [
        Exclusion(
            id: "x-3", scope: .camera(id("d-gate")), range: range(at(20), at(21)),
            reason: "Shutdown ordered by law (¶18.2)", document: "No. 14-2/77",
            enteredBy: "chief engineer", enteredAt: at(19, 10)),
        Exclusion(
            id: "x-4", scope: .site(id("depot")), range: range(at(22), at(23)),
            reason: "Power works", document: "=HYPERLINK(1)", enteredBy: "chief engineer",
            enteredAt: at(21), revokedAt: at(24), revokedBy: "chief engineer"),
    ]

    /// Stretches that are not up, by camera; the rest of the year to date is up.
    static func troubles(of camera: CameraID) -> [(TimeRange, Condition, Evidence)] {
        let cut = (range(at(5, 2), at(5, 5)), Condition.down(.silence), Evidence.observed)
        switch camera.text {
        case "k1-hall":
            let spring = at(-150)
            return [
                (
                    range(spring, spring.advanced(byNanoseconds: 52 * hour)), .down(.silence),
                    .observed
                ),
                (range(at(5, 2), at(5, 5, plus: 40 * second)), .down(.silence), .observed),
            ]
        case "k1-yard":
            return [
                cut,
                (range(at(8, 1), at(8, 1, plus: 1_250 * second)), .down(.loss), .observed),
                (range(at(30), at(30, 6)), .down(.frozen), .sampled),
            ]
        case "k1-gate":
            return [cut, (range(at(6), at(32)), .degraded(.frameRate), .observed)]
        case "k1-door":
            return [
                (
                    range(at(5, 2, plus: 123_456_789), at(5, 5)), .down(.silence), .observed
                )
            ]
        case "k2-roof":
            return [
                cut, (range(at(12, 9), at(12, 10)), .down(.silence), .observed),
                (
                    range(at(14), at(32)), .degraded([.resolution, .clockOffset]), .observed
                ),
            ]
        case "k2-ramp": return [cut, (range(at(12, 9), at(12, 10)), .down(.silence), .observed)]
        case "d-fence": return [(range(at(16), at(18)), .unknown(.notObserved), .observed)]
        default: return []
        }
    }

    static func id<ID: RegistryIdentifier>(_ text: String) -> ID {
        guard let id = ID(text) else { preconditionFailure("\(text) is no identity") }
        return id
    }

    static let registry: Registry = {
        func drafted<Value>(_ values: [Value]) -> [Drafted<Value>] {
            values.map { Drafted($0, at: SourcePlace(file: "made-up")) }
        }
        func camera(_ camera: String, _ name: String, _ site: String, _ channel: String) -> Camera {
            Camera(id: id(camera), name: name, site: id(site), channel: id(channel))
        }
        var drafts = RegistryDrafts()
        drafts.parties = drafted([
            Party(id: id("coordinator"), name: "Coordinator", role: .coordinator),
            Party(id: id("centre"), name: "Data Centre", role: .technicalOperator),
            Party(id: id("net-north"), name: "Net North", role: .networkOperator),
            Party(id: id("net-south"), name: "Net South", role: .networkOperator),
            Party(id: id("school-board"), name: "School Board", role: .subscriber),
            Party(id: id("depot-owner"), name: "Depot & Sons", role: .subscriber),
        ])
        drafts.sites = drafted([
            Site(id: id("korpus-1"), name: "Корпус 1", subscriber: id("school-board")),
            Site(id: id("korpus-2"), name: "Корпус 2", subscriber: id("school-board")),
            Site(id: id("depot"), name: "Depot", subscriber: id("depot-owner")),
        ])
        drafts.channels = drafted([
            Channel(
                id: id("fo-1"), name: "Fibre 1", operator: id("net-north"), isEncrypted: true,
                sites: [id("korpus-1"), id("korpus-2")]),
            Channel(
                id: id("radio-2"), name: "Radio 2", operator: id("net-south"), medium: .wireless,
                isEncrypted: false, sites: [id("depot")]),
        ])
        drafts.cameras = drafted([
            camera("k1-door", "Есік", "korpus-1", "fo-1"),
            camera("k1-gate", "Қақпа «Солтүстік»", "korpus-1", "fo-1"),
            camera("k1-hall", "Hall", "korpus-1", "fo-1"),
            camera("k1-yard", "Двор, \"угол\"", "korpus-1", "fo-1"),
            camera("k2-ramp", "Ramp", "korpus-2", "fo-1"),
            camera("k2-roof", "Roof", "korpus-2", "fo-1"),
            camera("d-fence", "Fence", "depot", "radio-2"),
            camera("d-gate", "=Gate", "depot", "radio-2"),
        ])
        let (registry, problems) = Registry.make(drafts)
        guard let registry else { preconditionFailure("\(problems)") }
        return registry
    }()

    /// What was measured of a camera in October.
    static func quality(of camera: CameraID) -> Statement.QualityFigures? {
        if camera.text == "d-fence" { return nil }
        var measurement = Measurement(range: month)
        measurement.packets.expected = 1_000_000_000
        measurement.packets.unique = camera.text == "k1-yard" ? 995_000_000 : 999_999_999
        measurement.packets.received = measurement.packets.unique
        measurement.octets.ip = 1_674_000_000_000
        measurement.frames.count = camera.text == "k1-gate" ? 40_000_000 : 66_960_000
        measurement.frames.largestGapNanoseconds = 3 * hour
        var observation = Observation(
            measurement: measurement, transport: .rtpUDP, isEncrypted: camera.text.hasPrefix("k2"))
        observation.picture =
            camera.text == "k2-roof"
            ? PictureSize(width: 1280, height: 720) : PictureSize(width: 1920, height: 1080)
        observation.clock = ClockReading(
            offsetNanoseconds: camera.text == "k2-roof" ? 3_204_000_000 : -15_250_000,
            uncertaintyNanoseconds: 2_000_000)
        var rollup = Rollup(observation, maximumLoss: 200_000)
        rollup.intervals = 267_840
        rollup.intervalsAboveLossLimit = camera.text == "k1-yard" ? 125 : 0
        for value in [1_200_000, 2_400_000, 9_700_000] as [UInt64] {
            rollup.jitterSpread.add(value)
        }
        if camera.text == "k1-door" {
            // 15 October, 12:30:10 in Almaty.
            rollup.stalls = 3
            rollup.longestStall = Stall(
                nanoseconds: 6_036_000_000,
                range: TimeRange(
                    start: month.start.advanced(
                        byNanoseconds: (14 * 24 + 12) * hour + 1_810_000_000_000),
                    nanoseconds: 10_000_000_000))
        }
        return Statement.QualityFigures([rollup], isOpenAtLast: { _ in false })
    }

    /// Troubles and, between them, that all is well: from the new year to the end of the period.
    static func conditions(_ camera: CameraID, until end: Instant) -> [ConditionSpan] {
        var spans: [ConditionSpan] = []
        var place = newYear
        for (range, condition, evidence) in troubles(of: camera) where range.start < end {
            if place < range.start {
                spans.append(ConditionSpan(range: self.range(place, range.start), condition: .up))
            }
            spans.append(ConditionSpan(range: range, condition: condition, evidence: evidence))
            place = range.end
        }
        if place < end {
            spans.append(ConditionSpan(range: range(place, end), condition: .up))
        }
        return spans
    }

    static func account(
        of period: TimeRange, works: [PlannedWork] = [], exclusions: [Exclusion] = []
    ) -> Account {
        Account.make(
            registry: registry, zone: { _ in zone }, systemZone: zone,
            conditions: { conditions($0, until: period.end) }, works: works,
            exclusions: exclusions, period: period, now: period.end)
    }

    static let account = account(of: month, works: works, exclusions: exclusions)
    static let september = account(of: range(at(-29), october))

    static func sources(_ recipient: Statement.Recipient = .coordinator) -> StatementSources {
        var sources = StatementSources(
            registry: registry, rules: .standard, periodName: "2026-10", zone: zone,
            account: account, recipient: recipient, madeAt: at(33), dataCompleteUntil: at(32, 1),
            softwareVersion: "1.2.3", quality: quality)
        sources.previous = september
        sources.events = [
            .init(
                line: .init(
                    at: at(12, 14), kind: "work-added", actor: "duty officer", subject: "w-17"),
                scope: .site(id("korpus-2"))),
            .init(
                line: .init(
                    at: at(24), kind: "exclusion-revoked", actor: "chief engineer",
                    subject: "x-4"), scope: .site(id("depot"))),
        ]
        return sources
    }

    static func statement(_ recipient: Statement.Recipient = .coordinator) -> Statement {
        Statement.make(sources(recipient))
    }
}
