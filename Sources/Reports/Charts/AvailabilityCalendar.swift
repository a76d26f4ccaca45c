// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// The days of a period as cells, each coloured by its downtime.
///
/// Days of one month stand as on a wall calendar, with what was lost written into them; more days
/// stand in columns of weeks, a band for each year. A day of which at least half is unknown is
/// hatched; one of which less is unknown has a hatched corner.
public struct AvailabilityCalendar: Hashable, Sendable {
    /// One day of the account.
    public struct Day: Hashable, Sendable {
        /// Which.
        public var date: CalendarDate
        /// Downtime in it, nanoseconds.
        public var downtime: Int64
        /// Time in it that nobody watched, nanoseconds.
        public var unknown: Int64
        /// What of the day belongs to the period, nanoseconds: not always 24 hours.
        public var length: Int64
        /// The downtime in words as short as can be, for a month's cell; empty for none.
        public var note: String

        /// Makes a day; times in nanoseconds.
        public init(
            date: CalendarDate, downtime: Int64, unknown: Int64, length: Int64, note: String = ""
        ) {
            self.date = date
            self.downtime = downtime
            self.unknown = unknown
            self.length = length
            self.note = note
        }
    }

    /// Texts around and beneath the cells.
    public struct Labels: Hashable, Sendable {
        /// Seven, from Monday.
        public var weekdays: [String]
        /// Twelve short ones.
        public var months: [String]
        /// Five: no downtime, then up to each of `thresholds`, then above the last.
        public var classes: [String]
        /// A day unknown for the most part.
        public var unknown: String
        /// A day unknown in part.
        public var partlyUnknown: String

        /// Makes the texts: 7 weekdays, 12 months, 5 classes.
        public init(
            weekdays: [String], months: [String], classes: [String], unknown: String,
            partlyUnknown: String
        ) {
            precondition(weekdays.count == 7 && months.count == 12 && classes.count == 5)
            self.weekdays = weekdays
            self.months = months
            self.classes = classes
            self.unknown = unknown
            self.partlyUnknown = partlyUnknown
        }
    }

    /// Where the classes of downtime end, nanoseconds: 8 minutes, 1 hour, 4 hours.
    ///
    /// 50 hours a year are 8 minutes a day: a year of days of the first class keeps the limit.
    public static let thresholds: [Int64] = [
        480_000_000_000, 3_600_000_000_000, 14_400_000_000_000,
    ]

    /// Days in order of time.
    public var days: [Day]
    /// Texts around and beneath the cells.
    public var labels: Labels
    /// Names the picture to those who cannot see it.
    public var title: String
    /// Says what is to be seen to those who cannot see it.
    public var summary: String

    /// Makes a calendar of `days` in order of time.
    public init(days: [Day], labels: Labels, title: String, summary: String) {
        self.days = days
        self.labels = labels
        self.title = title
        self.summary = summary
    }

    /// The picture as an `<svg>` element; `prefix` begins its identifiers, `[A-Za-z][A-Za-z0-9_-]*`.
    public func svg(prefix: String) -> String {
        var drawing = Drawing(prefix: prefix)
        let isMonth = days.first.map { first in
            days.allSatisfy { $0.date.year == first.date.year && $0.date.month == first.date.month }
        }
        let bottom = isMonth ?? true ? drawMonth(on: &drawing) : drawBands(on: &drawing)
        let width = isMonth ?? true ? 7 * AvailabilityCalendar.wide : ChartStyle.pageWidth
        let legend = Legend(entries: entries())
        let height =
            bottom + 8_00 + legend.draw(on: &drawing, x: 1_00, y: bottom + 8_00, width: width)
        return drawing.finished(
            width: width + 2_00, height: height, title: title, summary: summary)
    }

    /// 0 for no downtime, 4 for more than the last threshold.
    static func downtimeClass(_ downtime: Int64) -> Int {
        guard downtime > 0 else { return 0 }
        return 1 + (thresholds.firstIndex { downtime <= $0 } ?? thresholds.count)
    }

    private static let wide = 96_00
    private static let high = 36_00
    private static let cell = 12_00

    private func entries() -> [Legend.Entry] {
        var entries = labels.classes.enumerated().map { index, name in
            Legend.Entry(look: .area(ChartStyle.paint(downtimeClass: index)), label: name)
        }
        let unknown = ChartStyle.paint(.unknown)
        if days.contains(where: { AvailabilityCalendar.isUnknown($0) }) {
            entries.append(.init(look: .area(unknown), label: labels.unknown))
        }
        if days.contains(where: { $0.unknown > 0 && !AvailabilityCalendar.isUnknown($0) }) {
            let look = Legend.Entry.Look.corner(ChartStyle.paint(downtimeClass: 0), unknown)
            entries.append(.init(look: look, label: labels.partlyUnknown))
        }
        return entries
    }

