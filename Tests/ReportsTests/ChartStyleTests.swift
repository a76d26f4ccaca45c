// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct ChartStyleTests {
    /// Relative luminance (WCAG 2.2): linear light weighted by how bright it looks.
    static func luminance(_ colour: Colour) -> Double {
        let parts = [16, 8, 0].map { shift -> Double in
            let value = Double((colour.hex >> UInt32(shift)) & 0xff) / 255
            return value <= 0.04045 ? value / 12.92 : power((value + 0.055) / 1.055)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    /// The 2.4th power of a number between 0 and 1, by its fifth root.
    static func power(_ base: Double) -> Double {
        var root = 1.0
        for _ in 0..<60 {
            root -= (root * root * root * root * root - base) / (5 * root * root * root * root)
        }
        var result = 1.0
        for _ in 0..<12 { result *= root }
        return result
    }

    static func contrast(_ one: Colour, _ other: Colour) -> Double {
        let (low, high) = (
            min(luminance(one), luminance(other)), max(luminance(one), luminance(other))
        )
        return (high + 0.05) / (low + 0.05)
    }

    @Test func `the measure of contrast is that of the standard`() {
        #expect(abs(Self.contrast(Colour(hex: 0), Colour(hex: 0xff_ffff)) - 21) < 0.01)
        #expect(abs(Self.contrast(Colour(hex: 0x77_7777), Colour(hex: 0xff_ffff)) - 4.48) < 0.01)
    }

    @Test func `text can be read on whatever it lies on`() {
        #expect(Self.contrast(ChartStyle.ink, ChartStyle.paper) >= 7)
        #expect(Self.contrast(ChartStyle.mutedInk, ChartStyle.paper) >= 4.5)
        for downtimeClass in 0...4 {
            let paint = ChartStyle.paint(downtimeClass: downtimeClass)
            #expect(Self.contrast(paint.textColour, paint.colour) >= 4.5, "class \(downtimeClass)")
        }
        let unknown = ChartStyle.paint(.unknown)
        #expect(Self.contrast(unknown.textColour, unknown.colour) >= 4.5)
    }

    @Test func `a worse day is darker, so that a grey print keeps the order`() {
        let lights = (0...4).map { Self.luminance(ChartStyle.paint(downtimeClass: $0).colour) }
        for (better, worse) in zip(lights, lights.dropFirst()) { #expect(better > worse + 0.05) }
    }

    @Test func `states of like lightness differ in their hatch`() {
        let states = StatusStrip.State.allCases
        for (index, one) in states.enumerated() {
            for other in states[(index + 1)...] {
                let (left, right) = (ChartStyle.paint(one), ChartStyle.paint(other))
                let isAlike = Self.contrast(left.colour, right.colour) < 1.5
                #expect(!isAlike || left.hatching != right.hatching, "\(one) \(other)")
                #expect(left.colour != right.colour)
            }
        }
    }

    @Test func `lines of a trend can be told from the paper and from each other`() {
        for index in 0..<TrendChart.mostSeries {
            #expect(Self.contrast(ChartStyle.line(index).colour, ChartStyle.paper) >= 3)
        }
        let looks = (0..<TrendChart.mostSeries).map { ChartStyle.line($0).dashes ?? "" }
        #expect(Set(looks).count == TrendChart.mostSeries)
    }

    @Test func `a colour is written in six digits`() {
        #expect(Colour(hex: 0x0000_0a).text == "#00000a")
    }
}
