// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing
import Timekeeping

@testable import kuzet

@Suite struct SilenceWatchTests {
    private let camera: CameraID
    private let other: CameraID

    init() throws {
        camera = try #require(CameraID("gate"))
        other = try #require(CameraID("yard"))
    }

    private func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 1_700_000_000_000_000_000 + milliseconds * 1_000_000)
    }

    @Test func `a frame that is due and does not come is told within two seconds, once`() {
        var watch = SilenceWatch()
        for frame in Int64(0)..<250 { _ = watch.see(camera, lastFrame: at(frame * 40)) }
        watch.learn(camera, gap: 45_000_000)
        var told: [Int64] = []
        for look in stride(from: Int64(9_960), through: 20_000, by: 250) {
            for silence in watch.overdue(at: at(look)) {
                #expect(silence.camera == camera)
                #expect(silence.last == at(9_960))
                told.append(look)
            }
        }
        #expect(told.count == 1)
        // The frame was due 40 ms after the last.
        #expect(told.allSatisfy { $0 - 10_000 <= 2_000 })
        #expect(watch.silent == 1)
    }

    @Test func `a camera that comes back is told once`() {
        var watch = SilenceWatch()
        _ = watch.see(camera, lastFrame: at(0))
        let overdue1 = watch.overdue(at: at(10_000))
        #expect(overdue1.count == 1)
        let seen = [0, 12_000, 12_040].map { watch.see(camera, lastFrame: at($0)) }
        #expect(seen == [false, true, false])
        #expect(watch.silent == 0)
        let overdue2 = watch.overdue(at: at(12_100))
        #expect(overdue2.isEmpty)
    }

    @Test func `a camera of one frame in five seconds is given its time`() {
        var watch = SilenceWatch()
        _ = watch.see(camera, lastFrame: at(0))
        watch.learn(camera, gap: 5_000_000_000)
        let overdue3 = watch.overdue(at: at(6_400))
        #expect(overdue3.isEmpty)
        let overdue4 = watch.overdue(at: at(6_500))
        #expect(overdue4.count == 1)
    }

    @Test func `a gap as long as a silence is no habit`() {
        var watch = SilenceWatch()
        _ = watch.see(camera, lastFrame: at(0))
        watch.learn(camera, gap: 40_000_000)
        watch.learn(camera, gap: 30_000_000_000)
        watch.learn(camera, gap: 0)
        let overdue5 = watch.overdue(at: at(1_600))
        #expect(overdue5.count == 1)
    }

    @Test func `who was not watched is not overdue`() {
        var watch = SilenceWatch()
        _ = watch.see(camera, lastFrame: at(0))
        _ = watch.see(other, lastFrame: at(0))
        let silentBefore = watch.overdue(at: at(10_000)).map(\.camera)
        let forgotten = watch.reset()
        #expect(silentBefore == [camera, other])
        #expect(forgotten == [camera, other])
        #expect(watch.silent == 0)
        _ = watch.see(other, lastFrame: at(60_000))
        let overdue6 = watch.overdue(at: at(60_100))
        #expect(overdue6.isEmpty)
    }

    @Test func `cameras are told in the order in which they fell silent`() {
        var watch = SilenceWatch()
        _ = watch.see(other, lastFrame: at(100))
        _ = watch.see(camera, lastFrame: at(200))
        let overdue7 = watch.overdue(at: at(9_000))
        #expect(overdue7.map(\.camera) == [other, camera])
    }
}
