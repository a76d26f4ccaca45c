// SPDX-License-Identifier: Apache-2.0
import Glibc
import Octets
import Packets
import RTSP
import Registry
import Timekeeping

/// One pull at work: its connections and sockets, around the machine of its dialogue.
final class Pull: LoopMember {
    /// Where a pull stands, before and around the dialogue.
    enum Stage {
        case resolving
        case dialling(Dialling, Endpoint)
        case securing(Endpoint)
        /// The tunnel's first half waits for its answer.
        case opening
        case talking
        case over
    }

    /// Octets of the answer to a tunnel's opening.
    static let tunnelHeadLimit = 16 * 1024
    /// Between reports to the server, ns; the five seconds of RFC 3550 section 6.2.
    static let reportEvery: Int64 = 5_000_000_000

    let id: PullID
    let request: PullRequest
    unowned let loop: CheckLoop
    var stage = Stage.resolving
    var stageDeadline: Instant?
    var engine: PullEngine
    var carriers: [Carrier] = []
    var sockets: [Int: MediaSocket] = [:]
    var flows: [Int: PullFlow] = [:]
    var writer = FrameWriter()
    var hasPlayed = false
    var strays: UInt64 = 0
    var dropped: UInt64 = 0
    var tunnelHead: [UInt8] = []
    var nextReport = Instant(nanoseconds: 0)
    let cookie: String
    let ssrc: UInt32

    init(_ id: PullID, _ request: PullRequest, _ loop: CheckLoop) {
        self.id = id
        self.request = request
        self.loop = loop
        engine = PullEngine(request, nonce: loop.randomText())
        cookie = loop.randomText()
        ssrc = loop.randomNumber()
    }

    var isOver: Bool { if case .over = stage { true } else { false } }

    // MARK: Connecting

    func begin() {
        loop.sink?.changed(id, to: .connecting)
        guard let host = request.host else {
            return end(CheckFailure(.unreachable, "unknown-name", "the URL names no host"))
        }
        let allowed = request.allowed
        stageDeadline = loop.now.advanced(byNanoseconds: request.connectLimit)
        if case .address = host {
            do throws(Resolver.Refusal) {
                dial(try Resolver.address(of: host, among: allowed))
            } catch {
                end(CheckFailure(error))
            }
            return
        }
        let id = id
        loop.workers.submit {
            do throws(Resolver.Refusal) {
                return .resolved(id, .success(try Resolver.address(of: host, among: allowed)))
            } catch {
                return .resolved(id, .failure(error))
            }
        }
    }

    func resolved(_ result: Result<IPAddress, Resolver.Refusal>) {
        guard case .resolving = stage else { return }
        switch result {
        case .success(let address): dial(address)
        case .failure(let refusal): end(CheckFailure(refusal))
        }
    }

    func dial(_ address: IPAddress) {
        let endpoint = Endpoint(address: address, port: request.port)
        switch Dialling.begin(to: endpoint) {
        case .failure(let failure): end(CheckFailure(failure))
        case .success(let dialling):
            stage = .dialling(dialling, endpoint)
            stageDeadline = loop.now.advanced(byNanoseconds: request.connectLimit)
            loop.watch(dialling.descriptor.number, self, .dialling, writing: true)
        }
    }

    private func dialled(_ dialling: Dialling, _ endpoint: Endpoint) {
        loop.forget(dialling.descriptor.number)
        if let failure = dialling.failure { return end(CheckFailure(failure)) }
        guard request.isSecure else {
            guard let carrier = Carrier(dialling.descriptor) else {
                return end(CheckFailure(SystemFailure(code: ENOTCONN)))
            }
            return connected(carrier)
        }
        stage = .securing(endpoint)
        stageDeadline = loop.now.advanced(byNanoseconds: 2 * request.connectLimit)
        let (id, request) = (id, request)
        // A descriptor of its own for libcurl to close.
        let own = fcntl(dialling.descriptor.number, F_DUPFD_CLOEXEC, 0)
        loop.workers.submit {
            do throws(SecureChannel.Failure) {
                return .secured(
                    id,
                    .success(
                        try SecureChannel(
                            adopting: own, host: request.url.host, endpoint: endpoint,
                            verifies: request.verifiesCertificate, limit: request.connectLimit)))
            } catch {
                return .secured(id, .failure(error))
            }
        }
    }

