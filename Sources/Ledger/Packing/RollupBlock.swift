// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// Neighbouring roll-ups of one camera and vantage, column by column.
///
/// Inside the zstd frame:
/// ```
/// octet     layout, 3; layout 2 lacks the last five columns of `RollupField`, layout 1 also the
///           last two of `ObservationField`
/// signed    the key, against blocks under a wrong one
/// varint    number of roll-ups
/// columns   start (ns), the columns of `ObservationField`, those of `RollupField`
/// 5 ×       sketches: a column of their numbers of bins; then, over the bins of all: the first
///           key of each, the steps between keys, the counts
/// ```
struct RollupBlock {
    /// What tells this block from others.
    var key: Int64
    /// Sorted by start.
    var rollups: [Rollup]

    /// Most roll-ups of a block: a day has 1,440 minutes, a month 744 hours.
    static let mostRollups = 16_384
    private static let layout: UInt8 = 3
    private static let sketches: [any WritableKeyPath<Rollup, QuantileSketch> & Sendable] = [
        \.loss, \.bitrate, \.jitterSpread, \.frameGap, \.frameRate,
    ]

    /// Makes a block; there must be a roll-up.
    init(key: Int64, rollups: [Rollup]) {
        precondition(!rollups.isEmpty && rollups.count <= Self.mostRollups)
        self.key = key
        self.rollups = rollups
    }

    /// Packs the block.
    func packed(by zstandard: Zstandard) throws(PackingFault) -> [UInt8] {
        var writer = ByteWriter(capacity: rollups.count * 64)
        writer.octet(Self.layout)
        writer.signed(key)
        writer.varint(UInt64(rollups.count))
        try IntegerColumn.write(rollups.map(\.range.start.nanoseconds), to: &writer)
        let base = rollups.map { ObservationNumbers(kept: $0.pseudoObservation, codec: 0).values }
        for field in 0..<ObservationField.count {
            try IntegerColumn.write(base.map { $0[field] }, to: &writer)
        }
        let extra = rollups.map(\.extraNumbers)
        for field in 0..<RollupField.count {
            try IntegerColumn.write(extra.map { $0[field] }, to: &writer)
        }
        for sketch in Self.sketches {
            try SketchColumns(rollups.map { $0[keyPath: sketch].encode() }).write(to: &writer)
        }
        return try zstandard.pack(writer.bytes)
    }

    /// Unpacks the block that is kept under `key`.
    init(key: Int64, packed: [UInt8], by zstandard: Zstandard) throws(PackingFault) {
        var reader = ByteReader(try zstandard.unpack(packed))
        let layout = try reader.octet()
        guard (1...Self.layout).contains(layout) else { throw .unknownLayout(layout) }
        let fields =
            layout == 1 ? ObservationField.countOfFirstLayout : ObservationField.count
        let extras = layout < 3 ? RollupField.countOfSecondLayout : RollupField.count
        guard try reader.signed() == key else { throw .wrongKey }
        let count = try reader.count(upTo: Self.mostRollups, of: "number of roll-ups")
        guard count > 0 else { throw .outOfRange(field: "number", offset: reader.offset) }
        let starts = try IntegerColumn.read(count: count, from: &reader)
        var columns: [[Int64]] = []
        for _ in 0..<fields + extras {
            columns.append(try IntegerColumn.read(count: count, from: &reader))
        }
        let missing = [Int64](repeating: 0, count: ObservationField.count - fields)
        var rollups: [Rollup] = []
        rollups.reserveCapacity(count)
        for index in 0..<count {
            let base = columns[..<fields].map { $0[index] } + missing
            var extra = columns[fields...].map { $0[index] }
            if extras < RollupField.count {
                extra += [Int64](repeating: 0, count: RollupField.count - extras)
                extra[RollupField.flags.rawValue] |= RollupFlag.encryptionUnknown
            }
            let observation = try ObservationNumbers(values: base).observation(
                start: Instant(nanoseconds: starts[index]), codec: nil)
            rollups.append(try Rollup(observation, extra: extra))
        }
        for sketch in Self.sketches {
            let encoded = try SketchColumns.read(count: count, from: &reader)
            for index in 0..<count {
                guard let decoded = QuantileSketch(decoding: encoded[index]) else {
                    throw .outOfRange(field: "sketch", offset: reader.offset)
                }
                rollups[index][keyPath: sketch] = decoded
            }
        }
        self.key = key
        self.rollups = rollups
    }
}

/// What a roll-up has beyond an observation's numbers, each a column.
enum RollupField: Int, CaseIterable {
    /// Length of the range less the time watched, ns.
    case unwatched
    case intervals, intervalsAboveLossLimit
    /// `RollupFlag`.
    case flags
    case worstLost
    /// Expected less lost, of the interval with the worst loss.
    case worstArrived
    /// Greatest less least clock offset, steps.
    case clockSpread
    /// Uncertainty of the greatest offset, steps.
    case clockUncertainty
    // Since layout 3.
    /// ns.
    case encrypted, open
    case stalls
    /// The longest stall, ns; 0 for none.
    case stallLength
    /// The begin of the observation in which it ended, ns after the roll-up's.
    case stallStart
    /// How long that is, ns.
    case stallRange

