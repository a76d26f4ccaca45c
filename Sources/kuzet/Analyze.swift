// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc

/// `kuzet analyze`: what is in a capture, or on an interface now.
struct Analyze: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures every stream in a capture file or on an interface.",
        discussion: """
            Finds the video, audio and other streams in the packets, measures loss, bit rate, \
            frame rate, resolution, jitter and clock offset of each, and judges video by annex 2 \
            of the order. A figure that cannot be known is shown as unknown with its reason.

            Examples:
              kuzet analyze camera.pcapng
              kuzet analyze --interface eth1 --duration 60s
              kuzet analyze camera.pcap.gz --format json | jq '.streams[].loss_ratio'
              kuzet analyze --interface eth1 --duration 30s --check

            With --check the exit status is 0 (all within annex 2), 1 (loss or clock offset at \
            90 % of its limit), 2 (annex 2 is broken) or 3 (cannot be told), and one line in the \
            manner of Nagios plug-ins is printed.
            """)

    @Argument(
        help: "A pcap or pcapng file, compressed or not; - for standard input.",
        completion: .file())
    var file: String?

    @Option(name: .shortAndLong, help: "Capture on this network interface instead.")
    var interface: String?

    @Option(help: "How long to capture, such as 60s; until interrupted by default.")
    var duration: DurationArgument?

    @Option(help: "Memory for packets that wait to be read, such as 32MiB.")
    var ring = ByteSizeArgument(bytes: 32 << 20)

    @Option(help: "Look only at packets that match this pcap filter.")
    var filter: String?

    @Option(help: "Capture only this many octets of each packet; all by default.")
    var snaplen: Int?

    @Option(help: "How to write the answer: table, json, ndjson or csv. (default: table)")
    var format: AnalyzeOptions.Format?

    @Flag(help: "Write every interval of every stream, too (not with table).")
    var series = false

    @Option(help: "Length of an interval, such as 10s.")
    var interval: DurationArgument?

    @Flag(help: "Answer as a monitoring plug-in: one line and an exit status.")
    var check = false

    @Flag(help: "Where a file is damaged, search for the next whole record.")
    var salvage = false

    @Option(help: "Sort the table by worst, loss, bitrate, fps, jitter or name.")
    var sort = StreamSort.worst

    @Flag(name: .customLong("no-color"), help: "Write no colours; NO_COLOR does the same.")
    var noColor = false

    @Flag(help: "List audio and other streams in the table, too.")
    var all = false

    func validate() throws {
        if (file == nil) == (interface == nil) {
            throw ValidationError("Give either a file (or -) or --interface.")
        }
        if interface == nil, duration != nil || snaplen != nil {
            throw ValidationError("--duration and --snaplen go with --interface.")
        }
        if interface != nil, salvage {
            throw ValidationError("--salvage goes with a file.")
        }
        if let duration, duration.nanoseconds <= 0 {
            throw ValidationError("--duration must be longer than nothing.")
        }
        // Less than Ethernet, IPv6, TCP and RTP headers would leave nothing to measure.
        if let snaplen, !(96...262_144).contains(snaplen) {
            throw ValidationError("--snaplen must be 96 to 262144 octets.")
        }
        if series, (format ?? .table) == .table {
            throw ValidationError("--series needs --format json, ndjson or csv.")
        }
        if let interval, !(1_000_000_000...86_400_000_000_000).contains(interval.nanoseconds) {
            throw ValidationError("--interval must be 1s to 24h.")
        }
    }

    /// What was asked for, as a value.
    var options: AnalyzeOptions {
        var options = AnalyzeOptions(interface.map { .interface($0) } ?? .file(file ?? "-"))
        options.duration = duration?.nanoseconds
        options.ringBytes = ring.bytes
        options.filter = filter
        options.snapLength = snaplen
        options.format = format
        options.series = series
        options.interval = interval?.nanoseconds ?? options.interval
        options.check = check
        options.salvage = salvage
        options.sort = sort
        options.wantsColour = !noColor
        options.showsAll = all
        return options
    }

    func run() throws {
        let code = try analyze(options)
        if code != 0 { throw ExitCode(code) }
    }
}

extension AnalyzeOptions.Format: ExpressibleByArgument {}
extension StreamSort: ExpressibleByArgument {}