    func secured(_ result: Result<SecureChannel, SecureChannel.Failure>) {
        guard case .securing = stage else { return }
        switch result {
        case .success(let channel):
            guard let carrier = Carrier(channel) else {
                return end(CheckFailure(SystemFailure(code: ENOTCONN)))
            }
            connected(carrier)
        case .failure(let failure):
            let isCertificate = failure.verification != 0
            end(
                CheckFailure(
                    .refuses, isCertificate ? "certificate" : "tls", failure.text))
        }
    }

    private func connected(_ carrier: Carrier) {
        stageDeadline = nil
        let number = carriers.count
        carriers.append(carrier)
        loop.watch(carrier.descriptor, self, .carrier(number), writing: false)
        writer.opening(&carrier.asking, &carrier.answering, at: LoopClock.wall)
        if number == 0 { loop.sink?.changed(id, to: .asking(carrier.remote)) }
        guard request.way == .tunnel else { return beginTalking() }
        let head = TunnelHead(request.url, cookie: cookie)
        if number == 0 {
            stage = .opening
            stageDeadline = loop.now.advanced(byNanoseconds: request.answerLimit)
            send(head.opensAnswers, on: 0)
        } else {
            send(head.opensRequests, on: 1)
            beginTalking()
        }
    }

    private func beginTalking() {
        stage = .talking
        guard let carrier = carriers.first else { return }
        perform(
            engine.connected(
                server: "\(carrier.remote.address)", client: "\(carrier.local.address)",
                at: loop.now))
    }

    /// Takes the answer to the tunnel's first half; what follows its head is RTSP.
    private func takeTunnelHead(_ octets: UnsafeRawBufferPointer) {
        unsafe tunnelHead.append(contentsOf: octets)
        guard let end = TunnelHead.end(of: tunnelHead) else {
            if tunnelHead.count > Pull.tunnelHeadLimit {
                self.end(CheckFailure(.nonsense(.tooMuch)))
            }
            return
        }
        if let refusal = TunnelHead.refusal(Array(tunnelHead[..<end])) {
            return self.end(CheckFailure(refusal))
        }
        guard let carrier = carriers.first else { return }
        // The second half goes where the first went; nothing is looked up again.
        dial(carrier.remote.address)
    }

    // MARK: Talking

    /// Obeys the machine.
    func perform(_ first: PullEngine.Actions) {
        var actions = first[...]
        while let action = actions.popFirst(), !isOver {
            switch action {
            case .send(let octets): send(octets)
            case .openPorts(let medium): actions += openPorts(medium)
            case .closePorts(let medium): closePorts(medium)
            case .expect(let medium, let path): expect(medium, path)
            case .reconnect: reconnect()
            case .playing: playing()
            case .end(let reason): end(CheckFailure(reason))
            }
        }
    }

    private func send(_ octets: [UInt8]) {
        if request.way == .tunnel {
            let text = Array(Base64.encode(octets).utf8)
            let shown = Array(Base64.encode(FrameWriter.withoutProof(octets)).utf8)
            send(text, on: 1, shown: shown)
        } else {
            send(octets, on: 0, shown: FrameWriter.withoutProof(octets))
        }
    }

    private func send(_ octets: [UInt8], on number: Int, shown: [UInt8]? = nil) {
        guard carriers.indices.contains(number) else { return }
        let carrier = carriers[number]
        carrier.send(octets)
        unsafe (shown ?? octets).withUnsafeBytes {
            unsafe writer.segments(
                $0, &carrier.asking, acknowledging: carrier.answering.sequence,
                segment: carrier.segment, at: LoopClock.wall)
        }
        guard !carrier.isBroken else { return }
        loop.watch(
            carrier.descriptor, self, .carrier(number), writing: carrier.hasOutgoing)
    }

