// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Measurements
public import Registry
public import Timekeeping

/// An observation that this node made.
public struct NewObservation: Hashable, Sendable {
    /// Of which camera.
    public var camera: CameraID
    /// From where.
    public var vantage: VantageID
    /// What was seen; `Observation.kept` of it is kept.
    public var observation: Observation

    /// Makes a record that has no identity yet.
    public init(camera: CameraID, vantage: VantageID, observation: Observation) {
        self.camera = camera
        self.vantage = vantage
        self.observation = observation
    }
}

/// An observation with its identity, as nodes pass it on.
public struct KeptObservation: Hashable, Sendable {
    /// What tells it from every other record.
    public var identity: RecordIdentity
    /// Of which camera.
    public var camera: CameraID
    /// From where.
    public var vantage: VantageID
    /// What was seen.
    public var observation: Observation

    /// Makes a record.
    public init(
        identity: RecordIdentity, camera: CameraID, vantage: VantageID, observation: Observation
    ) {
        self.identity = identity
        self.camera = camera
        self.vantage = vantage
        self.observation = observation
    }
}

/// What became of records that another node sent.
public struct Acceptance: Hashable, Sendable {
    /// Kept now.
    public var new = 0
    /// Held before; nothing changed.
    public var known = 0
    /// Put aside, in the order in which they were given: each is held; sending it again gets the
    /// same answer and changes nothing.
    public var conflicting: [Conflict] = []

    /// A record that was put aside, and why.
    public struct Conflict: Hashable, Sendable {
        /// The record's identity.
        public let identity: RecordIdentity
        /// Why it was put aside.
        public let reason: QuarantineReason
    }
}

/// What became of records that this node made.
public struct Keeping: Hashable, Sendable {
    /// Their numbers, in their order.
    public let numbers: ClosedRange<UInt64>
    /// Why those were put aside that were, by their places; they are not to be judged.
    public let aside: [Int: QuarantineReason]
}

extension Ledger {
    /// Most records of one call: 256 MB of memory at most (chosen).
    public static let mostRecords = 1_000_000

    /// Keeps observations of this node and gives them their sequence numbers.
    ///
    /// On return they are on the disk. A second observation of the same camera, vantage and start
    /// also gets a number, and is put aside: the first one counts.
    ///
    /// - Parameter records: at least one.
    /// - Returns: the numbers, in the order of `records`.
    public func append(
        _ records: [NewObservation]
    ) throws(LedgerFault) -> ClosedRange<UInt64> {
        try keep(records).numbers
    }

    /// Keeps observations of this node as `append` does, and tells which were put aside.
    ///
    /// - Parameter takesFuture: whether records may lie beyond the ledger's clock, as those of a
    ///   capture may that was made by another; else those that end more than `greatestLead` after
    ///   it are put aside until their time comes, as those of other nodes are.
    public func keep(
        _ records: [NewObservation], takesFuture: Bool = true
    ) throws(LedgerFault) -> Keeping {
        precondition(!records.isEmpty, "there is nothing to append")
        try check(records.count)
        for record in records { try check(record.observation) }
        try takeRequests()
        let now = clock()
        let latestEnd = takesFuture ? nil : now.advanced(byNanoseconds: Ledger.greatestLead)
        return try write("keeping observations", observations: records.count) { database, state in
            let first = state.numbers(of: state.own).last + 1
            var refusals = Refusals(at: now)
            var reasons: [Int: QuarantineReason] = [:]
            for (place, record) in records.enumerated() {
                let row = ObservationRow(
                    view: try state.view(record.camera, record.vantage, in: database),
                    start: record.observation.range.start.nanoseconds, source: state.own,
                    sequence: first + UInt64(place), observation: record.observation.kept)
                let isFuture = latestEnd.map { record.observation.range.end > $0 } ?? false
                let outcome =
                    isFuture
                    ? .refused(.future) : try ObservationStore.store(row, in: database, &state)
                if case .refused(let reason) = outcome {
                    reasons[place] = reason
                    let identity = RecordIdentity(
                        node: state.identity.node, epoch: state.identity.epoch,
                        sequence: row.sequence)
                    try refusals.put(row, identity, reason, in: database, &state)
                }
            }
            let numbers = first...first + UInt64(records.count) - 1
            try state.hold(SequenceSet([numbers]), of: state.own, in: database)
            try refusals.note(in: database)
            return Keeping(numbers: numbers, aside: reasons)
        }
    }

