// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The program `LedgerKillTarget`, run under conditions.
enum KillTarget {
    /// Beside the tests' own program.
    static let path: String = {
        let own = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let candidates = [
            own, own.deletingLastPathComponent(), Bundle.main.bundleURL,
        ].map { $0.appendingPathComponent("LedgerKillTarget").path }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
            ?? candidates[0]
    }()

    /// What a run said and how it ended.
    struct Run {
        var lines: [String]
        var status: Int32

        /// Intervals whose observations were acknowledged, with their sequence numbers.
        var acknowledged: [(first: UInt64, last: UInt64, interval: Int64)] {
            lines.compactMap { line in
                let words = line.split(separator: " ")
                guard words.count == 4, words[0] == "acked", let first = UInt64(words[1]),
                    let last = UInt64(words[2]), let interval = Int64(words[3])
                else { return nil }
                return (first, last, interval)
            }
        }
        /// Entries of the journal that were acknowledged.
        var entries: [Int64] {
            lines.compactMap { $0.hasPrefix("entry ") ? Int64($0.dropFirst(6)) : nil }
        }
        /// Kinds of faults told.
        var faults: [String] {
            lines.filter { $0.hasPrefix("fault ") }
                .map { String($0.split(separator: " ")[1]) }
        }
    }

    /// Runs a shell command line that has the program as `$TARGET`; after `seconds`, if given, it
    /// is killed.
    static func run(_ command: String, killedAfter seconds: Double? = nil) throws -> Run {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", command]
        var environment = ProcessInfo.processInfo.environment
        environment["TARGET"] = path
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        if let seconds {
            let identifier = process.processIdentifier
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
                kill(identifier, SIGKILL)
            }
        }
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: output, as: UTF8.self)
        // A line that was not finished was not said.
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines.removeLast()
        return Run(lines: lines, status: process.terminationStatus)
    }
}
