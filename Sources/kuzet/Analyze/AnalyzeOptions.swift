// SPDX-License-Identifier: Apache-2.0

/// What `kuzet analyze` was asked to do.
struct AnalyzeOptions: Equatable, Sendable {
    /// How the answer is written.
    enum Format: String, CaseIterable, Sendable {
        case table, json, ndjson, csv

        /// The form for programs, if it is one.
        var form: AnswerForm? { AnswerForm(rawValue: rawValue) }
    }

    /// Where packets come from.
    var origin: AnalysisInput.Origin
    /// How long to capture, ns; nil until somebody ends it.
    var duration: Int64?
    /// Bytes of the kernel's capture buffer: 32 MiB hold half a second of a 500 Mbit/s link that
    /// nobody reads for that long.
    var ringBytes = 32 << 20
    /// A capture filter in libpcap's language.
    var filter: String?
    /// Octets kept of each packet; nil keeps all.
    var snapLength: Int?
    /// Nil if none was asked for: then a table, or with `check` only its line.
    var format: Format?
    /// Whether each interval is written, too.
    var series = false
    /// Length of an interval, ns.
    var interval: Int64 = 10_000_000_000
    /// Whether to answer as a monitoring plug-in does.
    var check = false
    /// Whether to search for the next record where a capture file is damaged.
    var salvage = false
    var sort = StreamSort.worst
    var wantsColour = true
    var showsAll = false

    init(_ origin: AnalysisInput.Origin) {
        self.origin = origin
    }

    /// Whether a screen may be drawn upon while the capture runs.
    func isLive(_ style: TerminalStyle) -> Bool {
        if case .interface = origin, (format ?? .table) == .table, !check, style.isTerminal {
            return true
        }
        return false
    }
}
