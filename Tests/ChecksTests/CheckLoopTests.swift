// SPDX-License-Identifier: Apache-2.0
import Checks
import Measurements
import Packets
import RTSP
import Registry
import Testing

/// A loop with meters, driven until a pull is over.
final class PullBench {
    let loop: CheckLoop
    let meters = PullMeters()
    var end: PullEnd?
    var flows: [PullFlow] = []

    init() throws {
        loop = try CheckLoop(seed: 1)
        loop.sink = meters
        meters.stateChanged = { [unowned self] _, state in
            switch state {
            case .ended(let end): self.end = end
            case .playing(let flows): self.flows = flows
            case .connecting, .asking: break
            }
        }
    }

    static let loopback = AllowedAddresses(
        [try? AddressPrefix(parsing: "127.0.0.0/8")].compactMap { $0 })

    /// Pulls until so many packets came, or the pull ended; then stops it.
    ///
    /// Gives the reports.
    func pull(
        port: UInt16, packets: UInt64 = .max, scheme: String = "rtsp", host: String = "127.0.0.1",
        _ change: (inout PullRequest) -> Void = { _ in }
    ) throws -> [StreamReport] {
        let url = try RTSPURL(parsing: "\(scheme)://\(host):\(port)/live")
        var request = PullRequest(
            url: url, allowed: PullBench.loopback, hash: { _, octets in octets.suffix(16) })
        change(&request)
        let id = loop.begin(request)
        let start = ContinuousClock.now
        // A limit that only a hang reaches, however busy the machine.
        while end == nil, ContinuousClock.now - start < .seconds(60) {
            loop.turn(milliseconds: 10)
            let seen = meters.reports(of: id).map(\.total.packets.received).max() ?? 0
            if seen >= packets { loop.stop(id) }
        }
        return meters.reports(of: id)
    }
}

@Suite(.serialized) struct CheckLoopTests {
    private static let packets = (0..<200).map { CameraScript.packet($0) }

