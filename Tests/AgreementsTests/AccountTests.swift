// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Agreements

@Suite struct AccountTests {
    static let hour: Int64 = 3600

    static func one() -> TestSystem { TestSystem([(0, 0)]) }

    @Test func `maintenance counts as downtime and is told apart`() throws {
        var system = Self.one()
        system.say(0, until: 100, .up)
        system.say(0, until: 200, .down(.silence))
        system.say(0, until: 300, .up)
        system.plan("w1", .all, 150, 250, entered: 160)
        let camera = try #require(system.account(0, 300).cameras.first)
        #expect(camera.totals.downFailure == Int128(50 * second))
        #expect(camera.totals.downMaintenance == Int128(50 * second))
        #expect(camera.totals.up == Int128(200 * second))
        let outage = try #require(camera.outages.first)
        #expect(camera.outages.count == 1)
        #expect(outage.range == range(100, 200))
        #expect(outage.maintenanceNanoseconds == 50 * second)
        #expect(outage.cause == .failure(.silence))
        #expect(system.works[0].isAfterTheFact)
        let owner = try #require(PartyID("owner-0"))
        #expect(camera.responsible == [PartyShare(party: owner, used: Int128(100 * second))])
    }

    @Test func `an exclusion lies over everything until it is revoked`() throws {
        var system = Self.one()
        system.say(0, until: 100, .down(.loss))
        system.say(0, until: 200, .unknown(.probeDrops))
        system.exclude("e1", .all, 50, 150)
        var totals = try #require(system.account(0, 200).cameras.first).totals
        #expect(totals.excluded == Int128(100 * second))
        #expect(totals.downFailure == Int128(50 * second))
        #expect(totals.unknown == Int128(50 * second))
        #expect(totals.coverage == Share(50 * second, of: 100 * second))
        system.exclusions[0].revokedAt = at(500)
        let account = system.account(0, 200)
        totals = try #require(account.cameras.first).totals
        #expect(totals.excluded == 0)
        #expect(account.exclusions.count == 1)
    }

    @Test func `what is inferred turns unknown into down and is shown apart`() throws {
        var system = Self.one()
        system.say(0, until: 100, .up)
        system.say(0, until: 200, .unknown(.notObserved))
        system.say(0, until: 300, .up)
        system.inferred[TestSystem.camera(0)] = [range(90, 180)]
        let camera = try #require(system.account(0, 300).cameras.first)
        #expect(camera.totals.downFailure == Int128(80 * second))
        #expect(camera.totals.inferred == Int128(80 * second))
        #expect(camera.totals.unknown == Int128(20 * second))
        #expect(camera.totals.up == Int128(200 * second))
        #expect(camera.spans[1].evidence == .inferred)
    }

    @Test func `unknown time neither ends nor begins an outage`() throws {
        var system = Self.one()
        system.say(0, until: 100, .down(.silence))
        system.say(0, until: 200, .unknown(.notObserved))
        system.say(0, until: 250, .down(.silence))
        system.say(0, until: 300, .unknown(.notObserved))
        system.say(0, until: 400, .up)
        let camera = try #require(system.account(0, 400).cameras.first)
        #expect(camera.outages.count == 1)
        #expect(camera.outages[0].range == range(0, 250))
        #expect(camera.outages[0].downNanoseconds == 150 * second)
        #expect(camera.outages[0].endsInUnknown)
        #expect(!camera.outages[0].isOpen)
        // Cut in the unknown time it is still open: nothing says that it ended.
        let cut = try #require(system.account(0, 290).cameras.first)
        #expect(cut.outages[0].isOpen)
    }

    @Test func `an outage over the edge of a period counts once in each and says so`() throws {
        var system = Self.one()
        system.say(0, until: 100, .up)
        system.say(0, until: 300, .down(.silence))
        system.say(0, until: 400, .up)
        let first = try #require(system.account(0, 200).cameras.first)
        let next = try #require(system.account(200, 400).cameras.first)
        #expect(first.outages.count == 1)
        #expect(first.outages[0].isOpen && !first.outages[0].begunBefore)
        #expect(first.outages[0].range == range(100, 200))
        #expect(next.outages.count == 1)
        #expect(!next.outages[0].isOpen && next.outages[0].begunBefore)
        #expect(next.outages[0].begun == at(100))
        #expect(next.outages[0].ended == at(300))
        #expect(next.outages[0].range == range(200, 300))
        #expect(next.longestOutage == next.outages[0])
    }

