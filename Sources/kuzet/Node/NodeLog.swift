// SPDX-License-Identifier: Apache-2.0
import Glibc
import Logging
import Synchronization
import Timekeeping

/// How a node writes what it has to say.
enum LogFormat: String, CaseIterable, Sendable {
    /// A line for people: time, level, who speaks, what.
    case text
    /// One JSON object a line.
    case json
}

/// Where lines of the log go, shared by all who speak.
///
/// A line that comes again and again, as where an interface flaps, is written once in
/// `quietTime` and then with the number of those left out.
final class LogOutput: Sendable {
    /// How long the repetitions of a line are only counted, ns.
    static let quietTime: Int64 = 10_000_000_000
    /// Different lines whose repetitions are counted at once; beyond it all are written.
    static let mostCounted = 1_024

    private struct Repeats {
        var until: Int64
        var count = 0
    }

    private let format: LogFormat
    private let zone: ZoneRules
    private let repeats = Mutex<[String: Repeats]>([:])
    private let write: @Sendable (String) -> Void
    private let clock: @Sendable () -> Instant

    init(
        _ format: LogFormat, zone: ZoneRules,
        clock: @escaping @Sendable () -> Instant = {
            WallClock.now
        }, write: @escaping @Sendable (String) -> Void = LogOutput.toStandardError
    ) {
        self.format = format
        self.zone = zone
        self.clock = clock
        self.write = write
    }

    /// Writes a line, unless the same was written within the quiet time.
    func log(_ level: Logger.Level, _ who: String, _ what: String, _ fields: [(String, String)]) {
        let now = clock()
        let key = "\(level) \(who) \(what)"
        let left = repeats.withLock { repeats -> Int? in
            if let known = repeats[key], now.nanoseconds < known.until {
                repeats[key]?.count += 1
                return nil
            }
            let left = repeats[key]?.count ?? 0
            if repeats.count >= LogOutput.mostCounted {
                repeats = repeats.filter { now.nanoseconds < $0.value.until }
            }
            if repeats.count < LogOutput.mostCounted {
                repeats[key] = Repeats(until: now.nanoseconds + LogOutput.quietTime)
            }
            return left
        }
        guard let left else { return }
        write(line(level, who, what, fields, left: left, at: now))
    }

    private func line(
        _ level: Logger.Level, _ who: String, _ what: String, _ fields: [(String, String)],
        left: Int, at now: Instant
    ) -> String {
        let time = zone.text(now, decimals: 3)
        switch format {
        case .text:
            var line = "\(time) \(level.rawValue.uppercased()) \(who): \(what)"
            for (name, value) in fields {
                line += " \(name)=\(PrintableText.shown(value, ascii: false))"
            }
            if left > 0 { line += " (said \(left) more times before)" }
            return line + "\n"
        case .json:
            let sink = ByteSink()
            var writer = JSONWriter(to: sink)
            writer.beginObject()
            let all = [("time", time), ("level", level.rawValue), ("from", who), ("message", what)]
            for (name, value) in all + fields { writer.member(name, value) }
            if left > 0 { writer.member("repeated", left) }
            writer.endObject()
            return sink.text + "\n"
        }
    }

    /// Writes to standard error; a log that cannot be written is no reason to end.
    @Sendable static func toStandardError(_ line: String) {
        var octets = Array(line.utf8)[...]
        while !octets.isEmpty {
            let written = unsafe octets.withUnsafeBytes {
                unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            guard written > 0 else { return }
            octets = octets.dropFirst(written)
        }
    }
}

/// Joins swift-log to the node's output.
struct NodeLogHandler: LogHandler {
    let label: String
    let output: LogOutput
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(_ label: String, _ output: LogOutput, level: Logger.Level) {
        self.label = label
        self.output = output
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let fields = all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        output.log(event.level, label, "\(event.message)", fields)
    }
}