    static let count = allCases.count
    /// How many of them, from the first, blocks of layouts 1 and 2 have.
    static let countOfSecondLayout = encrypted.rawValue
}

/// Bits of `RollupField.flags`.
private enum RollupFlag {
    static let worstLoss: Int64 = 1
    static let greatestClock: Int64 = 2
    static let encryptionUnknown: Int64 = 4
}

extension Rollup {
    /// The part of the roll-up that is like an observation, rounded as one.
    fileprivate var pseudoObservation: Observation {
        var measurement = Measurement(range: range)
        measurement.packets = packets
        measurement.octets = octets
        measurement.frames = frames
        measurement.jitter = jitter
        measurement.frameJitter = frameJitter
        measurement.trust = trust
        return Observation(
            measurement: measurement, picture: smallestPicture, clock: leastClock
        ).kept
    }

    fileprivate var extraNumbers: [Int64] {
        var numbers = [Int64](repeating: 0, count: RollupField.count)
        func set(_ field: RollupField, _ value: Int64) { numbers[field.rawValue] = value }
        set(.unwatched, range.nanoseconds &- observedNanoseconds)
        set(.intervals, Int64(intervals))
        set(.intervalsAboveLossLimit, Int64(intervalsAboveLossLimit))
        if let worstLoss {
            set(.flags, RollupFlag.worstLoss)
            set(.worstLost, Int64(bitPattern: worstLoss.lost))
            set(.worstArrived, Int64(bitPattern: worstLoss.expected &- worstLoss.lost))
        }
        if let greatestClock, let least = leastClock {
            numbers[RollupField.flags.rawValue] |= RollupFlag.greatestClock
            let step = Observation.keptStep
            set(
                .clockSpread,
                greatestClock.offsetNanoseconds / step &- least.offsetNanoseconds / step)
            set(.clockUncertainty, greatestClock.uncertaintyNanoseconds / step)
        }
        if !isEncryptionKnown {
            numbers[RollupField.flags.rawValue] |= RollupFlag.encryptionUnknown
        }
        set(.encrypted, encryptedNanoseconds)
        set(.open, openNanoseconds)
        set(.stalls, Int64(stalls))
        if let longestStall {
            set(.stallLength, longestStall.nanoseconds)
            set(.stallStart, longestStall.range.start.nanoseconds &- range.start.nanoseconds)
            set(.stallRange, longestStall.range.nanoseconds)
        }
        return numbers
    }

    fileprivate init(_ observation: Observation, extra: [Int64]) throws(PackingFault) {
        // Sketches and extremes follow; the limit matters to none of what is kept.
        self.init(observation, maximumLoss: 0)
        func number(_ field: RollupField) -> Int64 { extra[field.rawValue] }
        observedNanoseconds = range.nanoseconds &- number(.unwatched)
        guard let intervals = UInt32(exactly: number(.intervals)),
            let above = UInt32(exactly: number(.intervalsAboveLossLimit))
        else { throw .outOfRange(field: "intervals", offset: 0) }
        self.intervals = intervals
        intervalsAboveLossLimit = above
        worstLoss = nil
        if number(.flags) & RollupFlag.worstLoss != 0 {
            let lost = UInt64(bitPattern: number(.worstLost))
            worstLoss = LossCount(
                lost: lost, expected: lost &+ UInt64(bitPattern: number(.worstArrived)))
        }
        greatestClock = nil
        if number(.flags) & RollupFlag.greatestClock != 0, let least = leastClock {
            let step = Observation.keptStep
            greatestClock = ClockReading(
                offsetNanoseconds: (least.offsetNanoseconds / step &+ number(.clockSpread))
                    &* step,
                uncertaintyNanoseconds: number(.clockUncertainty) &* step)
        }
        encryptedNanoseconds = number(.encrypted)
        openNanoseconds = number(.open)
        isEncryptionKnown = number(.flags) & RollupFlag.encryptionUnknown == 0
        guard let stalls = UInt32(exactly: number(.stalls)) else {
            throw .outOfRange(field: "stalls", offset: 0)
        }
        self.stalls = stalls
        longestStall = nil
        if number(.stallLength) != 0 {
            guard number(.stallRange) >= 0 else {
                throw .outOfRange(field: "stall", offset: 0)
            }
            let start = Instant(
                nanoseconds: range.start.nanoseconds &+ number(.stallStart))
            longestStall = Stall(
                nanoseconds: number(.stallLength),
                range: TimeRange(start: start, nanoseconds: number(.stallRange)))
        }
        (loss, bitrate, jitterSpread) = (QuantileSketch(), QuantileSketch(), QuantileSketch())
        (frameGap, frameRate) = (QuantileSketch(), QuantileSketch())
    }
}
