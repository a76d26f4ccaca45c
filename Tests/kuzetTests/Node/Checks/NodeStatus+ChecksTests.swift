// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import kuzet

@Suite struct NodeStatusChecksTests {
    private static let now = Instant(nanoseconds: 1_700_000_000_000_000_000)

    private static func note(
        _ name: CheckNote.Name, _ result: String, secondsAgo: Int64 = 5
    ) -> CheckNote {
        CheckNote(
            name: name, result: result, text: "",
            at: now.advanced(byNanoseconds: -secondsAgo * 1_000_000_000))
    }

    private static func place(
        echo: String? = nil, connect: String? = nil, gateway: String? = nil,
        secondsAgo: Int64 = 5
    ) -> String? {
        var notes: [CheckNote.Name: CheckNote] = [:]
        notes[.echo] = echo.map { note(.echo, $0, secondsAgo: secondsAgo) }
        notes[.connect] = connect.map { note(.connect, $0, secondsAgo: secondsAgo) }
        return FaultPlace(
            camera: notes, gateway: gateway.map { note(.gateway, $0, secondsAgo: secondsAgo) },
            now: now
        ).text
    }

    @Test func `who answers tells where to look first`() {
        #expect(
            Self.place(echo: "unreachable", gateway: "unreachable")
                == "the site's gateway does not answer: the channel, or the site's power")
        #expect(
            Self.place(echo: "unreachable", gateway: "ok")
                == "the gateway answers, the camera does not: the camera, its cable or its power")
        #expect(Self.place(echo: "unreachable") == "does not answer echo")
        #expect(
            Self.place(echo: "ok", connect: "refuses", gateway: "ok")
                == "answers echo, takes no connection: the camera's own service")
        #expect(
            Self.place(echo: "ok", connect: "ok") == "answers echo: its video, not its network")
    }

    @Test func `old answers, own troubles and forbidden addresses tell nothing`() {
        #expect(Self.place() == nil)
        #expect(Self.place(echo: "unreachable", gateway: "ok", secondsAgo: 301) == nil)
        #expect(Self.place(echo: "probe", gateway: "probe") == nil)
        #expect(Self.place(echo: "not-allowed", gateway: "not-allowed") == nil)
    }

    @Test func `what checks found is told of a camera that is not up`() {
        var camera = NodeStatus.Camera(
            id: "gate", name: "", site: "", channel: "", state: "unknown")
        camera.tell(
            [.pull: CheckNote(name: .pull, result: "busy", text: "has no room", at: Self.now)],
            gateway: nil, at: Self.now
        ) { _ in "now" }
        #expect(camera.reasons == ["busy: has no room"])
        #expect(camera.checks.map(\.name) == [.pull])
        #expect(camera.checks.map(\.at) == ["now"])
    }

    @Test func `a certificate that ends soon and another setting are remarks`() {
        var camera = NodeStatus.Camera(id: "gate", name: "", site: "", channel: "", state: "up")
        camera.framesPerSecond = 12
        var certificate = CheckNote(name: .certificate, result: "ok", text: "", at: Self.now)
        certificate.figures["days_left"] = 12
        var device = CheckNote(name: .device, result: "ok", text: "", at: Self.now)
        device.figures["configured_fps"] = 25
        camera.tell(
            [.certificate: certificate, .device: device], gateway: nil, at: Self.now
        ) { _ in "" }
        #expect(
            camera.remarks == [
                "its certificate ends in 12 days", "set to 25 frames/s, 12.0 come",
            ])
        #expect(camera.reasons.isEmpty)
    }
}
