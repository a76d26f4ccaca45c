// SPDX-License-Identifier: Apache-2.0
import Foundation
import Measurements
import Registry
import Synchronization
import Testing
import Timekeeping

@testable import Ledger

/// A folder of a test, removed with it.
final class Scratch {
    let folder: String
    var path: String { folder + "/ledger.kuzet" }

    init() throws {
        folder = NSTemporaryDirectory() + "kuzet-ledger-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A clock that stands at noon of 1 October 2026.
    static let clock: @Sendable () -> Instant = { Scratch.noon }
    static let noon = Instant(nanoseconds: 1_790_856_000_000_000_000)
    /// The beginning of an hour two months before, ns.
    static let hour: Int64 = 496_020 * ObservationBlock.hourNanoseconds
    static let tenSeconds: Int64 = 10_000_000_000

    func open(
        _ access: Ledger.Access = .readWrite, node: String? = "almaty-1"
    ) throws(LedgerFault) -> Ledger {
        try Ledger.open(
            path, access: access, node: node.flatMap { NodeID($0) }, clock: Scratch.clock)
    }

    func write(_ octets: [UInt8]) throws {
        try Data(octets).write(to: URL(fileURLWithPath: path))
    }

    func octets() throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

func camera(_ number: Int) throws -> CameraID { try #require(CameraID("cam-\(number)")) }
func vantage(_ text: String = "almaty-1/eth0") throws -> VantageID {
    try #require(VantageID(text))
}

/// One interval of ten seconds with so many packets.
func plain(at start: Int64, packets: UInt64 = 4_000, seconds: Int64 = 10) -> Observation {
    var measurement = Measurement(
        range: TimeRange(
            start: Instant(nanoseconds: start), nanoseconds: seconds * 1_000_000_000))
    measurement.packets.received = packets
    measurement.packets.unique = packets
    measurement.packets.expected = packets
    measurement.octets.ip = packets * 1_000
    measurement.octets.payload = packets * 960
    measurement.frames.count = packets / 16
    measurement.trust.probeDrops = 0
    return Observation(measurement: measurement, codec: "h264")
}

func wholeRange(hours: Int64 = 24) -> TimeRange {
    TimeRange(
        start: Instant(nanoseconds: Scratch.hour),
        nanoseconds: hours * ObservationBlock.hourNanoseconds)
}