    private static func isUnknown(_ day: Day) -> Bool {
        day.unknown > 0 && day.unknown >= day.length - day.unknown
    }

    /// Cells of one look together, so that a year takes few octets.
    private struct Cells {
        var boxes = [[Box]](repeating: [], count: 5)
        var unknown: [Box] = []
        var partlyUnknown: [Box] = []

        mutating func add(_ day: Day, at place: Box) {
            let downtimeClass = AvailabilityCalendar.downtimeClass(day.downtime)
            // Known downtime is worse than not knowing: it shows, and the corner tells the rest.
            if AvailabilityCalendar.isUnknown(day), downtimeClass == 0 {
                unknown.append(place)
                return
            }
            boxes[downtimeClass].append(place)
            if day.unknown > 0 { partlyUnknown.append(place) }
        }

        func draw(on drawing: inout Drawing, corner: Int) {
            for (downtimeClass, boxes) in boxes.enumerated() {
                drawing.boxes(boxes, paint: ChartStyle.paint(downtimeClass: downtimeClass))
            }
            drawing.boxes(unknown, paint: ChartStyle.paint(.unknown))
            drawing.corners(partlyUnknown, corner, paint: ChartStyle.paint(.unknown))
        }
    }

    /// A wall calendar: a row a week, Monday first.
    private func drawMonth(on drawing: inout Drawing) -> Int {
        let heads = labels.weekdays.enumerated().map { column, name in
            (name, 1_00 + column * Self.wide + Self.wide / 2, 11_00)
        }
        let small = ChartStyle.smallTextSize
        drawing.texts(heads, .init(size: small, colour: ChartStyle.mutedInk, anchor: .middle))
        guard let first = days.first else { return 16_00 }
        let monday = first.date.daysSinceEpoch - (first.date.weekday - 1)
        let places = days.map { day in
            let cells = day.date.daysSinceEpoch - monday
            return Box(
                x: 1_00 + cells % 7 * Self.wide, y: 16_00 + cells / 7 * Self.high,
                width: Self.wide - 2_00, height: Self.high - 2_00)
        }
        var cells = Cells()
        for (day, place) in zip(days, places) { cells.add(day, at: place) }
        cells.draw(on: &drawing, corner: 14_00)
        for colour in [ChartStyle.ink, ChartStyle.paper] {
            var (dates, notes): ([(String, Int, Int)], [(String, Int, Int)]) = ([], [])
            for (day, place) in zip(days, places) where Self.textColour(day) == colour {
                dates.append(("\(day.date.day)", place.x + 5_00, place.y + 13_00))
                let room = place.width - 8_00
                if !day.note.isEmpty, Lettering.width(day.note, size: small) <= room {
                    notes.append((day.note, place.end - 5_00, place.bottom - 6_00))
                }
            }
            drawing.texts(dates, .init(colour: colour, isBold: true))
            drawing.texts(notes, .init(size: small, colour: colour, anchor: .end))
        }
        return places.last?.bottom ?? 16_00
    }

    /// Columns of weeks, a band of seven rows for each year.
    private func drawBands(on drawing: inout Drawing) -> Int {
        var top = 0
        let left = 38_00
        let look = Drawing.TextLook(size: ChartStyle.smallTextSize, colour: ChartStyle.mutedInk)
        let hasYears = days.first?.date.year != days.last?.date.year
        var rest = days[...]
        var cells = Cells()
        var texts: [(String, Int, Int)] = []
        while let first = rest.first {
            let band = rest.prefix { $0.date.year == first.date.year }
            rest = rest.dropFirst(band.count)
            let monday = first.date.daysSinceEpoch - (first.date.weekday - 1)
            let upper = top + 16_00
            if hasYears { texts.append(("\(first.date.year)", 1_00, top + 11_00)) }
            for row in [0, 2, 4, 6] {
                texts.append((labels.weekdays[row], 1_00, upper + row * Self.cell + 9_50))
            }
            var labelEnd = Int.min
            for day in band {
                let (week, weekday) = (day.date.daysSinceEpoch - monday)
                    .quotientAndRemainder(dividingBy: 7)
                let place = Box(
                    x: left + week * Self.cell, y: upper + weekday * Self.cell,
                    width: Self.cell - 1_00, height: Self.cell - 1_00)
                cells.add(day, at: place)
                let name = labels.months[day.date.month - 1]
                if day.date.day == 1, place.x >= labelEnd {
                    texts.append((name, place.x, top + 11_00))
                    labelEnd = place.x + Lettering.width(name, size: look.size) + 4_00
                }
            }
            top = upper + 7 * Self.cell + 4_00
        }
        cells.draw(on: &drawing, corner: 7_00)
        drawing.texts(texts, look)
        return top
    }

    private static func textColour(_ day: Day) -> Colour {
        let downtimeClass = downtimeClass(day.downtime)
        return ChartStyle.paint(downtimeClass: downtimeClass).textColour
    }
}
