// SPDX-License-Identifier: Apache-2.0
import Checks
import Glibc
import Registry

/// The answer of `kuzet discover`.
struct DiscoverAnswer {
    /// The version of the JSON: the number rises when a name leaves or changes its meaning.
    static let schema = "kuzet.discover/1"
    /// Cameras of the registry that a remark names, at most (chosen).
    private static let mostNamed = 3

    /// A camera and its row; the row has an id of its own only if the registry has no such camera.
    private struct Entry {
        var camera: FoundCamera
        var row: CameraRow

        var isRegistered: Bool { !camera.registered.isEmpty }
    }

    private let entries: [Entry]
    private let doubles: [FoundCamera]
    /// The columns of the registry's file; nil if there is no registry.
    private let columns: CameraColumns?

    /// - Parameters:
    ///   - taken: Ids that new cameras may not have.
    ///   - columns: Those of the registry's file that the rows are for; nil if there is none.
    ///   - isNewOnly: Leaves out what the registry has.
    init(
        _ found: FoundCameras, _ places: RowPlaces, taken: [String] = [],
        columns: CameraColumns? = nil, isNewOnly: Bool = false
    ) {
        var ids = CameraIDs(taken: taken)
        self.columns = columns
        doubles = found.doubles
        entries = found.cameras.filter { !isNewOnly || $0.registered.isEmpty }.map { camera in
            let place = places.place(of: camera.host)
            let id = camera.registered.first?.text ?? ids.next(for: camera.host)
            let row = CameraRow(
                id: id, name: camera.name, site: place.site, channel: place.channel,
                address: camera.address, stream: camera.stream)
            return Entry(camera: camera, row: row)
        }
    }

    func write(_ format: DiscoverFormat) throws {
        let sink = ByteSink(descriptor: STDOUT_FILENO)
        switch format {
        case .csv: sink.write(csv)
        case .table: sink.write(table)
        case .json: writeJSON(to: sink)
        }
        do {
            try sink.finish()
        } catch {
            guard error.isReaderGone else { throw error }
        }
    }

    // MARK: Rows

    /// A file of cameras, or lines to add to one: what a registry has already is a comment, and so
    /// is the header where there is a file that has one.
    var csv: String {
        let used = columns ?? CameraColumns()
        var text = (columns == nil ? "" : "# ") + used.header
        for entry in entries {
            text +=
                entry.isRegistered
                ? "# registered as \(names(entry.camera)): \(entry.camera.claim)\n"
                : entry.row.line(used)
        }
        return text
    }

    private func names(_ camera: FoundCamera) -> String {
        let shown = camera.registered.prefix(Self.mostNamed).map(\.text).joined(separator: " or ")
        let more = camera.registered.count - Self.mostNamed
        return more > 0 ? "\(shown) or \(more) others" : shown
    }

    // MARK: Remarks

    /// What a person has to know besides, a line each.
    var remarks: [String] {
        var remarks: [String] = []
        var told: Set<String> = []
        for camera in entries.map(\.camera) {
            guard let device = camera.device,
                told.insert(camera.host + device.device.endpointReference).inserted
            else { continue }
            var texts = device.findings?.oddities ?? []
            if let failure = device.findings?.failure {
                texts.append("\(failure.kind.rawValue): \(failure.word): \(failure.text)")
            } else if device.findings?.profiles.isEmpty ?? true {
                texts.append("names no streams")
            }
            remarks += texts.map { "\(camera.host): \(PrintableText.shown($0, ascii: false))" }
        }
        remarks += doubles.map {
            PrintableText.shown(
                "\($0.name): left out, another camera has \($0.claim)", ascii: false)
        }
        let registered = entries.count(where: \.isRegistered)
        let sum = counted(entries.count, "camera") + " found"
        return remarks + [registered == 0 ? sum : "\(sum), \(registered) of them registered"]
    }

    // MARK: Table

    private static let heads = ["STATE", "CAMERA", "BY", "ADDRESS", "STREAM", "NAME"]

    var table: String {
        let rows = [Self.heads] + entries.map(cells)
        let widths = Self.heads.indices.map { column in
            rows.map { PrintableText.width($0[column]) }.max() ?? 0
        }
        return rows.map { cells in
            var line = ""
            for (cell, width) in zip(cells, widths) {
                line += cell
                line += String(repeating: " ", count: width - PrintableText.width(cell) + 2)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    private func cells(_ entry: Entry) -> [String] {
        let (camera, row) = (entry.camera, entry.row)
        return [
            entry.isRegistered ? "registered" : "new",
            entry.isRegistered ? names(camera) : row.id, ways(camera).joined(separator: "+"),
            row.address.isEmpty ? "-" : row.address, row.stream.isEmpty ? "-" : row.stream,
            row.name,
        ].map { PrintableText.shown($0, ascii: false) }
    }

    private func ways(_ camera: FoundCamera) -> [String] {
        [camera.device == nil ? nil : "onvif", camera.isHeard ? "wire" : nil].compactMap { $0 }
    }

    // MARK: JSON

    func writeJSON(to sink: ByteSink) {
        var json = JSONWriter(to: sink, linesTo: 3)
        json.beginObject()
        json.member("schema", Self.schema)
        json.key("cameras")
        json.beginArray()
        for entry in entries { write(entry, to: &json) }
        json.endArray()
        json.endObject()
        json.endLine()
    }

    private func write(_ entry: Entry, to json: inout JSONWriter) {
        let (camera, row) = (entry.camera, entry.row)
        json.beginObject()
        json.member("id", row.id)
        json.member("name", row.name)
        json.member("site", row.site)
        json.member("channel", row.channel)
        json.member("kind", CameraRow.guessedKind)
        json.member("address", row.address.isEmpty ? nil : row.address)
        json.member("stream", row.stream.isEmpty ? nil : row.stream)
        list("registered", camera.registered.map(\.text), to: &json)
        list("found_by", ways(camera), to: &json)
        json.key("device")
        if let device = camera.device { write(device, to: &json) } else { json.null() }
        json.key("profiles")
        json.beginArray()
        for profile in camera.profiles { json.profile(profile) }
        json.endArray()
        json.endObject()
    }

    private func list(_ name: String, _ texts: [String], to json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for text in texts { json.value(text) }
        json.endArray()
    }

    private func write(_ device: AskedDevice, to json: inout JSONWriter) {
        let findings = device.findings
        json.beginObject()
        json.member("address", "\(device.device.address)")
        json.member("endpoint_reference", device.device.endpointReference)
        list("services", device.device.services, to: &json)
        json.member("maker", findings?.maker)
        json.member("model", findings?.model)
        json.member("firmware", findings?.firmware)
        json.member("serial_number", findings?.serialNumber)
        list("oddities", findings?.oddities ?? [], to: &json)
        json.member("result", findings?.failure?.kind.rawValue)
        json.member("reason", findings?.failure?.word)
        json.member("text", findings?.failure?.text)
        json.endObject()
    }
}

extension JSONWriter {
    /// Writes what a device is set to send.
    mutating func profile(_ profile: DeviceProfile) {
        beginObject()
        member("token", profile.token)
        member("source", profile.source)
        member("encoding", profile.encoding)
        member("width", profile.width)
        member("height", profile.height)
        member("frame_rate_limit_fps", profile.frameRateLimit)
        member("bitrate_limit_bps", profile.bitRateLimit)
        member("url", profile.streamURL)
        endObject()
    }
}
