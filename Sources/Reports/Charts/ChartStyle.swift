// SPDX-License-Identifier: Apache-2.0

/// Colours, hatches and sizes of every chart, in one place.
///
/// The palette is chosen so that people who confuse red and green still tell the states apart
/// (blue-green, yellow, vermilion, violet), and so that a black-and-white print does: states
/// differ in lightness, and those of like lightness in their hatch. Text has a contrast of at
/// least 4.5:1 to what lies under it (WCAG 2.2, 1.4.3); a test computes it.
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
        case .up: Paint("up", Colour(hex: 0xA5_D8C8))
        case .degraded:
            Paint("degraded", Colour(hex: 0xF6_D64A), .risingLines(Colour(hex: 0x8A_6A00)))
        case .downFailure: Paint("failure", Colour(hex: 0xB2_3A0E))
        case .downMaintenance:
            Paint("works", Colour(hex: 0x7B_5EA7), .levelLines(Colour(hex: 0xE6_DDF2)))
        case .unknown:
            Paint("unknown", Colour(hex: 0xFF_FFFF), .fallingLines(Colour(hex: 0x7A_828B)))
        case .excluded: Paint("excluded", Colour(hex: 0xD3_D8DD), .dots(Colour(hex: 0x46_4D55)))
        }
    }

    /// How a day of the calendar looks, by the class of its downtime: 0 is none.
    static func paint(downtimeClass: Int) -> Paint {
        switch downtimeClass {
        case 0: Paint("day0", Colour(hex: 0xDC_F0E9))
        case 1: Paint("day1", Colour(hex: 0xFB_D9A0))
        case 2: Paint("day2", Colour(hex: 0xF0_A94E))
        case 3: Paint("day3", Colour(hex: 0xCE_6F20))
        default: Paint("day4", Colour(hex: 0x7E_2606), textColour: paper)
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
    static let band = Paint("band", Colour(hex: 0xBF_D8EA))
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
    /// Lines or dots over a fill, with their colour.
    enum Hatch: Hashable, Sendable {
        case risingLines(Colour)
        case fallingLines(Colour)
        case levelLines(Colour)
        case dots(Colour)
    }

    /// Names the hatch inside one drawing; `[a-z0-9]+`.
    let name: String
    let colour: Colour
    let hatch: Hatch?
    /// Text that may lie on it.
    let textColour: Colour

    init(
        _ name: String, _ colour: Colour, _ hatch: Hatch? = nil,
        textColour: Colour = ChartStyle.ink
    ) {
        self.name = name
        self.colour = colour
        self.hatch = hatch
        self.textColour = textColour
    }

    /// The tile of the hatch, 6 by 6 pixels, as the inside of a `<pattern>`.
    var tile: String {
        guard let hatch else { return "" }
        let under = "<path d=\"M0 0h6v6H0z\" fill=\"\(colour.text)\"/>"
        switch hatch {
        case .risingLines(let line):
            return under + stroke("M-1 1l2-2M0 6l6-6M5 7l2-2", line, "1.2")
        case .fallingLines(let line):
            return under + stroke("M-1 5l2 2M0 0l6 6M5-1l2 2", line, "1")
        case .levelLines(let line):
            return under + stroke("M0 1.5h6M0 4.5h6", line, "1")
        case .dots(let dot):
            return under + "<path d=\"M1 1h1v1H1zM4 4h1v1H4z\" fill=\"\(dot.text)\"/>"
        }
    }

    private func stroke(_ path: String, _ colour: Colour, _ width: String) -> String {
        "<path d=\"\(path)\" stroke=\"\(colour.text)\" stroke-width=\"\(width)\"/>"
    }
}