    /// Keeps observations that other nodes made; any may be sent any number of times.
    ///
    /// On return all are on the disk: kept, or known from before, or put aside because they
    /// contradict what is kept.
    public func accept(_ records: [KeptObservation]) throws(LedgerFault) -> Acceptance {
        try check(records.count)
        for record in records { try check(record.observation) }
        try takeRequests()
        let now = clock()
        return try write(
            "keeping observations of other nodes", observations: records.count
        ) { database, state in
            var taking = Taking(at: now)
            for index in Self.order(of: records, state) {
                try taking.take(records[index], at: index, in: database, &state)
            }
            return try taking.finish(in: database, &state)
        }
    }

    /// The order in which records are best taken: as they were given; but late ones by camera, so
    /// that each block is unpacked once, unless two of them have one identity.
    private static func order(of records: [KeptObservation], _ state: WriterState) -> [Int] {
        let closed = state.closedThrough.multipliedReportingOverflow(
            by: ObservationBlock.hourNanoseconds)
        let isLate =
            !closed.overflow
            && records.contains { $0.observation.range.start.nanoseconds < closed.partialValue }
        guard isLate, Set(records.map(\.identity)).count == records.count else {
            return Array(records.indices)
        }
        return records.indices.sorted { left, right in
            let (one, other) = (records[left], records[right])
            guard one.camera == other.camera else { return one.camera < other.camera }
            guard one.vantage == other.vantage else { return one.vantage < other.vantage }
            let (first, second) = (one.observation.range.start, other.observation.range.start)
            return first == second ? left < right : first < second
        }
    }

    /// Records of other nodes as they are taken in one transaction.
    private struct Taking {
        private var acceptance = Acceptance()
        private var conflicting: [(index: Int, conflict: Acceptance.Conflict)] = []
        private var refusals: Refusals
        private var added: [Int64: SequenceSet] = [:]
        private let latestEnd: Instant

        init(at now: Instant) {
            refusals = Refusals(at: now)
            latestEnd = now.advanced(byNanoseconds: Ledger.greatestLead)
        }

        mutating func take(
            _ record: KeptObservation, at index: Int, in database: Database,
            _ state: inout WriterState
        ) throws {
            let identity = record.identity
            let source = try state.source(
                node: identity.node, epoch: identity.epoch, in: database)
            let row = ObservationRow(
                view: try state.view(record.camera, record.vantage, in: database),
                start: record.observation.range.start.nanoseconds, source: source,
                sequence: identity.sequence, observation: record.observation.kept)
            let isHeld =
                state.numbers(of: source).contains(row.sequence)
                || added[source]?.contains(row.sequence) == true
            let outcome: ObservationStore.Outcome
            if isHeld {
                outcome = try Ledger.recognise(row, in: database, &state)
            } else if record.observation.range.end > latestEnd {
                outcome = .refused(.future)
            } else {
                outcome = try ObservationStore.store(row, in: database, &state)
            }
            switch outcome {
            case .stored: acceptance.new += 1
            case .known: acceptance.known += 1
            case .refused(let reason):
                conflicting.append((index, Acceptance.Conflict(identity: identity, reason: reason)))
                try refusals.put(row, identity, reason, in: database, &state)
            }
            added[source, default: SequenceSet()].insert(row.sequence)
        }

        mutating func finish(
            in database: Database, _ state: inout WriterState
        ) throws -> Acceptance {
            for (source, numbers) in added {
                try state.hold(numbers, of: source, in: database)
            }
            try refusals.note(in: database)
            acceptance.conflicting = conflicting.sorted { $0.index < $1.index }.map(\.conflict)
            return acceptance
        }
    }

    /// What a record is whose number is held: the one that is held, or another.
    fileprivate static func recognise(
        _ row: ObservationRow, in database: Database, _ state: inout WriterState
    ) throws -> ObservationStore.Outcome {
        if let kept = try ObservationStore.find(row, in: database, &state),
            kept.source == row.source, kept.sequence == row.sequence
        {
            return kept.saysTheSame(as: row) ? .known : .refused(.sameIdentity)
        }
        if let reason = try Refusals.reason(for: row, in: database) { return .refused(reason) }
        if state.hasForgottenQuarantined {
            // It may be one of those: then the answer is what it was.
            guard let kept = try ObservationStore.find(row, in: database, &state) else {
                return .known
            }
            return ObservationStore.compare(row, with: kept)
        }
        // What it was cannot be compared any more.
        if ObservationBlock.hour(of: row.start) < state.prunedThrough { return .known }
        return .refused(.sameIdentity)
    }

