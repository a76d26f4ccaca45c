// SPDX-License-Identifier: Apache-2.0
import Checks
import Glibc
import Measurements
import RTSP

/// The answer of `kuzet camera check`.
struct CameraCheckAnswer {
    /// The version of the JSON: the number rises when a name leaves or changes its meaning.
    static let schema = "kuzet.camera-check/1"

    private let question: CameraQuestion
    private let findings: [CameraFinding]
    private let device: DeviceAnswer?
    private let sink: ByteSink

    init(
        _ question: CameraQuestion, _ findings: [CameraFinding], _ device: DeviceAnswer?,
        sink: ByteSink
    ) {
        self.sink = sink
        self.question = question
        self.findings = findings
        self.device = device
    }

    private func title(_ finding: CameraFinding) -> String {
        finding.method.title(isSecure: question.url.scheme.hasSuffix("s"))
    }

    // MARK: Table

    private static let columns: [(name: String, width: Int)] = [
        ("method", 15), ("result", 14), ("codec", 6), ("size", 10), ("fps", 7), ("kbit/s", 8),
        ("packets", 8), ("lost", 7), ("jitter ms", 9), ("start ms", 8),
    ]

    func writeTable() throws {
        sink.write(shown(question.url.description) + "\n\n")
        writeRow(Self.columns.map(\.name))
        for finding in findings { writeRow(cells(finding)) }
        let lines = findings.flatMap(reasons)
        if !lines.isEmpty { sink.write("\n") }
        for line in lines { sink.write(line + "\n") }
        if let device {
            sink.write("\n")
            for line in device.lines { sink.write(line + "\n") }
        }
        try sink.finish()
    }

    private func writeRow(_ cells: [String]) {
        var line = ""
        for (cell, column) in zip(cells, Self.columns) {
            line += cell
            line += String(repeating: " ", count: max(1, column.width - cell.count + 1))
        }
        while line.last == " " { line.removeLast() }
        sink.write(line + "\n")
    }

    private func cells(_ finding: CameraFinding) -> [String] {
        let result =
            switch finding.outcome {
            case .video: "video"
            case .failed(let failure): failure.kind.rawValue
            case .notTried: "not tried"
            }
        var cells = [title(finding), result]
        guard let stream = finding.stream else {
            return cells + [String](repeating: "-", count: Self.columns.count - 2)
        }
        let figures = StreamFigures(stream)
        cells.append(shown(stream.medium.codec ?? "-"))
        cells.append(
            figures.width.flatMap { width in figures.height.map { "\(width)x\($0)" } } ?? "-")
        cells.append(figures.frameRate.map(DecimalText.plain) ?? "-")
        cells.append(figures.bitrate.map { DecimalText.plain(($0 / 100).rounded() / 10) } ?? "-")
        cells.append("\(stream.total.packets.received)")
        cells.append(figures.packetsLost.map { "\($0)" } ?? "-")
        cells.append(figures.jitterMean.map(DecimalText.plain) ?? "-")
        cells.append(finding.startNanoseconds.map { "\($0 / 1_000_000)" } ?? "-")
        return cells
    }

    /// The reasons of what failed, and the dialogue that led there.
    private func reasons(_ finding: CameraFinding) -> [String] {
        switch finding.outcome {
        case .video: return []
        case .notTried(let reason): return ["\(title(finding)): not tried: \(shown(reason))"]
        case .failed(let failure):
            var lines = [
                "\(title(finding)): \(failure.kind.rawValue): \(failure.word): \(shown(failure.text))"
            ]
            for line in finding.end?.dialogue ?? [] {
                lines.append("    \(line.isOwn ? ">" : "<") \(shown(line.text))")
            }
            return lines
        }
    }

    private func shown(_ text: String) -> String { PrintableText.shown(text, ascii: false) }

    // MARK: JSON

    func writeJSON() throws {
        var json = JSONWriter(to: sink, linesTo: 2)
        json.beginObject()
        json.member("schema", Self.schema)
        json.member("url", question.url.description)
        json.key("methods")
        json.beginArray()
        for finding in findings {
            json.beginObject()
            write(finding, to: &json)
            json.endObject()
        }
        json.endArray()
        device?.write(to: &json)
        json.endObject()
        json.endLine()
        try sink.finish()
    }

    private func write(_ finding: CameraFinding, to json: inout JSONWriter) {
        json.member("method", title(finding))
        switch finding.outcome {
        case .video: json.member("result", "video")
        case .notTried(let reason):
            json.member("result", "not-tried")
            json.member("text", reason)
        case .failed(let failure):
            json.member("result", failure.kind.rawValue)
            json.member("reason", failure.word)
            json.member("text", failure.text)
        }
        json.member("start_ms", finding.startNanoseconds.map { Double($0) / 1e6 })
        if let stream = finding.stream {
            json.key("stream")
            json.beginObject()
            let figures = StreamFigures(stream)
            json.stream(figures, StreamVerdict(figures, by: Criteria()))
            json.endObject()
        }
        guard let end = finding.end else { return }
        json.member("server", end.serverSoftware)
        json.member("login_failures", end.loginFailures)
        json.member("stray_datagrams", end.strayDatagrams)
        json.member("dropped_datagrams", end.droppedDatagrams)
        json.key("dialogue")
        json.beginArray()
        for line in end.dialogue { json.value((line.isOwn ? "> " : "< ") + line.text) }
        json.endArray()
    }
}
