// SPDX-License-Identifier: Apache-2.0

/// Colours, hatches and sizes of every chart, in one place.
///
/// The palette is chosen so that people who confuse red and green still tell the states apart
/// (blue-green, yellow, vermilion, violet), and so that a black-and-white print does: states
/// differ in lightness, and those of like lightness in their hatch. Text has a contrast of at
/// least 4.5:1 to what lies under it (WCAG 2.2, 1.4.3); a test computes it.
///
/// ## How a renderer uses the charts
///
/// Every chart is a value: fill it, then ask for `svg(prefix:)`. The answer is one `<svg>` element
/// for the body of a page or a file of its own; it needs no style sheet, font or script, and the
/// same value gives the same bytes. `prefix` must differ for every picture of a page (`s-` and a
/// running number do). Sizes are hundredths of a pixel; `pageWidth` fills an A4 page, and
/// `svg{max-width:100%;height:auto}` lets a narrow screen shrink it.
///
/// - `StatusStrip`: states of a camera; bare (no axis, no names) inside a table, with both alone.
///   Give it the account's spans (`StatusStrip.State(CameraState)`); time without one is unknown.
/// - `BudgetBar`: the 50 h; bare inside a table, with `BudgetBar.Labels(language, limit:)` alone.
/// - `AvailabilityCalendar`: a month as a wall calendar, more days in weeks, from `Day` values.
/// - `TrendChart`: criteria over time; a stretch without a point is a gap. Scales:
///   `TimeAxis(range, in: zone, language, name:)` and `ValueAxis(from:through:base:unit:)`.
/// - `RankedBars`: the five worst, the causes.
///
/// Charts know no language: texts come in by `Language/ChartTexts.swift`, which makes labels,
/// legends and axes for each chart. `title` and `summary` are read aloud in a picture's place, so
/// they carry its message in words: `ChartTitle`, `StatusStrip.summary`, `AccountSentences`.
public enum ChartStyle {
    /// Width of a chart in hundredths of a CSS pixel: an A4 page of 210 mm less two margins of
    /// 15 mm, at 96 pixels an inch.
    public static let pageWidth = 680_00

    /// Text of titles and values.
    static let ink = Colour(hex: 0x1B_1F24)
    /// Text of ticks and units.
    static let mutedInk = Colour(hex: 0x46_4D55)
    /// Text on dark fills.
    static let paper = Colour(hex: 0xFF_FFFF)
    /// Lines of axes and frames.
    static let frame = Colour(hex: 0x7A_828B)
    /// Lines behind data.
    static let grid = Colour(hex: 0xDD_E1E5)
    /// The line of a limit: dark, so that it is seen on every fill.
    static let limit = Colour(hex: 0x1B_1F24)

    /// Height of ordinary text, hundredths of a pixel.
    static let textSize = 11_00
    /// Height of text at ticks.
    static let smallTextSize = 10_00
    /// Space between neighbouring texts that must not touch.
    static let textGap = 8_00
    /// The narrowest mark that is sure to be seen: one pixel.
    static let leastMark = 1_00

    /// How a state of a camera looks.
    static func paint(_ state: StatusStrip.State) -> Paint {
        switch state {
        case .up: Paint(Colour(hex: 0xA5_D8C8))
        case .degraded: Paint(Colour(hex: 0xF6_D64A), .rising(Colour(hex: 0x8A_6A00)))
        case .downFailure: Paint(Colour(hex: 0xB2_3A0E))
        case .downMaintenance:
            Paint(Colour(hex: 0x7B_5EA7), .level(Colour(hex: 0xE6_DDF2)))
        case .unknown:
            Paint(Colour(hex: 0xF1_F3F5), .falling(Colour(hex: 0x7A_828B)))
        case .excluded: Paint(Colour(hex: 0xD3_D8DD), .dots(Colour(hex: 0x46_4D55)))
        }
    }

    /// How a day of the calendar looks, by the class of its downtime: 0 is none.
    static func paint(downtimeClass: Int) -> Paint {
        switch downtimeClass {
        case 0: Paint(Colour(hex: 0xDC_F0E9))
        case 1: Paint(Colour(hex: 0xFB_D9A0))
        case 2: Paint(Colour(hex: 0xF0_A94E))
        case 3: Paint(Colour(hex: 0xCE_6F20))
        default: Paint(Colour(hex: 0x7E_2606), textColour: paper)
        }
    }

    /// The look of a line of a trend, by its place in the legend; after the fourth they repeat.
    static func line(_ index: Int) -> (colour: Colour, dashes: String?) {
        switch index % 4 {
        case 0: (Colour(hex: 0x00_5F9E), nil)
        case 1: (Colour(hex: 0xB2_3A0E), "6 3")
        case 2: (Colour(hex: 0x1F_7A5C), "2 2")
        default: (Colour(hex: 0x6A_4A9C), "8 3 2 3")
        }
    }

    /// The fill between two percentiles of a trend's first line.
    static let band = Paint(Colour(hex: 0xBF_D8EA))
}

/// A colour of the sRGB space, eight bits a part.
struct Colour: Hashable, Sendable {
    /// `0xRRGGBB`.
    let hex: UInt32

    /// As a style sheet writes it: `#RRGGBB`, in lower case.
    var text: String {
        let digits = String(hex, radix: 16)
        return "#" + String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    }
}

/// What an area is filled with: a colour, and over it a hatch where the colour is not enough.
struct Paint: Hashable, Sendable {
    let colour: Colour
    let hatching: Hatching?
    /// Text that may lie on it.
    let textColour: Colour

    init(_ colour: Colour, _ hatching: Hatching? = nil, textColour: Colour = ChartStyle.ink) {
        self.colour = colour
        self.hatching = hatching
        self.textColour = textColour
    }
}
