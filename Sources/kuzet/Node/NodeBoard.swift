// SPDX-License-Identifier: Apache-2.0
import Agreements
import Ledger
import Measurements
import Registry
import Synchronization
import Timekeeping

/// What the threads of a node tell each other about the present: written by watchers and keeper,
/// read by whoever asks how the node is.
final class NodeBoard: Sendable {
    /// Events kept to be shown.
    static let mostEvents = 200

    /// What is known of one camera now.
    struct Present: Sendable {
        var observation: Observation?
        var vantage: VantageID?
        var condition: CameraCondition?
        var silentSince: Instant?
    }

    /// What a watcher tells of its interface.
    struct Vantage: Sendable {
        var interface: String
        var state = "starting"
        var isWatching = false
        var packets: UInt64 = 0
        var drops: UInt64 = 0
        var packetRate = 0.0
        var cameras = 0
        var streams = 0
        var unregistered: [String] = []
        var unregisteredCount = 0
        var ambiguous: [String] = []
        var lastPacket: Instant?
    }

    struct State: Sendable {
        var cameras: [CameraID: Present] = [:]
        var vantages: [String: Vantage] = [:]
        var events: [StreamEvent] = []
        var ledger: NodeStatus.LedgerState
        var lastCommit: Instant?
        /// What checks last found, by camera, site and channel.
        var cameraChecks: [CameraID: [CheckNote.Name: CheckNote]] = [:]
        var siteChecks: [SiteID: CheckNote] = [:]
        var channelChecks: [ChannelID: [CheckNote.Name: CheckNote]] = [:]
        var pulls = Pulls()
        var ownClock = OwnClockNote(isInStep: false, text: "not asked yet")
    }

    /// How the pulls of a node stand.
    struct Pulls: Hashable, Sendable {
        /// Cameras whose streams are to be pulled.
        var wanted = 0
        /// Sessions in which media comes.
        var playing = 0
        /// Cameras whose devices are left alone until told.
        var blocked = 0
        /// Samples that could not be taken in their period.
        var missed: UInt64 = 0
        var vantage = ""
        /// What cannot be asked.
        var remarks: [String] = []
    }

    private let state: Mutex<State>

    init(ledger path: String) {
        state = Mutex(State(ledger: NodeStatus.LedgerState(path: path)))
    }

    /// Looks at everything, or changes it.
    func withState<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { body(&$0) }
    }

    /// Notes events, and what they say of their cameras.
    func note(_ events: [StreamEvent]) {
        state.withLock { state in
            for event in events {
                state.cameras[event.camera, default: Present()].silentSince =
                    event.kind == .silent ? event.at : nil
            }
            state.events.append(contentsOf: events)
            state.events.removeFirst(max(0, state.events.count - NodeBoard.mostEvents))
        }
    }

    /// Notes that a camera that was asked gave no video, if it is not known to be silent.
    func noteSilent(_ camera: CameraID, since instant: Instant) {
        state.withLock { state in
            var present = state.cameras[camera] ?? Present()
            present.silentSince = present.silentSince ?? instant
            state.cameras[camera] = present
        }
    }

    /// Notes that nobody can say any more that these cameras are silent.
    func forgetSilence(of cameras: [CameraID]) {
        guard !cameras.isEmpty else { return }
        state.withLock { state in
            for camera in cameras { state.cameras[camera]?.silentSince = nil }
        }
    }

    /// Notes what an interval showed, and what follows from it.
    func note(
        _ records: [NewObservation], conditions: [CameraID: CameraCondition],
        at commit: Instant
    ) {
        state.withLock { state in
            for record in records {
                var present = state.cameras[record.camera] ?? Present()
                let isNewer =
                    present.observation.map { $0.range.end <= record.observation.range.end } ?? true
                if isNewer {
                    present.observation = record.observation
                    present.vantage = record.vantage
                }
                present.condition = conditions[record.camera] ?? present.condition
                state.cameras[record.camera] = present
            }
            state.lastCommit = commit
            state.ledger.kept += records.count
        }
    }
}

/// What the judge says of a camera at the end of what was measured, and since when.
struct CameraCondition: Hashable, Sendable {
    var condition: Condition
    var since: Instant
    /// Until when it is known.
    var until: Instant
}

extension CameraCondition {
    /// What holds at the end of `span`, since the start of it or of what it goes on with.
    init(_ span: ConditionSpan, after before: CameraCondition?) {
        self.init(condition: span.condition, since: span.range.start, until: span.range.end)
        if let before, before.condition == span.condition, before.until >= span.range.start {
            since = min(since, before.since)
        }
    }

    /// The same with the criteria that still stand, where video arrives: a window that is open says
    /// nothing yet, and no camera is well because the minute is young.
    func holding(_ standing: CriterionSet, after before: CameraCondition?) -> CameraCondition {
        var held = self
        switch condition {
        case .up where !standing.isEmpty: held.condition = .degraded(standing)
        case .degraded(let found): held.condition = .degraded(found.union(standing))
        case .up, .down, .unknown: return self
        }
        if held.condition != condition, let before, before.condition == held.condition {
            held.since = min(since, before.since)
        }
        return held
    }
}