    @Test func `criteria broken are counted by time and by occasion`() throws {
        var system = Self.one()
        system.say(0, until: 100, .degraded([.bitrate]))
        system.say(0, until: 150, .unknown(.notObserved))
        system.say(0, until: 200, .degraded([.bitrate, .resolution]))
        system.say(0, until: 250, .up)
        system.say(0, until: 260, .degraded([.bitrate]))
        system.say(0, until: 300, .down(.loss))
        let camera = try #require(system.account(0, 300).cameras.first)
        #expect(
            camera.breached == [
                Breach(criterion: .resolution, nanoseconds: 50 * second, count: 1),
                Breach(criterion: .bitrate, nanoseconds: 160 * second, count: 2),
                Breach(criterion: .loss, nanoseconds: 40 * second, count: 1),
            ])
    }

    // MARK: - Sites and channels

    @Test(arguments: [(4, true), (3, false)])
    func `a channel is down while four of five of its measured cameras are`(
        down: Int, isDown: Bool
    ) throws {
        var system = TestSystem((0..<6).map { ($0, 0) })
        for camera in 0..<5 {
            system.say(camera, until: 100, .up)
            system.say(camera, until: 200, camera < down ? .down(.silence) : .up)
            system.say(camera, until: 300, .up)
        }
        // The sixth is not watched.
        let account = system.account(0, 300)
        let channel = try #require(account.channels.first)
        #expect(channel.ownDowntime.ranges == (isDown ? [range(100, 200)] : []))
        #expect(channel.outages.count == (isDown ? 1 : 0))
        #expect(channel.outages.first?.camerasTouched ?? 4 == 4)
        let runner = PartyID("carrier-0")
        let camera = account.cameras[0]
        #expect(camera.outages[0].responsible == (isDown ? runner : PartyID("owner-0")))
        #expect(channel.outages.first?.responsible ?? runner == runner)
        #expect(channel.ownTotals?.unknown == 0)
    }

    @Test func `one camera is never its site's outage`() throws {
        var system = Self.one()
        system.say(0, until: 100, .down(.silence))
        let account = system.account(0, 100)
        #expect(account.sites[0].ownTotals?.down == 0)
        #expect(account.sites[0].totals.down == Int128(100 * second))
        #expect(account.sites[0].cameraOutages == 1)
    }

    @Test func `a thing of which too little is watched is unknown`() throws {
        var system = TestSystem([(0, 0), (0, 0), (0, 0)])
        system.say(0, until: 100, .down(.silence))
        system.say(1, until: 50, .up)
        let site = try #require(system.account(0, 100).sites.first)
        // One down, one up, one not watched: two of three are not four of five. Then one down and
        // two that might be.
        #expect(site.ownTotals?.up == Int128(50 * second))
        #expect(site.ownTotals?.unknown == Int128(50 * second))
    }

    @Test func `operators, subscribers and the system are sums of camera time`() throws {
        var system = TestSystem([(0, 0), (1, 0), (1, 1)])
        for camera in 0..<3 { system.say(camera, until: 100, camera == 0 ? .down(.loss) : .up) }
        let account = system.account(0, 100)
        #expect(account.system.totals.total == Int128(300 * second))
        #expect(account.system.totals.downFailure == Int128(100 * second))
        #expect(account.operators.map(\.cameras) == [2, 1])
        #expect(account.subscribers.map(\.cameras) == [1, 2])
        #expect(account.subscribers[0].totals.down == Int128(100 * second))
        #expect(account.subscribers[1].totals.down == 0)
    }

    @Test func `a period in progress is accounted to the present, one to come not at all`() {
        var system = Self.one()
        system.say(0, until: 1000, .up)
        let open = system.account(0, 1000, now: 400)
        #expect(open.isProvisional)
        #expect(open.accounted == range(0, 400))
        #expect(open.cameras[0].totals.up == Int128(400 * second))
        let future = system.account(500, 1000, now: 400)
        #expect(future.cameras[0].totals.total == 0)
        #expect(future.cameras[0].spans.isEmpty)
        #expect(!system.account(0, 400).isProvisional)
    }
}
