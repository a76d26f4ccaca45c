// SPDX-License-Identifier: Apache-2.0
import Glibc
import Packets
import RTSP
import Timekeeping

/// Pulls many cameras on one thread.
///
/// ## For the one that owns it
///
/// Make one loop on the thread that will run it, and give it a sink, such as `PullMeters`:
///
///     let loop = try CheckLoop(seed: seed)
///     loop.sink = meters
///     let pull = loop.begin(PullRequest(url: url, allowed: site, credentials: …, hash: …))
///     while !isEnding { loop.turn(milliseconds: 100) }
///     loop.stopAll()                            // asks every camera to end its session
///     while loop.isBusy { loop.turn(milliseconds: 100) }
///
/// All of it happens inside `turn`, the sink's calls included; nothing is safe from another
/// thread. A pull goes `connecting`, `asking`, `playing`, `ended`, or from any of them
/// straight to `ended`, which is told exactly once and carries the reason and the dialogue. The
/// loop never tries again by itself: when to try again is for `PullSchedule` to say.
///
/// Names are looked up, and hands shaken for TLS, on a few worker threads; nothing else waits.
/// The address dialled is the one that was checked against the request's allowed addresses.
@safe public final class CheckLoop {
    /// Pulls at once.
    ///
    /// Chosen: at two descriptors each for UDP and one for TCP it stays below the usual limit of
    /// 4096 descriptors; beyond it, `begin` ends the pull at once, as the probe's own trouble.
    public static let pullLimit = 1000

    /// Why there is no loop.
    public struct Failure: Error, CustomStringConvertible {
        /// The system's words.
        public let description: String
    }

    enum WorkerResult: Sendable {
        case resolved(PullID, Result<IPAddress, Resolver.Refusal>)
        case secured(PullID, Result<SecureChannel, SecureChannel.Failure>)
        case web(UInt64, WebResult)
    }

    /// Takes what pulls yield; not kept alive.
    public weak var sink: (any PullSink)?

    let workers: WorkerPool<WorkerResult>
    let arena = DatagramArena()
    /// Where connections are read into, one at a time.
    let buffer: UnsafeMutableRawBufferPointer
    private(set) var now = LoopClock.steady
    private var poller: Poller
    private var pulls: [PullID: Pull] = [:]
    /// Sockets for echo that were opened while the right was there.
    private(set) var echoSockets: EchoSockets?
    /// Members besides pulls: checks that ask one thing.
    private var checks: [ObjectIdentifier: any LoopMember] = [:]
    private var watched: [Int32: Watch] = [:]
    private var lastWatch: UInt32 = 0

    /// Whose a descriptor is.
    ///
    /// The number tells it from one that had the same descriptor a moment ago: what was ready
    /// then must not be told to this one.
    private struct Watch {
        var member: any LoopMember
        var role: LoopRole
        var number: UInt32

        func token(_ descriptor: Int32) -> UInt64 {
            UInt64(number) << 32 | UInt64(UInt32(bitPattern: descriptor))
        }
    }

    private var returning: [(member: any LoopMember, role: LoopRole)] = []
    private var lastNumber: UInt32 = 0
    /// Who waits for a worker's answer.
    private var questions: [UInt64: (WebResult) -> Void] = [:]
    private var lastQuestion: UInt64 = 0
    private var nextSweep = LoopClock.steady
    private var random: UInt64

    /// Between looks at deadlines, ns; all limits are seconds.
    private static let sweepEvery: Int64 = 100_000_000

    /// Makes a loop without pulls.
    ///
    /// - Parameter seed: of cookies, nonces and sources; random in earnest, fixed in tests.
    public init(seed: UInt64) throws(Failure) {
        guard let poller = Poller(), let workers = WorkerPool<WorkerResult>() else {
            throw Failure(description: systemText(errno))
        }
        self.poller = poller
        self.workers = workers
        random = seed
        unsafe buffer = .allocate(byteCount: 65_536, alignment: 16)
        poller.watch(workers.wake, token: UInt64.max, writing: false, isNew: true)
    }

    deinit { unsafe buffer.deallocate() }

    /// Opens sockets for echo while CAP_NET_RAW is still there; without them each echo needs a
    /// system that lets its group send echoes (`net.ipv4.ping_group_range`).
    public func openEcho() { echoSockets = echoSockets ?? EchoSockets(self) }

    /// Pulls that are not over.
    public var count: Int { pulls.count }

    /// Whether any pull or other check is not over.
    public var isBusy: Bool { !pulls.isEmpty || checkCount > 0 }

