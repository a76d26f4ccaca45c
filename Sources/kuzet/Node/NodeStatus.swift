// SPDX-License-Identifier: Apache-2.0

/// What a running node says of itself, as `kuzet status --format json` prints it.
///
/// Instants are texts of RFC 3339 in the system's zone; rates are those of the last interval.
struct NodeStatus: Codable, Hashable, Sendable {
    static let schema = "kuzet.status/1"

    /// How things stand with one interface.
    struct Vantage: Codable, Hashable, Sendable {
        var name: String
        var interface: String
        /// `watching`, or why not.
        var state: String
        var isWatching: Bool
        var packets: UInt64 = 0
        /// Packets lost in the kernel, the adapter or here.
        var drops: UInt64 = 0
        /// Packets a second over the last ten.
        var packetRate: Double = 0
        /// Cameras that are watched here.
        var cameras = 0
        var streams = 0
        /// Streams of video that belong to no camera, some of them.
        var unregistered: [String] = []
        var unregisteredCount = 0
        /// Streams that several cameras claim.
        var ambiguous: [String] = []
        var lastPacket: String?
    }

    /// What the last interval showed of a camera, and what it means.
    struct Camera: Codable, Hashable, Sendable {
        var id: String
        var name: String
        var site: String
        var channel: String
        /// `up`, `degraded`, `down`, `unknown` or `excluded`.
        var state: String
        /// Broken criteria with their clauses, the reason of a failure, or why nobody knows.
        var reasons: [String] = []
        /// What breaks no agreed limit and should be known: loss below its limit, a stream that
        /// anybody on the way can read.
        var remarks: [String] = []
        /// Since when.
        var since: String?
        /// Since when no frame has come, if that is longer than usual: not yet a state.
        var silentSince: String?
        var isUnderWorks = false
        var vantage: String?
        var transport: String?
        var codec: String?
        var width: Int?
        var height: Int?
        var kilobitsPerSecond: Double?
        var framesPerSecond: Double?
        /// A share of 1.
        var lossRatio: Double?
        var clockOffsetMilliseconds: Double?
        var isEncrypted: Bool?
        var jitterMilliseconds: Double?
        var largestGapMilliseconds: Double?
        /// The end of the interval.
        var measured: String?
        /// What checks last found.
        var checks: [Check] = []
    }

    struct LedgerState: Codable, Hashable, Sendable {
        var path: String
        var octets: Int64 = 0
        var diskFree: Int64 = 0
        /// Days until the disk is full at the rate since the start; nil until that is known.
        var daysLeft: Double?
        /// Measurements kept since the start.
        var kept = 0
        /// Measurements that wait to be kept, and that were given up because too many waited.
        var waiting = 0
        var refused = 0
        /// What is wrong; nil if nothing.
        var fault: String?
        var lastCommit: String?
    }

    struct Event: Codable, Hashable, Sendable {
        var camera: String
        var kind: StreamEvent.Kind
        var vantage: String
        /// The last frame before the silence, or the first after it.
        var at: String
        var noticed: String
    }

    /// How the last 24 hours of all cameras were spent, camera-seconds.
    struct Day: Codable, Hashable, Sendable {
        /// Whether the ledger is as old as that; else it is the time since it was made.
        var isWhole = true
        var up = 0.0
        var degraded = 0.0
        var down = 0.0
        var unknown = 0.0
        var excluded = 0.0
        /// Of the unknown time: camera-seconds by reason.
        var unknownReasons: [String: Double] = [:]
    }

    var schema = NodeStatus.schema
    var version: String
    var node: String
    var process: Int32
    var started: String
    var now: String
    var registered: Int
    /// Cameras by state.
    var states: [String: Int] = [:]
    var silent = 0
    var isPrivileged = false
    var vantages: [Vantage] = []
    var pulls = Pulls()
    /// Sites and channels that are asked.
    var places: [Place] = []
    var ownClock = OwnClock()
    var ledger: LedgerState
    var day: Day?
    /// Those that are not up, worst first; all of them where they were asked for.
    var cameras: [Camera] = []
    /// The latest, newest first.
    var events: [Event] = []
}
