// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Timekeeping

@testable import Agreements
@testable import Reports

/// A month of many cameras: 20 to a site, five sites to a channel, 30 troubles to a camera.
enum LargeSystem {
    static func registry(cameras: Int) -> Registry {
        func drafted<Value>(_ values: [Value]) -> [Drafted<Value>] {
            values.map { Drafted($0, at: SourcePlace(file: "made-up")) }
        }
        let sites = (cameras + 19) / 20
        let channels = (sites + 4) / 5
        var drafts = RegistryDrafts()
        drafts.parties = drafted([
            Party(id: MadeUpSystem.id("net"), name: "Net", role: .networkOperator),
            Party(id: MadeUpSystem.id("owner"), name: "Owner", role: .subscriber),
        ])
        drafts.sites = drafted(
            (0..<sites).map {
                Site(
                    id: MadeUpSystem.id("site-\($0)"), name: "Объект \($0)",
                    subscriber: MadeUpSystem.id("owner"))
            })
        drafts.channels = drafted(
            (0..<channels).map { channel in
                Channel(
                    id: MadeUpSystem.id("channel-\(channel)"), name: "Канал \(channel)",
                    operator: MadeUpSystem.id("net"),
                    sites: (5 * channel..<min(sites, 5 * channel + 5)).map {
                        MadeUpSystem.id("site-\($0)")
                    })
            })
        drafts.cameras = drafted(
            (0..<cameras).map { camera in
                Camera(
                    id: MadeUpSystem.id("camera-\(camera)"), name: "Камера \(camera)",
                    site: MadeUpSystem.id("site-\(camera / 20)"),
                    channel: MadeUpSystem.id("channel-\(camera / 100)"))
            })
        let (registry, problems) = Registry.make(drafts)
        guard let registry else { preconditionFailure("\(problems)") }
        return registry
    }

    static func sources(cameras: Int) -> StatementSources {
        let registry = registry(cameras: cameras)
        let account = HandMadeAccount(
            registry: registry, period: MadeUpSystem.month, yearStart: MadeUpSystem.newYear,
            works: [], exclusions: [], troubles: troubles
        ).account()
        var sources = MadeUpSystem.sources()
        sources.registry = registry
        sources.account = account
        sources.previous = account
        let figures = MadeUpSystem.quality(of: MadeUpSystem.id("k1-yard"))
        sources.quality = { _ in figures }
        return sources
    }

    private static func troubles(_ camera: CameraID) -> [(TimeRange, Condition, Evidence)] {
        let seed = camera.text.utf8.reduce(Int64(7)) { hash, octet in
            (hash &* 31 &+ Int64(octet)) & 0xffff
        }
        var troubles: [(TimeRange, Condition, Evidence)] = []
        for day in 1...30 as ClosedRange<Int64> {
            let start = MadeUpSystem.at(day, seed % 20, plus: seed * 1_234_567)
            let length: Int64 = (40 + seed % 900) * MadeUpSystem.second
            let kinds: [Condition] = [
                .down(.silence), .down(.loss), .degraded(.frameRate), .unknown(.probeDrops),
            ]
            troubles.append(
                (
                    TimeRange(start: start, nanoseconds: length), kinds[Int((seed + day) % 4)],
                    .observed
                ))
        }
        return troubles
    }
}
