// SPDX-License-Identifier: Apache-2.0
public import Agreements
import GRDB
import Measurements
public import Registry
public import Timekeeping

/// What is judged anew of one camera: the conditions of a range, and the judge's checkpoints.
public struct ConditionChange: Hashable, Sendable {
    /// Whose conditions.
    public var camera: CameraID
    /// The time that was judged.
    public var range: TimeRange
    /// Its conditions, by start, inside the range and apart from each other; time between them
    /// has none, as if it had never been judged.
    public var spans: [ConditionSpan]
    /// The judge's states at instants in the range.
    public var checkpoints: [JudgeCheckpoint]

    /// Makes a change.
    public init(
        camera: CameraID, range: TimeRange, spans: [ConditionSpan],
        checkpoints: [JudgeCheckpoint] = []
    ) {
        self.camera = camera
        self.range = range
        self.spans = spans
        self.checkpoints = checkpoints
    }
}

extension Ledger {
    /// Replaces what is kept of a camera's conditions in `range`, and the judge's checkpoints
    /// after its start up to its end.
    ///
    /// Equal neighbours become one span, also with what lies outside of the range.
    public func replaceConditions(
        of camera: CameraID, in range: TimeRange, with spans: [ConditionSpan],
        checkpoints: [(Instant, [UInt8])] = []
    ) throws(LedgerFault) {
        try replaceConditions([
            ConditionChange(
                camera: camera, range: range, spans: spans,
                checkpoints: checkpoints.map { JudgeCheckpoint(at: $0.0, bytes: $0.1) })
        ])
    }

    /// Replaces the conditions of many cameras in one transaction.
    public func replaceConditions(_ changes: [ConditionChange]) throws(LedgerFault) {
        try write("keeping conditions") { database, state in
            for change in changes {
                let camera = try state.camera(change.camera, in: database)
                try ConditionStore.replace(change, of: camera, in: database)
            }
        }
    }

    /// The conditions of a camera in `range`: by start, cut at its ends, equal neighbours joined.
    ///
    /// Time that no span covers was never judged: nobody watched.
    public func conditions(
        of camera: CameraID, in range: TimeRange
    ) throws(LedgerFault) -> [ConditionSpan] {
        try read("reading conditions") { database in
            try ConditionStore.spans(of: camera, in: range, database)
        }
    }

    /// The conditions of many cameras in `range`, in one consistent view.
    public func conditions(
        of cameras: [CameraID], in range: TimeRange
    ) throws(LedgerFault) -> [CameraID: [ConditionSpan]] {
        try read("reading conditions") { database in
            var found: [CameraID: [ConditionSpan]] = [:]
            found.reserveCapacity(cameras.count)
            for camera in cameras {
                found[camera] = try ConditionStore.spans(of: camera, in: range, database)
            }
            return found
        }
    }

