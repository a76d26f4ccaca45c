// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Simulation

@Suite struct CameraFaultTests {
    private let format = VideoFormat(width: 640, height: 360)
    private let second: Int64 = 1_000_000_000

    @Test func `a fault holds from its start up to, not including, its end`() throws {
        let format = try #require(format)
        let schedule = FaultSchedule([CameraFault(.loss(0.25), from: 30, to: 60)])
        let ratios = [0, 29, 30, 59, 60].map { schedule.state(at: $0, of: format).lossRatio }
        #expect(ratios == [0, 0, 0.25, 0.25, 0])
    }

    @Test func `a fault without a time holds from the start for good`() throws {
        let format = try #require(format)
        let schedule = FaultSchedule([CameraFault(.freeze)])
        #expect(schedule.state(at: 0, of: format).isFrozen)
        #expect(schedule.state(at: .max - 1, of: format).isFrozen)
    }

    @Test func `of two faults of one kind the later in the list holds`() throws {
        let format = try #require(format)
        let schedule = FaultSchedule([
            CameraFault(.loss(0.08)), CameraFault(.loss(0.25), from: 10, to: 20),
        ])
        #expect(schedule.state(at: 5, of: format).lossRatio == 0.08)
        #expect(schedule.state(at: 15, of: format).lossRatio == 0.25)
        #expect(schedule.state(at: 20, of: format).lossRatio == 0.08)
    }

    @Test func `restarts are counted and stay counted`() throws {
        let format = try #require(format)
        let schedule = FaultSchedule([
            CameraFault(.restart, from: 10), CameraFault(.restart, from: 20),
        ])
        #expect(
            [9, 10, 20, 99].map { schedule.state(at: $0, of: format).restarts } == [0, 1, 2, 2])
    }

    @Test func `a setting that the codec cannot express changes nothing`() throws {
        let format = try #require(format)
        let schedule = FaultSchedule([CameraFault(.size(width: 641, height: 3))])
        #expect(schedule.state(at: 0, of: format).format == format)
    }

    @Test func `all formats of a schedule are told, the usual one first`() throws {
        let format = try #require(format)
        let schedule = FaultSchedule([
            CameraFault(.frameRate(millihertz: 12_000), from: 5, to: 15),
            CameraFault(.size(width: 320, height: 240), from: 10, to: 20),
        ])
        let formats = schedule.formats(of: format)
        #expect(formats.count == 4)
        #expect(formats.first == format)
        #expect(formats.contains { $0.width == 320 && $0.frameRateMillihertz == 12_000 })
    }

    @Test func `changes are told once each in order of time`() {
        let schedule = FaultSchedule([
            CameraFault(.die, from: 20, to: 30), CameraFault(.loss(0.1)),
            CameraFault(.restart, from: 25),
        ])
        let first = schedule.changes(after: -1, notAfter: 20)
        #expect(first.map(\.time) == [0, 20])
        #expect(first.map(\.isOn) == [true, true])
        let second = schedule.changes(after: 20, notAfter: 1000)
        #expect(second.map(\.time) == [25, 30])
        #expect(second.map(\.isOn) == [true, false])
        #expect(schedule.changes(after: 30, notAfter: 1000).isEmpty)
    }

    @Test func `faults are described as they are written`() {
        let texts = [
            CameraFault(.loss(0.08)), CameraFault(.clock(nanoseconds: -3_200_000_000)),
            CameraFault(.jitter(nanoseconds: 30_000_000)),
            CameraFault(.frameRate(millihertz: 12_500)),
            CameraFault(.size(width: 1280, height: 720)), CameraFault(.reorder(0.001)),
        ].map { "\($0)" }
        #expect(
            texts == [
                "loss=8%", "clock=-3.2s", "jitter=0.03s", "fps=12.5", "size=1280x720",
                "reorder=0.1%",
            ])
    }
}
