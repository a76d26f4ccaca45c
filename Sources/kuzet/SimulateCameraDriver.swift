// SPDX-License-Identifier: Apache-2.0
import Glibc
import RTSP
import Simulation
import Timekeeping

/// Sockets and clocks around simulated cameras: one thread, poll(2), nothing that waits.
final class CameraDriver {
    /// What one camera is to be.
    struct Plan {
        var name: String
        var format: VideoFormat
        var schedule: FaultSchedule
    }

    /// One camera at work.
    final class Camera {
        let plan: Plan
        let loops: [VideoFormat: VideoLoop]
        let media: Socket
        let control: Socket
        let ports: TransportHeader.Ports
        let group: SocketAddress
        var multicast: CameraMedia?

        init(
            _ plan: Plan, _ loops: [VideoFormat: VideoLoop], _ media: Socket, _ control: Socket,
            _ ports: TransportHeader.Ports, group: SocketAddress
        ) {
            self.plan = plan
            self.loops = loops
            self.media = media
            self.control = control
            self.ports = ports
            self.group = group
        }
    }

    /// Connections served at once.
    ///
    /// Chosen: a recorder, a probe and viewers of a few cameras.
    static let largestClients = 64
    /// Octets that may wait for a slow TCP client before packets are thrown away: six seconds of
    /// a 5 Mbit/s stream.
    static let largestOutgoing = 4 << 20
    /// The longest sleep, so that faults are told of and signals seen soon enough, ns.
    static let longestSleep: Int64 = 100_000_000

    private let listener: Socket
    let cameras: [Camera]
    private(set) var clients: [CameraClient] = []
    let settings: CameraServer.Settings
    let clock = DriverClock()
    let start: Instant
    let seed: UInt64
    private var told: Int64 = -1
    private var accepted: UInt64 = 0
    /// Connections refused for want of room.
    private var refused: UInt64 = 0
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var packet: [UInt8] = []
    private let address: SocketAddress

    /// Opens the sockets and encodes what the cameras play.
    init(
        cameras plans: [Plan], settings: CameraServer.Settings, listen: String, port: UInt16,
        mediaPort: UInt16, group: String?, seed: UInt64
    ) throws {
        guard let wanted = SocketAddress(listen, port: port),
            let group = SocketAddress(
                group ?? (wanted.isIPv6 ? "ff15::4b:1" : "239.195.0.1"), port: 5004)
        else { throw SocketFailure(what: listen, code: EINVAL) }
        listener = try Socket(SOCK_STREAM, boundTo: wanted)
        address = SocketAddress(localOf: listener.descriptor) ?? wanted
        var library: [VideoFormat: VideoLoop] = [:]
        var cameras: [Camera] = []
        var settings = settings
        for (number, plan) in plans.enumerated() {
            for format in plan.schedule.formats(of: plan.format) where library[format] == nil {
                library[format] = VideoLoop(format, seed: seed)
            }
            let (media, control, ports) = try CameraDriver.pair(
                wanted, mediaPort == 0 ? 0 : mediaPort &+ UInt16(2 * number))
            let target = group.advanced(by: number)
            CameraDriver.prepareMulticast(media, control, on: wanted, settings.hopLimit)
            let loops = library.filter { plan.schedule.formats(of: plan.format).contains($0.key) }
            // What the camera is set to when it is switched on, faults included.
            let format = plan.schedule.state(at: 0, of: plan.format).format
            guard let video = loops[format] else { continue }
            cameras.append(Camera(plan, loops, media, control, ports, group: target))
            settings.cameras.append(
                CameraServer.Settings.Offer(
                    name: plan.name, description: VideoDescription(video), serverPorts: ports,
                    group: (target.host, TransportHeader.Ports(5004, 5005))))
        }
        self.cameras = cameras
        self.settings = settings
        self.seed = seed
        start = clock.now
    }

