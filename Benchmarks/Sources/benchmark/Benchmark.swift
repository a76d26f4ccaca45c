// SPDX-License-Identifier: Apache-2.0
import CEmptyLoop
import Capture
import Foundation
import Streams

/// One capture to be read by all.
struct Scenario {
    var name: String
    var cameras: Int
    var packets: Int
    var snapLength: Int?
    /// The goal against libpcap's empty loop, CPU time.
    var goal: Double
    /// The goal against tshark, how many times faster; nil where it is not compared.
    var tsharkGoal: Double?

    var file: String { "kuzet-benchmark-\(cameras)-\(snapLength ?? 0).pcap" }
}

let only = ProcessInfo.processInfo.environment["ONLY"] ?? ""
let scenarios = [
    Scenario(
        name: "headers only, 2,000 cameras", cameras: 2_000, packets: 2_000_000, snapLength: 96,
        goal: 0.6, tsharkGoal: 100),
    Scenario(
        name: "full payload, 2,000 cameras", cameras: 2_000, packets: 2_000_000,
        snapLength: nil, goal: 0.6, tsharkGoal: 40),
    Scenario(
        name: "headers only, 50,000 cameras", cameras: 50_000, packets: 2_000_000,
        snapLength: 96, goal: 0.8, tsharkGoal: nil),
]

/// CPU time of this process so far, user and system, in seconds.
func cpuSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// CPU time of `work`, in seconds.
func cost(_ work: () throws -> Void) rethrows -> Double {
    let before = cpuSeconds()
    try work()
    return cpuSeconds() - before
}

/// Reads and meters a capture as `kuzet analyze` does, up to the reports; the streams found.
func analyze(_ path: String) throws -> Int {
    var tracker = Tracker()
    var capture = try CaptureFile(path: path)
    while try capture.read({ tracker.receive(window: $0, records: $1) }) {}
    tracker.finish()
    return (0..<tracker.streamCount).count { tracker.hasReport(stream: $0) }
}

/// Runs a command to its end; its CPU time, greatest resident memory (kB) and exit status.
func run(_ arguments: [String], quiet: Bool = true) -> (cpu: Double, memory: Int, status: Int32) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if quiet {
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    var child = pid_t()
    var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { strings.forEach { free($0) } }
    guard posix_spawnp(&child, arguments[0], &actions, nil, &strings, environ) == 0 else {
        return (0, 0, 127)
    }
    var status: Int32 = 0
    var usage = rusage()
    wait4(child, &status, 0, &usage)
    let cpu =
        Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    return (cpu, usage.ru_maxrss, status >> 8 & 0xff)
}

func text(_ number: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", number)
}

@main
struct Benchmark {
    static func main() throws {
        // `benchmark FILE`: Kuzet alone over one capture, for a profiler.
        if CommandLine.arguments.count > 1 { return try profile(CommandLine.arguments[1]) }
        let folder = ProcessInfo.processInfo.environment["BENCHMARK_FOLDER"] ?? "/tmp"
        let kuzet = ProcessInfo.processInfo.environment["KUZET"] ?? ".build/release/kuzet"
        let rounds = Int(ProcessInfo.processInfo.environment["ROUNDS"] ?? "") ?? 9
        guard access(kuzet, X_OK) == 0 else {
            fatalError("\(kuzet) is missing: run `make release` first, or name it in KUZET")
        }
        // First of all: a child's greatest resident memory begins at its parent's, which grows.
        let many = prepare(scenarios[2], in: folder, by: kuzet)
        let memory = run([kuzet, "analyze", "--format", "json", many]).memory
        print(
            "CPU time (user + system), median of \(rounds) rounds, peers in turn; page cache warm.")
        print("| capture | libpcap, empty | kuzet | ratio | goal | tshark | times faster | goal |")
        print("|---|---:|---:|---:|---:|---:|---:|---:|")
        for scenario in scenarios where only.isEmpty || scenario.name.contains(only) {
            try compare(scenario, prepare(scenario, in: folder, by: kuzet), rounds: rounds)
        }
        print(
            "\nmemory of `kuzet analyze --format json` at 50,000 cameras: "
                + "\(text(Double(memory) * 1024 / 1e6, 1)) MB resident in all (goal 40)")
    }

    /// Reads a capture over and over, as often as ROUNDS says, and says what each time took; with
    /// READ set it is read and not metered.
    static func profile(_ path: String) throws {
        let environment = ProcessInfo.processInfo.environment
        let rounds = Int(environment["ROUNDS"] ?? "") ?? 1
        for _ in 0..<rounds {
            var found = 0
            let seconds = try cost {
                if environment["READ"] == nil {
                    found = try analyze(path)
                } else {
                    var capture = try CaptureFile(path: path)
                    while try capture.read({ found += $1.count }) {}
                }
            }
            print("\(text(seconds * 1e3, 2)) ms, \(found)")
        }
    }

    /// Writes the capture of a scenario unless it is there; its path.
    static func prepare(_ scenario: Scenario, in folder: String, by kuzet: String) -> String {
        let path = folder + "/" + scenario.file
        if access(path, R_OK) == 0 { return path }
        var command = [
            kuzet, "simulate", "pcap", path, "--cameras", "\(scenario.cameras)",
            "--packets", "\(scenario.packets)", "--seed", "7",
        ]
        if let length = scenario.snapLength { command += ["--snaplen", "\(length)"] }
        guard run(command, quiet: false).status == 0 else {
            fatalError("no capture could be written to \(path)")
        }
        return path
    }

    static func compare(_ scenario: Scenario, _ path: String, rounds: Int) throws {
        var (peer, own): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            peer.append(
                cost {
                    guard kuzet_empty_loop(path) == scenario.packets else {
                        fatalError("libpcap did not read \(path) to its end")
                    }
                })
            own.append(
                try cost {
                    let found = try analyze(path)
                    guard found == scenario.cameras else {
                        fatalError("\(found) streams found, \(scenario.cameras) expected")
                    }
                })
        }
        let (theirs, ours) = (peer.sorted()[rounds / 2], own.sorted()[rounds / 2])
        func perPacket(_ seconds: Double) -> String {
            text(seconds * 1e9 / Double(scenario.packets), 1) + " ns"
        }
        var row = "| \(scenario.name) | \(perPacket(theirs)) | \(perPacket(ours)) "
        row += "| \(text(ours / theirs, 2)) | ≤ \(scenario.goal) "
        if let goal = scenario.tsharkGoal {
            let tshark = run(["tshark", "-q", "-z", "rtp,streams", "-r", path])
            row +=
                tshark.status == 0
                ? "| \(text(tshark.cpu, 1)) s | \(text(tshark.cpu / ours, 0)) | ≥ \(text(goal, 0)) |"
                : "| not installed | – | ≥ \(text(goal, 0)) |"
        } else {
            row += "| – | – | – |"
        }
        print(row)
        fflush(nil)
    }
}
