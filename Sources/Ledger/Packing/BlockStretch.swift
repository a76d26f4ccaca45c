// SPDX-License-Identifier: Apache-2.0

/// What a block of observations is of: an hour or a day of one camera seen from one vantage.
struct BlockStretch: Hashable, Sendable {
    /// Hours since the epoch to its begin.
    let firstHour: Int64
    /// Its hours: 1 or 24.
    let hours: Int64
    /// Camera and vantage, by the key of their row in `view`.
    let view: Int64

    /// The stretch of one hour.
    static func hour(_ hour: Int64, view: Int64) -> BlockStretch {
        BlockStretch(firstHour: hour, hours: 1, view: view)
    }

    /// The stretch of a day, counted from the epoch.
    static func day(_ day: Int64, view: Int64) -> BlockStretch {
        BlockStretch(firstHour: day * 24, hours: 24, view: view)
    }

    /// The stretch that a row of a block's table is of.
    init(table: BlockTable, key: Int64) {
        self.init(
            firstHour: (key >> 32) * table.hours, hours: table.hours, view: key & 0xffff_ffff)
    }

    private init(firstHour: Int64, hours: Int64, view: Int64) {
        self.firstHour = firstHour
        self.hours = hours
        self.view = view
    }

    /// The table that has the block.
    var table: BlockTable { hours == 1 ? .hour : .day }
    /// Its key there: by time first, so that new ones come last.
    var key: Int64 { table.key(RollupStore.floor(firstHour, hours), view: view) }
    /// Its first instant, ns.
    var start: Int64 { firstHour &* ObservationBlock.hourNanoseconds }
    /// Its end, ns.
    var end: Int64 { start &+ hours &* ObservationBlock.hourNanoseconds }

    /// Whether an hour is part of it.
    func contains(hour: Int64) -> Bool { hour >= firstHour && hour < firstHour + hours }

    /// Seals a number that stands outside of the compressed part.
    func checksum(with number: Int64) -> UInt32 {
        var checksum = Checksum()
        for part in [hours, firstHour, view, number] { checksum.add(part) }
        return checksum.value
    }
}

/// The tables of blocks of observations.
enum BlockTable: CaseIterable, Sendable {
    /// Hours whose day is not over.
    case hour
    /// Days that are over.
    case day

    /// Hours of a stretch.
    var hours: Int64 { self == .hour ? 1 : 24 }
    /// The table's name.
    var name: String { self == .hour ? "observation_block" : "observation_day" }

    /// The key of the stretch with this number, of a view.
    func key(_ number: Int64, view: Int64) -> Int64 { number << 32 | view }
}