    private func openPorts(_ medium: Int) -> PullEngine.Actions {
        guard let carrier = carriers.first,
            let socket = MediaSocket(pairAt: carrier.local.address)
        else { return engine.opened(medium: medium, ports: nil, at: loop.now) }
        attach(socket, medium)
        return engine.opened(medium: medium, ports: socket.ports, at: loop.now)
    }

    private func attach(_ socket: MediaSocket, _ medium: Int) {
        sockets[medium] = socket
        loop.watch(socket.media.number, self, .media(medium), writing: false)
        loop.watch(socket.control.number, self, .control(medium), writing: false)
    }

    private func closePorts(_ medium: Int) {
        guard let socket = sockets.removeValue(forKey: medium) else { return }
        loop.forget(socket.media.number)
        loop.forget(socket.control.number)
    }

    private func expect(_ medium: Int, _ path: RTSPClientSession.Path) {
        guard let carrier = carriers.first else { return }
        let description =
            engine.media.indices.contains(medium)
            ? engine.media[medium].description : nil
        var flow = PullFlow(medium: description, destination: carrier.local, channel: nil)
        switch path {
        case .interleaved(let channels): flow.channel = channels.first
        case .udp(let ports):
            guard let socket = sockets[medium] else { return }
            if let ports {
                socket.reportsTo = Endpoint(
                    address: carrier.remote.address, port: ports.control)
            }
            flow.destination = socket.mediaEnd
        case .multicast(let group, let ports, let senders):
            let address = try? NetworkAddress(parsing: group)
            let known = senders.compactMap { try? NetworkAddress(parsing: $0) }
            guard let address,
                let socket = MediaSocket(
                    group: IPAddress(high: address.high, low: address.low), ports,
                    senders: known.map { IPAddress(high: $0.high, low: $0.low) },
                    local: carrier.local.address)
            else {
                return end(CheckFailure(.probe, "no-group", "cannot join \(group)"))
            }
            attach(socket, medium)
            flow.destination = socket.mediaEnd
        }
        flows[medium] = flow
    }

    private func reconnect() {
        guard let carrier = carriers.popLast() else { return }
        loop.forget(carrier.descriptor)
        handOn()
        dial(carrier.remote.address)
    }

    private func playing() {
        hasPlayed = true
        nextReport = loop.now
        if request.way == .multipart, let carrier = carriers.first {
            flows[0] = PullFlow(medium: nil, destination: carrier.local, channel: nil)
        }
        loop.sink?.changed(id, to: .playing(flows.keys.sorted().compactMap { flows[$0] }))
    }

    // MARK: Ending

    func stop() {
        if case .talking = stage { return perform(engine.stop(at: loop.now)) }
        end(CheckFailure(.stopped))
    }

    func end(_ failure: CheckFailure) {
        guard !isOver else { return }
        if case .dialling(let dialling, _) = stage { loop.forget(dialling.descriptor.number) }
        stage = .over
        for carrier in carriers { loop.forget(carrier.descriptor) }
        for medium in Array(sockets.keys) { closePorts(medium) }
        carriers = []
        handOn()
        var end = PullEnd(failure: failure)
        end.hasPlayed = hasPlayed
        end.dialogue = engine.lines
        end.loginFailures = engine.loginFailures
        end.oddities = engine.oddities
        end.serverSoftware = engine.serverSoftware
        end.strayDatagrams = strays
        end.droppedDatagrams = dropped
        loop.ended(self, end)
    }

    /// Hands the frames gathered to the sink.
    func handOn() {
        guard !writer.records.isEmpty else { return }
        loop.sink?.received(id, window: writer.octets.span, records: writer.records.span)
        writer.clear()
    }

    // MARK: Readiness

    func ready(_ role: LoopRole, _ readiness: Poller.Readiness) {
        switch role {
        case .dialling:
            guard case .dialling(let dialling, let endpoint) = stage else { return }
            dialled(dialling, endpoint)
        case .carrier(let number): readyCarrier(number, readiness)
        case .media(let medium):
            guard let socket = sockets[medium] else { return }
            receive(medium, socket.media, to: socket.mediaEnd, isControl: false)
        case .other: break
        case .control(let medium):
            guard let socket = sockets[medium] else { return }
            receive(medium, socket.control, to: socket.controlEnd, isControl: true)
        }
    }

