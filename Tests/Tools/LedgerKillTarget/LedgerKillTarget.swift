// SPDX-License-Identifier: Apache-2.0
import Agreements
import Ledger
import Measurements
import Registry
import Timekeeping

#if canImport(Glibc)
    import Glibc
#endif

/// Works on a ledger until it is killed, and says after each call what the ledger acknowledged.
///
/// `LedgerKillTarget PATH [COUNT]`: a line `acked FIRST LAST INTERVAL` for observations,
/// `entry INDEX` for the journal, `closed`, `pruned`, `backed-up`; `fault KIND` where a call
/// failed. Ends after COUNT rounds, else never; with `read` it only counts the cameras.
///
/// `LedgerKillTarget PATH hold` says `holding`, keeps the ledger for two seconds, and writes now and
/// then; `LedgerKillTarget PATH enter NAME` enters a work of that name, whoever has the ledger;
/// `LedgerKillTarget PATH full` fills the disk until observations are refused, and makes room.
@main
struct LedgerKillTarget {
    static let hour: Int64 = 3_600_000_000_000
    static let interval: Int64 = 10_000_000_000
    static let start: Int64 = 496_020 * hour
    static let cameras = 8

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count > 1 else { exit(64) }
        let count = arguments.count > 2 ? Int(arguments[2]) ?? 0 : Int.max
        do {
            if arguments.count > 2, arguments[2] == "read" {
                let ledger = try Ledger.open(arguments[1], access: .readOnly)
                say("cameras \(try ledger.cameras().count)")
                return
            }
            if arguments.count > 3, arguments[2] == "enter" {
                try enter(arguments[3], into: arguments[1])
                return
            }
            let ledger = try Ledger.open(arguments[1], access: .readWrite, node: nil)
            if arguments.count > 2, arguments[2] == "hold" { return try hold(ledger) }
            if arguments.count > 2, arguments[2] == "full" { return try fill(ledger) }
            try work(ledger, path: arguments[1], rounds: count)
            try ledger.close()
            say("end")
        } catch {
            say("fault \(error.kind.rawValue) \(error)")
            exit(1)
        }
    }

    static func work(_ ledger: Ledger, path: String, rounds: Int) throws(LedgerFault) {
        var interval =
            try ledger.entries().reduce(Int64(0)) { most, entry in
                // Where the last run came to stands in its last entry.
                if case .ledgerRepaired(let what) = entry.event {
                    max(most, Int64(what) ?? 0)
                } else {
                    most
                }
            } + 1_000
        for round in 0..<rounds {
            do {
                let numbers = try ledger.append(records(at: interval))
                say("acked \(numbers.lowerBound) \(numbers.upperBound) \(interval)")
                interval += 1
                if round % 7 == 0 {
                    let entry = try ledger.append(
                        .ledgerRepaired(what: String(interval)), by: "test")
                    say("entry \(entry.index)")
                }
                if round % 10 == 9 {
                    let bound = start + interval * Self.interval
                    try ledger.closeHours(before: Instant(nanoseconds: bound))
                    say("closed")
                }
                if round % 15 == 14 {
                    try ledger.prune(
                        now: Instant(nanoseconds: start + interval * Self.interval),
                        retention: Retention(observations: 100))
                    say("pruned")
                }
                if round % 25 == 24 {
                    try ledger.backup(to: path + ".backup")
                    say("backed-up")
                }
            } catch {
                say("fault \(error.kind.rawValue)")
                guard error.mayPass else { throw error }
                usleep(20_000)
            }
        }
    }

    static func enter(_ name: String, into path: String) throws(LedgerFault) {
        let asked = PlannedWork(
            id: "", scope: .all,
            range: TimeRange(start: Instant(nanoseconds: start), nanoseconds: hour), what: name,
            enteredBy: name, enteredAt: Instant(nanoseconds: 0))
        let entry = try Ledger.enter(.workAdded(asked), by: name, into: path)
        if case .workAdded(let work) = entry.event { say("entered \(work.id) \(work.what)") }
    }

    static func hold(_ ledger: Ledger) throws(LedgerFault) {
        say("holding")
        for interval in Int64(0)..<40 {
            let numbers = try ledger.append(records(at: interval))
            say("acked \(numbers.lowerBound) \(numbers.upperBound) \(interval)")
            usleep(50_000)
        }
        try ledger.close()
        say("end")
    }

    /// Writes until the disk refuses, then says what is still possible, then removes the ballast.
    static func fill(_ ledger: Ledger) throws(LedgerFault) {
        let zeros = [UInt8](repeating: 0, count: 65_536)
        let ballast = unsafe open("ballast", O_WRONLY | O_CREAT, 0o600)
        while unsafe write(ballast, zeros, zeros.count) > 0 {}
        var interval: Int64 = 0
        func append() -> Bool {
            do {
                let numbers = try ledger.append(records(at: interval))
                say("acked \(numbers.lowerBound) \(numbers.upperBound) \(interval)")
                interval += 1
                return true
            } catch {
                say("fault \(error.kind.rawValue)")
                return false
            }
        }
        while interval < 20_000, append() {}
        say("room \(ledger.room.state.rawValue)")
        for _ in 0..<3 { _ = append() }
        let entry = try ledger.append(.ledgerRepaired(what: "while full"), by: "test")
        say("entry \(entry.index)")
        try ledger.closeHours(
            before: Instant(nanoseconds: start + (interval / 360 + 1) * hour))
        say("closed")
        unsafe unlink("ballast")
        close(ballast)
        for _ in 0..<200 where ledger.room.state != .enough {
            _ = append()
            usleep(20_000)
        }
        say("room \(ledger.room.state.rawValue)")
        _ = append()
        try ledger.close()
        say("end")
    }

    static func records(at interval: Int64) -> [NewObservation] {
        (0..<cameras).compactMap { number in
            guard let camera = CameraID("cam-\(number)"), let vantage = VantageID("kill/eth0")
            else { return nil }
            var measurement = Measurement(
                range: TimeRange(
                    start: Instant(nanoseconds: start + interval * Self.interval),
                    nanoseconds: Self.interval))
            measurement.packets.received = UInt64(interval) * 10 + UInt64(number)
            measurement.packets.unique = measurement.packets.received
            measurement.packets.expected = measurement.packets.received
            return NewObservation(
                camera: camera, vantage: vantage,
                observation: Observation(measurement: measurement))
        }
    }

    /// One line, at once.
    static func say(_ line: String) {
        let octets = Array((line + "\n").utf8)
        _ = unsafe Glibc.write(1, octets, octets.count)
    }
}
