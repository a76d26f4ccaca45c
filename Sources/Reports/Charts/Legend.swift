// SPDX-License-Identifier: Apache-2.0

/// What the colours, hatches and lines of a chart mean.
struct Legend {
    /// A look and its name.
    struct Entry {
        enum Look {
            case area(Paint)
            /// An area with a corner of another look.
            case corner(Paint, Paint)
            case line(Colour, dashes: String?)
        }
        let look: Look
        let label: String
    }

    let entries: [Entry]

    private static let swatch = 14_00
    private static let gap = 14_00
    private static let lineHeight = 16_00

    /// Draws the entries one after the other from the place's upper left corner, in as many lines
    /// as they need; returns the height taken.
    func draw(on drawing: inout Drawing, x: Int, y: Int, width: Int) -> Int {
        var (left, line) = (x, y)
        for entry in entries {
            let room = width - Legend.swatch - 5_00
            let label = Lettering.fitted(entry.label, to: room, size: ChartStyle.textSize)
            let taken = Legend.swatch + 5_00 + Lettering.width(label, size: ChartStyle.textSize)
            if left > x, left + taken > x + width { (left, line) = (x, line + Legend.lineHeight) }
            switch entry.look {
            case .area(let paint):
                let place = Box(x: left, y: line + 2_00, width: Legend.swatch, height: 10_00)
                drawing.rectangle(place, paint: paint, frame: ChartStyle.frame)
            case .corner(let paint, let corner):
                let place = Box(x: left, y: line + 2_00, width: Legend.swatch, height: 10_00)
                drawing.rectangle(place, paint: paint)
                drawing.corners([place], 8_00, paint: corner)
                drawing.rectangle(place, paint: nil, frame: ChartStyle.frame)
            case .line(let colour, let dashes):
                let path = "M\(number(left)) \(number(line + 7_00))h\(number(Legend.swatch))"
                drawing.line(path, colour: colour, width: 2_00, dashes: dashes)
            }
            drawing.text(label, x: left + Legend.swatch + 5_00, y: line + 11_00)
            left += taken + Legend.gap
        }
        return entries.isEmpty ? 0 : line + Legend.lineHeight - y
    }
}