    /// Two neighbouring ports, the first even (RFC 3550 section 11).
    private static func pair(
        _ address: SocketAddress, _ port: UInt16
    ) throws -> (Socket, Socket, TransportHeader.Ports) {
        var failure: any Error = SocketFailure(what: address.host, code: EADDRINUSE)
        // Any free port may be odd, or its neighbour taken: a few tries find a pair.
        for _ in 0..<(port == 0 ? 64 : 1) {
            do {
                var local = address
                local.port = port
                let media = try Socket(SOCK_DGRAM, boundTo: local)
                let first = SocketAddress(localOf: media.descriptor)?.port ?? port
                guard first % 2 == 0 else { continue }
                local.port = first + 1
                let control = try Socket(SOCK_DGRAM, boundTo: local)
                return (media, control, TransportHeader.Ports(first, first + 1))
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private static func prepareMulticast(
        _ media: Socket, _ control: Socket, on address: SocketAddress, _ hopLimit: UInt8
    ) {
        for socket in [media, control] {
            if address.isIPv6 {
                socket.set(Int32(IPPROTO_IPV6), IPV6_MULTICAST_HOPS, Int32(hopLimit))
            } else {
                socket.set(Int32(IPPROTO_IP), IP_MULTICAST_TTL, Int32(hopLimit))
                socket.setMulticastInterface(address)
            }
        }
    }

    // MARK: Running

    /// Plays until a signal comes, or the time is over.
    func run(nanoseconds: Int64?) throws {
        var signals = sigset_t()
        _ = unsafe sigemptyset(&signals)
        _ = unsafe sigaddset(&signals, SIGINT)
        _ = unsafe sigaddset(&signals, SIGTERM)
        _ = unsafe sigprocmask(SIG_BLOCK, &signals, nil)
        introduce()
        var none = timespec()
        while unsafe sigtimedwait(&signals, nil, &none) < 0 {
            let now = clock.now
            if let nanoseconds, now.nanoseconds(since: start) >= nanoseconds { break }
            tell(now)
            sendDue(now)
            sweep(now)
            wait(until: nextDue(now), now)
        }
        sayGoodbye()
    }

    private func introduce() {
        let host = address.isIPv6 ? "[\(address.host)]" : address.host
        for camera in cameras {
            let format = camera.plan.schedule.state(at: 0, of: camera.plan.format).format
            say(
                "\(camera.plan.name): rtsp://\(host):\(address.port)/\(camera.plan.name)"
                    + " \(format.codec.rawValue) \(format.width)x\(format.height)"
                    + " \(Double(format.frameRateMillihertz) / 1000) fps \(format.bitRate) bit/s")
        }
    }

    private func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    /// Tells of faults switching on and off since the last time.
    private func tell(_ now: Instant) {
        let elapsed = now.nanoseconds(since: start)
        for camera in cameras {
            for change in camera.plan.schedule.changes(after: told, notAfter: elapsed) {
                let second = Double(change.time / 1_000_000) / 1000
                let state = change.fault.kind == .restart ? "" : change.isOn ? " on" : " off"
                say("\(camera.plan.name): \(change.fault)\(state) at \(second) s")
            }
        }
        told = elapsed
    }

    func isDead(_ camera: Camera, _ now: Instant) -> Bool {
        camera.plan.schedule.state(at: now.nanoseconds(since: start), of: camera.plan.format)
            .isDead
    }

    // MARK: Media

    private func sendDue(_ now: Instant) {
        for client in clients where client.isPlaying && client.media != nil {
            packet.removeAll(keepingCapacity: true)
            while let channel = client.media?.next(at: now, into: &packet) {
                client.send(packet, channel, from: cameras[client.camera])
                packet.removeAll(keepingCapacity: true)
            }
        }
        for camera in cameras where camera.multicast != nil {
            packet.removeAll(keepingCapacity: true)
            while let channel = camera.multicast?.next(at: now, into: &packet) {
                CameraDriver.send(packet, channel, from: camera, to: camera.group, 5005)
                packet.removeAll(keepingCapacity: true)
            }
        }
        for client in clients { client.flush() }
    }

    static func send(
        _ packet: [UInt8], _ channel: CameraMedia.Channel, from camera: Camera,
        to address: SocketAddress, _ controlPort: UInt16
    ) {
        var target = address
        if channel == .control { target.port = controlPort }
        _ = (channel == .media ? camera.media : camera.control).send(packet, to: target)
    }

    private func nextDue(_ now: Instant) -> Instant {
        var next = now.advanced(byNanoseconds: CameraDriver.longestSleep)
        for client in clients where client.isPlaying {
            if let due = client.media?.due { next = min(next, due) }
        }
        for camera in cameras {
            if let due = camera.multicast?.due { next = min(next, due) }
        }
        return next
    }

    // MARK: Waiting and reading

    private func wait(until next: Instant, _ now: Instant) {
        var entries = [pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)]
        for client in clients {
            // The dead do not read; a negative descriptor is passed over, hang-ups included.
            let isDead = client.cameraIsDead(self, now)
            let events = POLLIN | (client.hasOutgoing ? POLLOUT : 0)
            let descriptor = isDead ? -1 : client.socket.descriptor
            entries.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
        }
        for camera in cameras {
            entries.append(
                pollfd(fd: camera.control.descriptor, events: Int16(POLLIN), revents: 0))
        }
        let length = max(0, next.nanoseconds(since: now))
        let milliseconds = Int32(length / 1_000_000)
        guard unsafe poll(&entries, nfds_t(entries.count), milliseconds) > 0 else {
            // What is left is less than poll can tell.
            var rest = timespec(tv_sec: 0, tv_nsec: Int(length % 1_000_000))
            _ = unsafe nanosleep(&rest, nil)
            return
        }
        let later = clock.now
        for (index, client) in clients.enumerated() where entries[index + 1].revents != 0 {
            if !client.cameraIsDead(self, later) { read(client, later) }
        }
        for (index, camera) in cameras.enumerated()
        where entries[clients.count + 1 + index].revents != 0 {
            // Receiver reports: a sign of life of everybody who watches this camera.
            while camera.control.receive(into: &buffer) != nil {}
            for client in clients where client.isPlaying && cameras[client.camera] === camera {
                client.server.heard(at: later)
            }
        }
        if entries[0].revents != 0 { acceptAll(later) }
    }

    private func acceptAll(_ now: Instant) {
        while let (descriptor, peer) = SocketAddress.accept(listener.descriptor) {
            let socket = Socket(adopting: descriptor)
            guard clients.count < CameraDriver.largestClients else {
                refused += 1
                continue
            }
            socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            accepted += 1
            let local = SocketAddress(localOf: descriptor)?.host ?? address.host
            let server = CameraServer(
                settings, address: local, seed: seed &+ accepted, now: now)
            clients.append(CameraClient(socket, peer, server))
        }
    }

    private func read(_ client: CameraClient, _ now: Instant) {
        guard let count = client.socket.receive(into: &buffer) else { return }
        guard count > 0 else {
            client.isBroken = true
            return
        }
        client.server.silentCameras = Set(
            cameras.indices.filter { isDead(cameras[$0], now) })
        let actions = client.server.received(
            buffer.span.extracting(0..<count), at: now, hash: digestHash)
        for action in actions { perform(action, client, now) }
        if let camera = client.server.camera { client.camera = camera }
        client.flush()
    }

    private func perform(_ action: CameraServer.Action, _ client: CameraClient, _ now: Instant) {
        switch action {
        case .send(let octets): client.enqueue(octets)
        case .play(let number, let destination, let identity):
            client.camera = number
            client.destination = destination
            client.isPlaying = true
            let camera = cameras[number]
            if destination == .multicast {
                if camera.multicast == nil { camera.multicast = media(camera, identity, now) }
            } else if client.media == nil {
                client.media = media(camera, identity, now)
            } else {
                client.media?.resume(at: now)
            }
        case .pause: client.isPlaying = false
        case .stop:
            client.isPlaying = false
            client.media = nil
        case .close: client.isClosing = true
        }
    }

    private func media(
        _ camera: Camera, _ identity: CameraMedia.Identity, _ now: Instant
    ) -> CameraMedia? {
        CameraMedia(
            loops: camera.loops, format: camera.plan.format, schedule: camera.plan.schedule,
            identity: identity, start: start, now: now, canonicalName: camera.plan.name,
            seed: seed)
    }

    // MARK: Ends

    /// Forgets connections that ended, and groups that nobody watches.
    private func sweep(_ now: Instant) {
        for client in clients {
            let isDead = client.cameraIsDead(self, now)
            // A camera that comes back has forgotten its connections.
            if client.wasDead, !isDead { client.isBroken = true }
            client.wasDead = isDead
            if !isDead {
                for action in client.server.expired(at: now) { perform(action, client, now) }
            }
        }
        clients.removeAll { $0.isBroken || ($0.isClosing && !$0.hasOutgoing) }
        for camera in cameras where camera.multicast != nil {
            let isWatched = clients.contains {
                $0.isPlaying && $0.destination == .multicast && cameras[$0.camera] === camera
            }
            if !isWatched { camera.multicast = nil }
        }
    }

    private func sayGoodbye() {
        let now = clock.now
        for client in clients where client.isPlaying {
            guard let goodbye = client.media?.goodbye(at: now) else { continue }
            client.send(goodbye, .control, from: cameras[client.camera])
            client.flush()
        }
        for camera in cameras {
            guard let goodbye = camera.multicast?.goodbye(at: now) else { continue }
            CameraDriver.send(goodbye, .control, from: camera, to: camera.group, 5005)
        }
        let lost = clients.reduce(0) { $0 + $1.dropped }
        if lost > 0 { say("\(lost) packets not sent: connections too slow") }
        if refused > 0 { say("\(refused) connections refused: more than \(Self.largestClients)") }
    }
}

/// Wall time that only moves forward: read once, then carried on by the monotonic clock.
struct DriverClock {
    private let wall: Int64
    private let monotonic: Int64

    init() {
        wall = DriverClock.read(CLOCK_REALTIME)
        monotonic = DriverClock.read(CLOCK_MONOTONIC)
    }

    var now: Instant {
        Instant(nanoseconds: wall + DriverClock.read(CLOCK_MONOTONIC) - monotonic)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
