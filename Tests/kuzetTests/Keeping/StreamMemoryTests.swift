// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Testing
import Timekeeping

@testable import kuzet

@Suite struct StreamMemoryTests {
    private let camera: CameraID

    init() throws { camera = try #require(CameraID("gate")) }

    private func stream(_ number: UInt32, channel: UInt8? = nil) -> StreamIdentity {
        StreamIdentity(
            source: "10.0.0.1:5004", destination: "[fd00::2]:6000", ssrc: number,
            transport: .rtpUDP, interleavedChannel: channel)
    }

    private func at(_ seconds: Int64) -> Instant {
        Instant(nanoseconds: 1_795_000_000_000_000_000 + seconds * 1_000_000_000)
    }

    @Test func `what was written is read again`() {
        var memory = StreamMemory()
        #expect(!memory.hasChanged)
        memory.remember(stream(7), camera, at: at(0))
        memory.remember(stream(8, channel: 2), camera, at: at(1))
        #expect(memory.hasChanged)
        let text = memory.text()
        #expect(!memory.hasChanged)
        let again = StreamMemory(text: text)
        #expect(again.camera(of: stream(7)) == camera)
        #expect(again.camera(of: stream(8, channel: 2)) == camera)
        #expect(again.camera(of: stream(8)) == nil)
        #expect(again == memory)
    }

    @Test func `seeing the same stream again is no change to be written`() {
        var memory = StreamMemory()
        memory.remember(stream(7), camera, at: at(0))
        _ = memory.text()
        memory.remember(stream(7), camera, at: at(10))
        #expect(!memory.hasChanged)
    }

    @Test func `what was not seen for a day is forgotten`() {
        var memory = StreamMemory()
        memory.remember(stream(7), camera, at: at(0))
        memory.remember(stream(8), camera, at: at(80_000))
        memory.forget(at: at(86_401))
        #expect(memory.camera(of: stream(7)) == nil)
        #expect(memory.camera(of: stream(8)) == camera)
        #expect(memory.hasChanged)
    }

    @Test(arguments: [
        "", "nonsense", "# kuzet streams 2\\ngate\\ta\\tb\\t1\\t-\\t5",
        "# kuzet streams 1: camera, source, destination, SSRC, channel, seen\\ngate\\ta\\tb\\n"
            + "GATE!\\ta\\tb\\t1\\t-\\t5\\ngate\\ta\\tb\\t4294967296\\t-\\t5\\ngate\\ta\\tb\\t1\\t256\\t5",
    ])
    func `what is not of the form is left out`(text: String) {
        #expect(StreamMemory(text: text) == StreamMemory())
    }
}
