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
            works: [], exclusions: []
        ) { camera in
            let seed = Int64(camera.text.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xffff })
            return (0..<30).map { index in
                let start = MadeUpSystem.at(index + 1, seed % 20, plus: seed * 1_234_567)
                let length = (40 + seed % 900) * MadeUpSystem.second
                let condition: Condition =
                    switch (seed + index) % 4 {
                    case 0: .down(.silence)
                    case 1: .down(.loss)
                    case 2: .degraded(.frameRate)
                    default: .unknown(.probeDrops)
                    }
                return (
                    MadeUpSystem.range(start, start.advanced(byNanoseconds: length)), condition,
                    .observed
                )
            }
        }.account()
        var sources = MadeUpSystem.sources()
        sources.registry = registry
        sources.account = account
        sources.previous = account
        sources.evidence = { _ in MadeUpSystem.evidence(of: MadeUpSystem.id("k1-yard")) }
        return sources
    }
}