    @Test func `datagrams are measured as on the wire and what is missing is lost`() throws {
        let sent = Self.packets.enumerated().filter { ![50, 51, 120].contains($0.offset) }
        let camera = try #require(
            LoopbackCamera(
                media: .datagrams(sent.map(\.element), from: "127.0.0.1"),
                script: CameraScript.decent))
        defer { camera.end() }
        let bench = try PullBench()
        let reports = try bench.pull(port: camera.port, packets: 197) { $0.deliveries = [.udp] }
        let report = try #require(reports.first)
        #expect(reports.count == 1)
        #expect(report.identity.transport == .rtpUDP)
        #expect(report.medium.codec == "h264")
        #expect(report.total.packets.received == 197)
        #expect(report.total.packets.lost == 3)
        // Each 1000 octets and the headers of IP and UDP.
        #expect(report.total.octets.ip == 197 * 1028)
        #expect(report.total.trust.probeDrops == 0)
        #expect(report.identity.destination == bench.flows.first?.destination.description)
        #expect(bench.end?.failure.kind == .stopped)
        #expect(camera.requests.last?.method == .teardown)
    }

    @Test(arguments: [1, 7, 1448, 65_536])
    func `interleaved frames are measured in whatever pieces they come`(piece: Int) throws {
        let octets = Self.packets.flatMap { CameraScript.frame($0) }
        let camera = try #require(
            LoopbackCamera(
                media: .stream(Array(octets.prefix(piece == 1 ? 20_080 : .max)), piece: piece),
                script: CameraScript.decent))
        defer { camera.end() }
        let bench = try PullBench()
        let count: UInt64 = piece == 1 ? 20 : 200
        let reports = try bench.pull(port: camera.port, packets: count) {
            $0.deliveries = [.interleaved]
        }
        let report = try #require(reports.first)
        #expect(report.identity.transport == .rtpRTSPTCP)
        #expect(report.total.packets.received == count)
        #expect(report.total.packets.lost == 0)
        #expect(report.medium.url == "rtsp://127.0.0.1:\(camera.port)/live")
    }

    @Test func `datagrams of somebody else are counted and not measured`() throws {
        let camera = try #require(
            LoopbackCamera(
                media: .datagrams(Self.packets, from: "127.0.0.9"), script: CameraScript.decent))
        defer { camera.end() }
        let bench = try PullBench()
        let reports = try bench.pull(port: camera.port) {
            $0.deliveries = [.udp]
            $0.silenceLimit = 500_000_000
        }
        #expect(reports.isEmpty)
        #expect(bench.end?.failure.kind == .noStream)
        #expect(bench.end?.failure.word == "silent")
        #expect(bench.end?.strayDatagrams == 200)
    }

    @Test func `pictures by HTTP are frames`() throws {
        var body: [UInt8] = []
        let picture: [UInt8] = [0xff, 0xd8, 0xff, 0xe0] + [UInt8](repeating: 1, count: 5000)
        for _ in 0..<30 {
            body += Array(
                "--b\r\nContent-Type: image/jpeg\r\nContent-Length: \(picture.count)\r\n\r\n".utf8)
            body += picture + [13, 10]
        }
        let camera = try #require(
            LoopbackCamera(media: .stream(body, piece: 1448)) { _ in
                Array(
                    "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"
                        .utf8)
            })
        defer { camera.end() }
        let bench = try PullBench()
        let reports = try bench.pull(port: camera.port, scheme: "http") {
            $0.silenceLimit = 500_000_000
        }
        let report = try #require(reports.first)
        #expect(report.identity.transport == .httpMultipart)
        #expect(report.total.frames.count == 30)
        #expect(bench.end?.hasPlayed == true)
    }

    @Test func `proofs and passwords are not among the frames`() throws {
        final class Keeper: PullSink {
            var octets: [UInt8] = []
            var isOver = false
            func received(
                _ pull: PullID, window: Span<UInt8>, records: Span<CapturedRecord>
            ) {
                for index in window.indices { octets.append(window[index]) }
            }
            func dropped(_ pull: PullID, datagrams: UInt64) {}
            func changed(_ pull: PullID, to state: PullState) {
                if case .ended = state { isOver = true }
            }
        }
        let camera = try #require(
            LoopbackCamera { request in
                guard request.headers["Authorization"] == nil else {
                    return CameraScript.decent(request)
                }
                return RTSPMessage.response(
                    401, to: request, headers: ["WWW-Authenticate": "Basic realm=\"r\""]
                ).serialised()
            })
        defer { camera.end() }
        let loop = try CheckLoop(seed: 1)
        let keeper = Keeper()
        loop.sink = keeper
        var request = PullRequest(
            url: try RTSPURL(parsing: "rtsp://127.0.0.1:\(camera.port)/live"),
            allowed: PullBench.loopback,
            credentials: Digest.Credentials(user: "admin", password: "canary-secret"),
            hash: { _, octets in octets })
        request.allowsBasic = true
        request.silenceLimit = 200_000_000
        _ = loop.begin(request)
        let start = ContinuousClock.now
        while !keeper.isOver, ContinuousClock.now - start < .seconds(60) {
            loop.turn(milliseconds: 10)
        }
        #expect(camera.requests.contains { $0.headers["Authorization"] != nil })
        let text = String(decoding: keeper.octets, as: UTF8.self)
        #expect(text.contains("DESCRIBE rtsp://"))
        #expect(!text.contains("Authorization") && !text.contains("Basic YW"))
    }
}

@Suite(.serialized) struct CheckLoopFailureTests {
    @Test func `an address that is not allowed is not dialled`() throws {
        let camera = try #require(LoopbackCamera(script: CameraScript.decent))
        defer { camera.end() }
        let bench = try PullBench()
        _ = try bench.pull(port: camera.port) {
            $0.allowed = AllowedAddresses(
                [try? AddressPrefix(parsing: "0.0.0.0/0")].compactMap { $0 })
        }
        #expect(bench.end?.failure.kind == .notAllowed)
        #expect(camera.requests.isEmpty)
    }