    /// The judge's last state of a camera at or before an instant; nil if there is none.
    public func checkpoint(
        of camera: CameraID, atOrBefore instant: Instant
    ) throws(LedgerFault) -> (Instant, [UInt8])? {
        let found = try read("reading a checkpoint") { database -> JudgeCheckpoint? in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT at, body FROM checkpoint WHERE at <= ?
                    AND camera = (SELECT key FROM camera WHERE id = ?)
                    ORDER BY at DESC LIMIT 1
                    """, arguments: [instant.nanoseconds, camera.text])
            guard let row else { return nil }
            return JudgeCheckpoint(
                at: Instant(nanoseconds: try row.read("at")),
                bytes: (try row.read("body") as Blob).octets)
        }
        return found.map { ($0.at, $0.bytes) }
    }
}

/// The tables `condition` and `checkpoint`.
enum ConditionStore {
    /// A row of `condition`.
    struct Stretch: Hashable {
        var start: Int64
        var end: Int64
        /// Kind, detail and evidence, an octet each.
        var code: Int64

        /// What stands in the column `code`: above the code a checksum over camera, start, end
        /// and code, 24 bits, because a changed octet would else change an account in silence.
        func sealed(of camera: Int64) -> Int64 {
            var checksum = Checksum()
            for number in [camera, start, end, code] { checksum.add(number) }
            return Int64(checksum.value >> 8 ^ checksum.value & 0xff) << 24 | code
        }
    }

    static func replace(
        _ change: ConditionChange, of camera: Int64, in database: Database
    ) throws {
        let (from, to) = (change.range.start.nanoseconds, change.range.end.nanoseconds)
        let old = try touching(from, to, of: camera, in: database)
        var new: [Stretch] = []
        if let first = old.first, first.start < from {
            new.append(Stretch(start: first.start, end: min(first.end, from), code: first.code))
        }
        for span in change.spans where span.range.nanoseconds > 0 {
            let stretch = Stretch(
                start: span.range.start.nanoseconds, end: span.range.end.nanoseconds,
                code: code(of: span))
            precondition(
                stretch.start >= max(from, new.last?.end ?? from) && stretch.end <= to,
                "conditions lie inside the range, by start and apart")
            join(stretch, to: &new)
        }
        if let last = old.last, last.end > to {
            join(Stretch(start: max(last.start, to), end: last.end, code: last.code), to: &new)
        }
        for stretch in old where !new.contains(stretch) {
            try database.cachedStatement(
                sql: "DELETE FROM condition WHERE camera = ? AND start = ?"
            ).execute(arguments: [camera, stretch.start])
        }
        for stretch in new where !old.contains(stretch) {
            try database.cachedStatement(
                sql: "INSERT INTO condition (camera, start, end, code) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [
                camera, stretch.start, stretch.end, stretch.sealed(of: camera),
            ])
        }
        try database.cachedStatement(
            sql: "DELETE FROM checkpoint WHERE camera = ? AND at > ? AND at <= ?"
        ).execute(arguments: [camera, from, to])
        for checkpoint in change.checkpoints {
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO checkpoint (camera, at, body) VALUES (?, ?, ?)"
            ).execute(arguments: [camera, checkpoint.at.nanoseconds, Blob(checkpoint.bytes)])
        }
    }

    /// The stretches that share an instant with `from ..< to` or touch it.
    private static func touching(
        _ from: Int64, _ to: Int64, of camera: Int64, in database: Database
    ) throws -> [Stretch] {
        // From the last that begins before, if there is one.
        let select = try database.cachedStatement(
            sql: """
                SELECT start, end, code FROM condition
                WHERE camera = ?1 AND start <= ?3 AND start >= coalesce(
                    (SELECT max(start) FROM condition WHERE camera = ?1 AND start < ?2), ?2)
                ORDER BY start
                """)
        select.setUncheckedArguments([camera, from, to])
        var found: [Stretch] = []
        let rows = try Row.fetchCursor(select)
        while let row = try rows.next() {
            let stretch = try Stretch(row, of: camera)
            if stretch.end >= from { found.append(stretch) }
        }
        return found
    }

    static func spans(
        of camera: CameraID, in range: TimeRange, _ database: Database
    ) throws -> [ConditionSpan] {
        let key = try database.cachedStatement(sql: "SELECT key FROM camera WHERE id = ?")
        guard let key = try Int64.fetchOne(key, arguments: [camera.text]) else { return [] }
        let (from, to) = (range.start.nanoseconds, range.end.nanoseconds)
        var spans: [ConditionSpan] = []
        for stretch in try touching(from, to, of: key, in: database) {
            let whole = TimeRange(
                start: Instant(nanoseconds: stretch.start),
                end: Instant(nanoseconds: stretch.end))
            guard let whole, let span = span(of: stretch.code, over: whole) else {
                throw PackingFault.outOfRange(field: "condition", offset: 0)
            }
            guard let shared = whole.intersection(range) else { continue }
            spans.append(
                ConditionSpan(
                    range: shared, condition: span.condition, evidence: span.evidence))
        }
        return spans
    }

    private static func join(_ stretch: Stretch, to list: inout [Stretch]) {
        if let last = list.last, last.end == stretch.start, last.code == stretch.code {
            list[list.count - 1].end = stretch.end
        } else {
            list.append(stretch)
        }
    }

    private static func code(of span: ConditionSpan) -> Int64 {
        let (kind, detail) = span.condition.code
        return Int64(kind) << 16 | Int64(detail) << 8 | Int64(span.evidence.rawValue)
    }

    private static func span(of code: Int64, over range: TimeRange) -> ConditionSpan? {
        guard code >= 0, code < 1 << 24,
            let condition = Condition(
                kind: UInt8(truncatingIfNeeded: code >> 16),
                detail: UInt8(truncatingIfNeeded: code >> 8)),
            let evidence = Evidence(rawValue: UInt8(truncatingIfNeeded: code))
        else { return nil }
        return ConditionSpan(range: range, condition: condition, evidence: evidence)
    }
}

extension ConditionStore.Stretch {
    init(_ row: Row, of camera: Int64) throws(PackingFault) {
        let sealed: Int64 = try row.read(2)
        self.init(start: try row.read(0), end: try row.read(1), code: sealed & 0xff_ffff)
        guard self.sealed(of: camera) == sealed else { throw .checksum }
    }
}
