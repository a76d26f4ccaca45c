// SPDX-License-Identifier: Apache-2.0
import Agreements
import Foundation
import Ledger
import Measurements
import Registry
import Timekeeping

/// What the ledger takes in, how large it gets, how fast it answers.
///
/// CAMERAS (500) and HOURS (96) size the first part; BENCHMARK_FOLDER (/tmp) has the files.
@main
struct LedgerBenchmark {
    static let hour: Int64 = 3_600_000_000_000
    /// 1 October 2026, 00:00 UTC.
    static let start: Int64 = 1_790_812_800_000_000_000

    static func main() throws {
        let environment = ProcessInfo.processInfo.environment
        let folder = environment["BENCHMARK_FOLDER"] ?? "/tmp"
        let cameras = Int(environment["CAMERAS"] ?? "") ?? 500
        let hours = Int(environment["HOURS"] ?? "") ?? 96
        let only = environment["ONLY"] ?? ""
        if only.isEmpty || only == "in" {
            for isNoisy in [true, false] {
                let path = "\(folder)/kuzet-ledger-benchmark-\(isNoisy ? "noisy" : "calm").kuzet"
                try takeIn(path, cameras: cameras, hours: hours, isNoisy: isNoisy)
                try answer(path, cameras: cameras)
            }
        }
        if only == "answer" {
            try answer("\(folder)/kuzet-ledger-benchmark-noisy.kuzet", cameras: cameras)
        }
        if only.isEmpty || only == "conditions" { try conditions(folder) }
        if only.isEmpty || only == "year" { try year(folder) }
    }

