// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Timekeeping

/// Which camera each stream was found to be, kept over a restart.
///
/// Signalling names a stream once, when it begins. A node that begins later sees only packets: of
/// several cameras behind one address it could not tell which is which.
struct StreamMemory: Equatable {
    /// Streams remembered; the oldest go first.
    static let limit = 262_144
    /// How long one that is not seen is remembered, ns: a day, beyond which numbers are drawn anew.
    static let age: Int64 = 86_400_000_000_000
    private static let title = "# kuzet streams 1: camera, source, destination, SSRC, channel, seen"

    fileprivate struct Key: Hashable {
        var source: String
        var destination: String
        var ssrc: UInt32?
        var channel: UInt8?
    }

    private struct Entry: Equatable {
        var camera: CameraID
        var seen: Int64
    }

    private var entries: [Key: Entry] = [:]
    /// Whether there is anything that was not written yet.
    private(set) var hasChanged = false

    init() {}

    /// Notes that a stream is a camera's.
    mutating func remember(_ stream: StreamIdentity, _ camera: CameraID, at instant: Instant) {
        let key = Key(stream)
        if entries[key]?.camera != camera { hasChanged = true }
        entries[key] = Entry(camera: camera, seen: instant.nanoseconds)
    }

    /// The camera that a stream was found to be; nil if it was not met.
    func camera(of stream: StreamIdentity) -> CameraID? { entries[Key(stream)]?.camera }

    /// Forgets what was not seen for a day before `instant`, and what goes beyond the limit.
    mutating func forget(at instant: Instant) {
        let before = entries.count
        entries = entries.filter { $0.value.seen >= instant.nanoseconds - Self.age }
        if entries.count > Self.limit {
            let oldest = entries.sorted { $0.value.seen < $1.value.seen }
            for (key, _) in oldest.prefix(entries.count - Self.limit) { entries[key] = nil }
        }
        if entries.count != before { hasChanged = true }
    }

    /// All of it as text, a stream a line; it then counts as written.
    mutating func text() -> String {
        hasChanged = false
        var lines = [Self.title]
        for (key, entry) in entries {
            let ssrc = key.ssrc.map { String($0) } ?? "-"
            let channel = key.channel.map { String($0) } ?? "-"
            lines.append(
                [
                    entry.camera.text, key.source, key.destination, ssrc, channel,
                    String(entry.seen),
                ].joined(separator: "\t"))
        }
        lines[1...].sort()
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads what `text` gave; lines that are not of its form are left out.
    init(text: String) {
        let lines = text.split(separator: "\n")
        guard lines.first.map(String.init) == Self.title else { return }
        for line in lines.dropFirst().prefix(Self.limit) {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 6, let camera = CameraID(String(fields[0])),
                let seen = Int64(fields[5]), let ssrc = Self.number(fields[3], UInt32.self),
                let channel = Self.number(fields[4], UInt8.self)
            else { continue }
            let key = Key(
                source: String(fields[1]), destination: String(fields[2]), ssrc: ssrc,
                channel: channel)
            entries[key] = Entry(camera: camera, seen: seen)
        }
    }

    /// A number, or nil inside for `-`; nil for anything else.
    private static func number<Number: FixedWidthInteger>(
        _ text: Substring, _ type: Number.Type
    ) -> Number?? {
        if text == "-" { return .some(nil) }
        guard let number = Number(text) else { return nil }
        return .some(number)
    }
}

extension StreamMemory.Key {
    fileprivate init(_ stream: StreamIdentity) {
        self.init(
            source: stream.source, destination: stream.destination, ssrc: stream.ssrc,
            channel: stream.interleavedChannel)
    }
}