    private func check(_ count: Int) throws(LedgerFault) {
        guard count > Ledger.mostRecords else { return }
        throw LedgerFault(
            .beyondLimit, path, "\(count) records were given at once",
            remedy: "give at most \(Ledger.mostRecords)")
    }

    private func check(_ observation: Observation) throws(LedgerFault) {
        guard observation.range.nanoseconds > WriterState.longestObservation else { return }
        throw LedgerFault(
            .beyondLimit, path,
            "an observation is \(observation.range.nanoseconds) ns long",
            remedy: "divide it: at most a day, \(WriterState.longestObservation) ns")
    }

    /// What was seen of a camera in `range`, by start and then vantage: every observation that
    /// shares an instant with it, whole.
    public func observations(
        of camera: CameraID, in range: TimeRange
    ) throws(LedgerFault) -> [(VantageID, Observation)] {
        try read("reading observations") { database in
            let longest = try Property.number(Property.longest, in: database) ?? 0
            let start = range.start.advanced(byNanoseconds: -longest).nanoseconds
            guard let zstandard = Zstandard() else {
                throw PackingFault.compression("there is no memory for it")
            }
            var found: [(VantageID, Observation)] = []
            // As many as there are intervals of ten seconds, of a day at most.
            found.reserveCapacity(
                Int(min(range.nanoseconds, WriterState.longestObservation) / 10_000_000_000))
            var views = 0
            for (view, vantage) in try Self.views(of: camera, in: database) {
                views += 1
                let isMixed = try ObservationStore.visit(
                    view: view, from: start, to: range.end.nanoseconds,
                    since: range.start.nanoseconds, in: database, by: zstandard
                ) { observation in
                    // One of no length at all is seen where it starts.
                    guard
                        observation.range.end > range.start
                            || observation.range.start >= range.start
                    else { return }
                    found.append((vantage, observation))
                }
                // Late rows of closed hours stand beside the block until it is packed again.
                if isMixed { views += 1 }
            }
            guard views > 1 else { return found }
            return found.sorted {
                ($0.1.range.start, $0.0) < ($1.1.range.start, $1.0)
            }
        }
    }

    /// The cameras of which observations from `vantage` were ever kept, by id.
    public func cameras(seenFrom vantage: VantageID) throws(LedgerFault) -> [CameraID] {
        try read("reading cameras") { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT camera.id FROM view
                    JOIN camera ON camera.key = view.camera
                    JOIN vantage ON vantage.key = view.vantage
                    WHERE vantage.id = ? ORDER BY camera.id
                    """, arguments: [vantage.text]
            ).compactMap { CameraID($0) }
        }
    }

    /// The cameras of which anything is kept, in order.
    public func cameras() throws(LedgerFault) -> [CameraID] {
        try read("reading cameras") { database in
            try String.fetchAll(database, sql: "SELECT id FROM camera").compactMap {
                CameraID($0)
            }.sorted()
        }
    }

    /// How often something happened that should be seen, by its name.
    public func tallies() throws(LedgerFault) -> [String: Int] {
        try read("reading counts") { database in
            let rows = try Row.fetchAll(database, sql: "SELECT name, count FROM tally")
            return try rows.reduce(into: [:]) { $0[try $1.read("name")] = try $1.read("count") }
        }
    }

    static func views(
        of camera: CameraID, in database: Database
    ) throws -> [(Int64, VantageID)] {
        let select = try database.cachedStatement(
            sql: """
                SELECT view.key, vantage.id FROM view
                JOIN camera ON camera.key = view.camera
                JOIN vantage ON vantage.key = view.vantage
                WHERE camera.id = ? ORDER BY vantage.id
                """)
        return try Row.fetchAll(select, arguments: [camera.text]).compactMap { row in
            try VantageID(try row.read(1)).map { (try row.read(0), $0) }
        }
    }
}