    @Test func `nobody listening is a refusal`() throws {
        let camera = try #require(LoopbackCamera(script: CameraScript.decent))
        let port = camera.port
        camera.end()
        let bench = try PullBench()
        // The listener may live for another moment.
        _ = try bench.pull(port: port == 1 ? 2 : 1)
        #expect(bench.end?.failure.kind == .refuses)
        #expect(bench.end?.failure.word == "connection-refused")
    }

    @Test func `453 is busy and no outage`() throws {
        let camera = try #require(
            LoopbackCamera { request in
                request.method == .setup
                    ? RTSPMessage.response(453, to: request).serialised()
                    : CameraScript.decent(request)
            })
        defer { camera.end() }
        let bench = try PullBench()
        _ = try bench.pull(port: camera.port)
        #expect(bench.end?.failure.kind == .busy)
        #expect(bench.end?.hasPlayed == false)
    }

    @Test func `a wrong password is tried twice and evidence shows none`() throws {
        let camera = try #require(
            LoopbackCamera { request in
                RTSPMessage.response(
                    401, to: request,
                    headers: ["WWW-Authenticate": "Digest realm=\"r\", nonce=\"n\""]
                ).serialised()
            })
        defer { camera.end() }
        let bench = try PullBench()
        _ = try bench.pull(port: camera.port) {
            $0.credentials = Digest.Credentials(user: "admin", password: "canary-secret")
        }
        #expect(bench.end?.failure.kind == .authentication)
        #expect(bench.end?.loginFailures == 2)
        #expect(camera.requests.count { $0.headers["Authorization"] != nil } == 2)
        #expect(!String(describing: bench.end).contains("canary"))
    }

    @Test func `a connection that is shut while playing ends with no stream`() throws {
        let camera = try #require(
            LoopbackCamera { request in
                request.method == .play ? nil : CameraScript.decent(request)
            })
        defer { camera.end() }
        let bench = try PullBench()
        _ = try bench.pull(port: camera.port) { $0.deliveries = [.interleaved] }
        #expect(bench.end?.failure.kind == .refuses)
        #expect(bench.end?.failure.word == "closed")
        #expect(bench.end?.dialogue.last?.text.hasPrefix("PLAY ") == true)
    }

    @Test func `many pulls at once keep apart`() throws {
        let count = 24
        let cameras = (0..<4).compactMap { _ in
            LoopbackCamera(
                media: .stream(
                    (0..<50).flatMap { CameraScript.frame(CameraScript.packet($0)) }, piece: 900),
                script: CameraScript.decent)
        }
        defer { for camera in cameras { camera.end() } }
        try #require(cameras.count == 4)
        let bench = try PullBench()
        var ids: [PullID] = []
        for number in 0..<count {
            var request = PullRequest(
                url: try RTSPURL(
                    parsing: "rtsp://127.0.0.1:\(cameras[number % 4].port)/live\(number)"),
                allowed: PullBench.loopback, hash: { _, octets in octets })
            request.deliveries = [.interleaved]
            ids.append(bench.loop.begin(request))
        }
        func isDone(_ id: PullID) -> Bool {
            bench.meters.reports(of: id).first?.total.packets.received == 50
        }
        let start = ContinuousClock.now
        while !ids.allSatisfy(isDone), ContinuousClock.now - start < .seconds(20) {
            bench.loop.turn(milliseconds: 10)
        }
        let missing = ids.filter { !isDone($0) }.map(\.number)
        #expect(missing == [], "\(missing.count) of \(count) pulls")
        bench.loop.stopAll()
        while bench.loop.isBusy, ContinuousClock.now - start < .seconds(60) {
            bench.loop.turn(milliseconds: 10)
        }
        #expect(!bench.loop.isBusy)
    }
}