    private func readyCarrier(_ number: Int, _ readiness: Poller.Readiness) {
        guard carriers.indices.contains(number) else { return }
        let carrier = carriers[number]
        if readiness.canWrite {
            carrier.flush()
            loop.watch(
                carrier.descriptor, self, .carrier(number), writing: carrier.hasOutgoing)
        }
        guard readiness.canRead || readiness.isBroken else { return }
        // So many reads, then others have their turn.
        for _ in 0..<16 {
            guard !isOver, carriers.indices.contains(number), carriers[number] === carrier
            else { return }
            switch unsafe carrier.receive(into: loop.buffer) {
            case .nothing: return
            case .end:
                if number == 1 { return closedRequests() }
                return perform(engine.closed(at: loop.now))
            case .octets(let count, let arrival):
                let octets = unsafe UnsafeRawBufferPointer(rebasing: loop.buffer[..<count])
                unsafe writer.segments(
                    octets, &carrier.answering, acknowledging: carrier.asking.sequence,
                    segment: carrier.segment, at: arrival)
                unsafe take(octets, number)
                if writer.isFull { handOn() }
            }
        }
        if carrier.mayHold { loop.comeBack(self, .carrier(number)) }
    }

    /// The asking half of a tunnel is closed: some servers do that once they play.
    ///
    /// Media goes on until the next keep-alive cannot be sent.
    private func closedRequests() {
        loop.forget(carriers[1].descriptor)
        if !hasPlayed { perform(engine.closed(at: loop.now)) }
    }

    private func take(_ octets: UnsafeRawBufferPointer, _ number: Int) {
        guard number == 0 else { return }
        if case .opening = stage { return unsafe takeTunnelHead(octets) }
        guard case .talking = stage else { return }
        perform(engine.received(unsafe Span(_unsafeBytes: octets), at: loop.now))
    }

    private func receive(
        _ medium: Int, _ socket: Descriptor, to destination: Endpoint, isControl: Bool
    ) {
        guard let camera = carriers.first?.remote.address else { return }
        var drops: UInt32?
        for _ in 0..<8 {
            var media = false
            let count = loop.arena.receive(from: socket.number) { received in
                drops = received.dropped ?? drops
                guard received.source.address == camera || request.ignoresForeignAddresses
                else {
                    strays += 1
                    return
                }
                media = true
                unsafe writer.datagram(
                    received.payload, from: received.source, to: destination,
                    trafficClass: received.trafficClass, hopLimit: received.hopLimit,
                    at: received.arrival)
            }
            if media, !isControl { engine.receivedMedia(at: loop.now) }
            if writer.isFull { handOn() }
            if count < DatagramArena.batch { break }
        }
        if let drops { noteDrops(medium, isControl ? 1 : 0, drops) }
    }

    private func noteDrops(_ medium: Int, _ place: Int, _ total: UInt32) {
        guard let socket = sockets[medium] else { return }
        let more = total &- socket.dropped[place]
        guard more > 0 else { return }
        socket.dropped[place] = total
        dropped += UInt64(more)
        loop.sink?.dropped(id, datagrams: UInt64(more))
    }

    // MARK: Time

    func timePassed() {
        if let stageDeadline, loop.now >= stageDeadline {
            switch stage {
            case .resolving:
                return end(CheckFailure(.unreachable, "unknown-name", "the name is not resolved"))
            case .dialling:
                return end(CheckFailure(SystemFailure(code: ETIMEDOUT)))
            case .securing:
                return end(CheckFailure(.refuses, "tls", "the handshake takes too long"))
            case .opening: return end(CheckFailure(.tooSlow(.get)))
            case .talking, .over: break
            }
        }
        guard case .talking = stage else { return }
        if let deadline = engine.nextDeadline, loop.now >= deadline {
            perform(engine.timePassed(at: loop.now))
        }
        if carriers.contains(where: \.isBroken) { perform(engine.closed(at: loop.now)) }
        if hasPlayed, loop.now >= nextReport {
            nextReport = loop.now.advanced(byNanoseconds: Pull.reportEvery)
            for socket in sockets.values { socket.report(ssrc: ssrc) }
        }
    }
}