    /// Begins a pull.
    public func begin(_ request: PullRequest) -> PullID {
        lastNumber += 1
        let id = PullID(number: lastNumber)
        now = LoopClock.steady
        let pull = Pull(id, request, self)
        let isFull = pulls.count >= CheckLoop.pullLimit
        pulls[id] = pull
        if isFull {
            pull.end(CheckFailure(.probe, "too-many", "more than \(CheckLoop.pullLimit) pulls"))
        } else {
            pull.begin()
        }
        return id
    }

    /// Asks a pull to end as the camera should see it; it is over a second later at most.
    public func stop(_ id: PullID) {
        now = LoopClock.steady
        pulls[id]?.stop()
    }

    /// Asks all pulls to end.
    public func stopAll() {
        for id in pulls.keys.sorted() { stop(id) }
    }

    /// Waits until something happens, at most so long, and deals with it.
    public func turn(milliseconds: Int32) {
        let pause = returning.isEmpty ? pauseUntilSweep(milliseconds) : 0
        let ready = poller.wait(milliseconds: pause)
        now = LoopClock.steady
        let again = returning
        returning.removeAll(keepingCapacity: true)
        for (member, role) in again {
            member.ready(
                role, Poller.Readiness(token: 0, canRead: true, canWrite: false, isBroken: false))
        }
        for one in ready {
            guard one.token != UInt64.max else {
                takeResults()
                continue
            }
            let descriptor = Int32(truncatingIfNeeded: one.token)
            guard let watch = watched[descriptor], watch.token(descriptor) == one.token
            else { continue }
            watch.member.ready(watch.role, one)
        }
        for one in ready {
            guard let watch = watched[Int32(truncatingIfNeeded: one.token)] else { continue }
            watch.member.handOn()
        }
        if now >= nextSweep {
            nextSweep = now.advanced(byNanoseconds: CheckLoop.sweepEvery)
            for id in Array(pulls.keys) {
                pulls[id]?.timePassed()
                pulls[id]?.handOn()
            }
            for check in Array(checks.values) { check.timePassed() }
        }
    }

    private func pauseUntilSweep(_ milliseconds: Int32) -> Int32 {
        let left = (nextSweep.nanoseconds(since: LoopClock.steady) + 999_999) / 1_000_000
        return max(0, min(milliseconds, Int32(clamping: left)))
    }

    private func takeResults() {
        for result in workers.takeResults() {
            switch result {
            case .resolved(let id, let result): pulls[id]?.resolved(result)
            case .secured(let id, let result): pulls[id]?.secured(result)
            case .web(let number, let result): questions.removeValue(forKey: number)?(result)
            }
        }
    }

    // MARK: For pulls

    func watch(
        _ descriptor: Int32, _ member: any LoopMember, _ role: LoopRole, writing: Bool
    ) {
        let known = watched[descriptor]
        if known == nil { lastWatch &+= 1 }
        let watch = Watch(member: member, role: role, number: known?.number ?? lastWatch)
        watched[descriptor] = watch
        poller.watch(
            descriptor, token: watch.token(descriptor), writing: writing, isNew: known == nil)
    }

    func forget(_ descriptor: Int32) {
        guard watched.removeValue(forKey: descriptor) != nil else { return }
        poller.forget(descriptor)
    }

    /// Reads from that carrier again although its descriptor may be silent.
    func comeBack(_ member: any LoopMember, _ role: LoopRole) {
        returning.append((member, role))
    }

    var checkCount: Int { checks.count + questions.count }

    /// Has a worker find something out.
    func submit(
        _ job: @escaping @Sendable () -> WebResult, _ done: @escaping (WebResult) -> Void
    ) {
        lastQuestion += 1
        let number = lastQuestion
        questions[number] = done
        workers.submit { .web(number, job()) }
    }

    func join(_ check: some LoopMember) { checks[ObjectIdentifier(check)] = check }

    func leave(_ check: some LoopMember) { checks[ObjectIdentifier(check)] = nil }

    func ended(_ pull: Pull, _ end: PullEnd) {
        pulls[pull.id] = nil
        sink?.changed(pull.id, to: .ended(end))
    }

    /// SplitMix64: good enough for cookies, whose secrecy nothing hangs on.
    func randomWord() -> UInt64 {
        random &+= 0x9e37_79b9_7f4a_7c15
        var word = random
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    func randomNumber() -> UInt32 { UInt32(truncatingIfNeeded: randomWord()) }

    func randomText() -> String {
        String(randomWord(), radix: 36) + String(randomWord(), radix: 36)
    }
}
