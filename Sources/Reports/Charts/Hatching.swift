// SPDX-License-Identifier: Apache-2.0

/// Lines or dots over a fill, so that areas differ where colours do not.
///
/// Drawn line by line and cut at the area's edges: a `<pattern>` would be shorter, but printers
/// and PDF viewers show the seams of its tiles. Lines run on from one area to the next.
enum Hatching: Hashable, Sendable {
    /// From the lower left to the upper right.
    case rising(Colour)
    /// From the upper left to the lower right.
    case falling(Colour)
    case level(Colour)
    case dots(Colour)

    /// Between neighbouring lines, along the axis of x.
    private static let spacing = 6_00
    /// What is narrower has no hatch: it would be mere dirt.
    static let leastWidth = 3_00

    var colour: Colour {
        switch self {
        case .rising(let colour), .falling(let colour), .level(let colour), .dots(let colour):
            colour
        }
    }

    /// The lines inside `box`, for a stroke one pixel wide.
    func path(in box: Box) -> String {
        guard box.width >= Hatching.leastWidth else { return "" }
        return switch self {
        case .rising: rising(box)
        case .falling: falling(box)
        case .level: level(box)
        case .dots: dots(box)
        }
    }

    /// Falling lines inside the upper right corner of `box`, a triangle of that size.
    static func corner(of box: Box, _ size: Int) -> String {
        var path = ""
        for length in [size / 3, size * 2 / 3] {
            path += "M\(number(box.end - length)) \(number(box.y))"
            path += "l\(number(length)) \(number(length))"
        }
        return path
    }

    /// Lines of equal x + y.
    private func rising(_ box: Box) -> String {
        var path = ""
        for sum in Hatching.steps(after: box.x + box.y, before: box.end + box.bottom) {
            let start = max(box.x, sum - box.bottom)
            let end = min(box.end, sum - box.y)
            path += "M\(number(start)) \(number(sum - start))"
            path += "l\(number(end - start)) \(number(start - end))"
        }
        return path
    }

    /// Lines of equal x − y.
    private func falling(_ box: Box) -> String {
        var path = ""
        for difference in Hatching.steps(after: box.x - box.bottom, before: box.end - box.y) {
            let start = max(box.x, difference + box.y)
            let end = min(box.end, difference + box.bottom)
            path += "M\(number(start)) \(number(start - difference))"
            path += "l\(number(end - start)) \(number(end - start))"
        }
        return path
    }

    private func level(_ box: Box) -> String {
        stride(from: box.y + 2_00, to: box.bottom, by: 4_00).map { y in
            "M\(number(box.x)) \(number(y))h\(number(box.width))"
        }.joined()
    }

    private func dots(_ box: Box) -> String {
        var path = ""
        for (row, y) in stride(from: box.y + 2_50, to: box.bottom - 50, by: 4_00).enumerated() {
            let shift = row % 2 == 0 ? 1_00 : 4_00
            for x in Hatching.steps(after: box.x - shift, before: box.end - shift - 1_00) {
                path += "M\(number(x + shift)) \(number(y))h1"
            }
        }
        return path
    }

    /// The multiples of the spacing between two places, neither included.
    private static func steps(after start: Int, before end: Int) -> StrideTo<Int> {
        let rest = start % spacing
        let first = start - (rest < 0 ? rest + spacing : rest) + spacing
        return stride(from: first, to: end, by: spacing)
    }
}