    static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", ".lock", ".new"] { unlink(path + suffix) }
    }

    static func camera(_ number: Int) -> CameraID {
        guard let id = CameraID("camera-\(number)") else { fatalError("no such id") }
        return id
    }

    static let vantage: VantageID = {
        guard let id = VantageID("almaty-1/eth0") else { fatalError("no such id") }
        return id
    }()

    /// Intervals of ten seconds as they come, 20 of each camera a call, hours closed as they end.
    static func takeIn(_ path: String, cameras: Int, hours: Int, isNoisy: Bool) throws {
        remove(path)
        var ledger = try Ledger.open(path, access: .readWrite, node: nil)
        var sources = (0..<cameras).map { NoisyCamera(seed: UInt64($0), isNoisy: isNoisy) }
        var open = 0.0
        var (append, close) = (Spent(), Spent())
        for hour in 0..<hours {
            for part in 0..<18 {
                var records: [NewObservation] = []
                for interval in 0..<20 {
                    let begin =
                        start + Int64(hour) * Self.hour
                        + Int64(part * 20 + interval) * NoisyCamera.interval
                    for number in 0..<cameras {
                        records.append(
                            NewObservation(
                                camera: camera(number), vantage: vantage,
                                observation: sources[number].next(start: begin)))
                    }
                }
                try append.measure { _ = try ledger.append(records) }
            }
            if hour == hours - 1 {
                // At its largest: an open hour, and a day in hours. Closing moves the log.
                try close.measure { try ledger.close() }
                open = wholeFile(path) / Double(cameras * hours * 360)
                ledger = try Ledger.open(path, access: .readWrite, node: nil)
            }
            let end = Instant(nanoseconds: start + Int64(hour + 1) * Self.hour)
            try close.measure { try ledger.closeHours(before: end) }
        }
        try close.measure { try ledger.close() }
        let count = Double(cameras * hours * 360)
        let name = isNoisy ? "noisy" : "calm"
        print("\n\(name): \(cameras) cameras, \(hours) h, \(Int(count)) measurements")
        print("  in: \(append.text(per: count)); closing: \(close.text(per: count))")
        let (wall, cpu) = (append.wall + close.wall, append.cpu + close.cpu)
        print("  together \(Int(count / wall)) a second by the wall, \(Int(count / cpu)) by CPU")
        print(
            "  WHOLE FILE, everything kept, indexes, unused pages: "
                + "\(rounded(wholeFile(path) / count)) octets a camera and interval; "
                + "\(rounded(open)) before the last hour was closed")
        for (table, size) in try tableSizes(path) {
            print("    \(table): \(rounded(Double(size) / count))")
        }
    }

    /// Octets of a closed ledger's file, whose log is in it.
    static func wholeFile(_ path: String) -> Double {
        var status = stat()
        return stat(path, &status) == 0 ? Double(status.st_size) : .nan
    }

    static func answer(_ path: String, cameras: Int) throws {
        let ledger = try Ledger.open(path, access: .readOnly)
        let day = TimeRange(start: Instant(nanoseconds: start), nanoseconds: 24 * hour)
        // A day of Almaty lies in two of UTC.
        let local = TimeRange(start: Instant(nanoseconds: start + 19 * hour), nanoseconds: 24 * hour)
        for (name, work) in [
            ("observations in UTC+5", { try ledger.observations(of: $0, in: local).count }),
            ("observations", { try ledger.observations(of: $0, in: day).count }),
            ("minutes", { try ledger.rollups(of: $0, in: day, step: .minute).count }),
            ("hours", { try ledger.rollups(of: $0, in: day, step: .hour).count }),
        ] as [(String, (CameraID) throws -> Int)] {
            var times: [Double] = []
            var (found, cpu) = (0, 0.0)
            for number in 0..<min(cameras, 50) {
                var spent = Spent()
                try spent.measure { found = try work(camera(number * 7 % cameras)) }
                times.append(spent.wall)
                cpu += spent.cpu
            }
            times.sort()
            print(
                "  camera-day of \(name) (\(found)): CPU \(rounded(cpu / Double(times.count) * 1e3)) ms, median "
                    + "\(rounded(times[times.count / 2] * 1e3)) ms, most "
                    + "\(rounded((times.last ?? 0) * 1e3)) ms")
        }
        try ledger.close()
    }

    /// 10,000 cameras, a month, 60 spans each.
    static func conditions(_ folder: String) throws {
        let path = folder + "/kuzet-ledger-benchmark-conditions.kuzet"
        remove(path)
        let ledger = try Ledger.open(path, access: .readWrite, node: nil)
        let (cameras, spans) = (10_000, 60)
        let month = TimeRange(start: Instant(nanoseconds: start), nanoseconds: 31 * 24 * hour)
        var write = Spent()
        try write.measure { try fill(ledger, cameras: cameras, spans: spans, range: month) }
        var read = Spent()
        var found = 0
        try read.measure {
            let all = try ledger.conditions(of: (0..<cameras).map(camera), in: month)
            found = all.values.reduce(0) { $0 + $1.count }
        }
        print("\nconditions of \(cameras) cameras for a month: \(found) spans")
        print(
            "  written in \(rounded(write.wall)) s, read in "
                + "\(rounded(read.wall)) s, \(rounded(read.cpu)) s of CPU")
        try ledger.close()
    }

    /// 1,000 cameras, a year: 500 spans each, and roll-ups of a day each.
    static func year(_ folder: String) throws {
        let path = folder + "/kuzet-ledger-benchmark-year.kuzet"
        remove(path)
        let ledger = try Ledger.open(path, access: .readWrite, node: nil)
        let (cameras, days) = (1_000, 365)
        let year = TimeRange(
            start: Instant(nanoseconds: start), nanoseconds: Int64(days) * 24 * hour)
        try fill(ledger, cameras: cameras, spans: 500, range: year)
        var sources = (0..<cameras).map { NoisyCamera(seed: UInt64($0)) }
        for day in 0..<days {
            var records: [NewObservation] = []
            let begin = start + Int64(day * 24) * hour
            for number in 0..<cameras {
                records.append(
                    NewObservation(
                        camera: camera(number), vantage: vantage,
                        observation: sources[number].next(start: begin)))
            }
            _ = try ledger.append(records)
        }
        try ledger.closeHours(before: year.end)
        var (spans, rollups) = (Spent(), Spent())
        var (spanCount, rollupCount) = (0, 0)
        try spans.measure {
            let all = try ledger.conditions(of: (0..<cameras).map(camera), in: year)
            spanCount = all.values.reduce(0) { $0 + $1.count }
        }
        try rollups.measure {
            for number in 0..<cameras {
                rollupCount += try ledger.rollups(of: camera(number), in: year, step: .day).count
            }
        }
        print("\na year of \(cameras) cameras: \(spanCount) spans, \(rollupCount) days")
        print(
            "  conditions in \(rounded(spans.wall)) s, roll-ups in "
                + "\(rounded(rollups.wall)) s; CPU \(rounded(spans.cpu)) and \(rounded(rollups.cpu)) s"
        )
        try ledger.close()
    }

    static func fill(_ ledger: Ledger, cameras: Int, spans: Int, range: TimeRange) throws {
        let length = range.nanoseconds / Int64(spans)
        for first in stride(from: 0, to: cameras, by: 500) {
            let changes = (first..<min(cameras, first + 500)).map { number in
                let list = (0..<spans).map { place in
                    ConditionSpan(
                        range: TimeRange(
                            start: range.start.advanced(byNanoseconds: Int64(place) * length),
                            nanoseconds: length),
                        condition: place % 2 == 0 ? .up : .down(.silence))
                }
                return ConditionChange(camera: camera(number), range: range, spans: list)
            }
            try ledger.replaceConditions(changes)
        }
    }
}

/// Time that a piece of work took.
struct Spent {
    var wall = 0.0
    var cpu = 0.0

    mutating func measure(_ work: () throws -> Void) rethrows {
        let (wall, cpu) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
        try work()
        self.wall += seconds(CLOCK_MONOTONIC) - wall
        self.cpu += seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu
    }

    func text(per count: Double) -> String {
        "\(rounded(cpu / count * 1e6)) µs of CPU, \(rounded(wall / count * 1e6)) µs by the wall"
    }

    private func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

func rounded(_ number: Double) -> String { String(format: "%.2f", number) }

/// Octets of each table's pages, by sqlite3's own account; none without the tool.
func tableSizes(_ path: String) throws -> [(String, Int)] {
    let tool = Process()
    tool.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tool.arguments = [
        "sqlite3", "-readonly", path,
        "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 6",
    ]
    let pipe = Pipe()
    tool.standardOutput = pipe
    guard (try? tool.run()) != nil else { return [] }
    let output = String(
        decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    tool.waitUntilExit()
    return output.split(separator: "\n").compactMap { line in
        let parts = line.split(separator: "|")
        guard parts.count == 2, let size = Int(parts[1]) else { return nil }
        return (String(parts[0]), size)
    }
}
