// SPDX-License-Identifier: Apache-2.0

/// A scale of amounts with ticks at round numbers, in whole units of the caller's choice
/// (nanoseconds, millionths, bits a second).
public struct ValueAxis: Hashable, Sendable {
    /// An amount and its text.
    public struct Tick: Hashable, Sendable {
        /// The amount.
        public var value: Int64
        /// What stands beside it, without the unit.
        public var label: String

        /// Makes a tick.
        public init(_ value: Int64, _ label: String) {
            self.value = value
            self.label = label
        }
    }

    /// The amount at the scale's beginning.
    public let low: Int64
    /// The amount at the scale's end; above `low`.
    public let high: Int64
    /// Marks in rising order.
    public let ticks: [Tick]
    /// The unit of the labels, printed once: `h`, `%`.
    public let unit: String

    /// Makes the scale from `low` to `high`, both moved outwards to a round number: a step is 1, 2
    /// or 5 times a power of ten of `base` (an hour, a per cent), so that there are at most
    /// `atMost` of them.
    public init(
        from low: Int64, through high: Int64, base: Int64, atMost: Int = 5, unit: String,
        label: (Int64) -> String
    ) {
        precondition(base > 0 && atMost > 0)
        let span = max(Int128(high) - Int128(low), Int128(base))
        var step = Int128(base)
        var factors = [2, 5, 10][...]
        var power = Int128(base)
        while step * Int128(atMost) < span {
            if let factor = factors.popFirst() {
                step = power * Int128(factor)
            } else {
                (power, factors) = (power * 10, [2, 5, 10])
            }
        }
        // A scale that would leave 64 bits sticks to their end.
        let first = ValueAxis.floored(Int128(low), to: step)
        let last = -ValueAxis.floored(-max(Int128(high), first + step), to: step)
        self.low = Int64(clamping: first)
        self.high = Int64(clamping: last)
        ticks = stride(from: first, through: last, by: Int128.Stride(step)).map { value in
            Tick(Int64(clamping: value), label(Int64(clamping: value)))
        }
        self.unit = unit
    }

    private static func floored(_ number: Int128, to step: Int128) -> Int128 {
        let rest = number % step
        return number - (rest < 0 ? rest + step : rest)
    }

    /// How far `value` lies from the beginning on a scale drawn `length` hundredths long; held
    /// inside.
    func offset(of value: Int64, length: Int) -> Int {
        let held = min(max(value, low), high)
        let product = (Int128(held) - Int128(low)) * Int128(length)
        return Int(product / max(1, Int128(high) - Int128(low)))
    }

    /// Draws ticks, labels and unit beneath `data`, the beginning at its left; with lines through
    /// the data if `hasGrid`.
    func draw(on drawing: inout Drawing, under data: Box, hasGrid: Bool) {
        var (marks, grid) = ("", "")
        var labels: [(String, Int, Int)] = []
        for tick in ticks {
            let x = data.x + offset(of: tick.value, length: data.width)
            grid += "M\(number(x)) \(number(data.y))v\(number(data.height))"
            marks += "M\(number(x)) \(number(data.bottom))v4"
            labels.append((text(of: tick), x, data.bottom + 14_00))
        }
        let small = ChartStyle.smallTextSize
        drawing.texts(
            labels, .init(size: small, colour: ChartStyle.mutedInk, anchor: .middle))
        if hasGrid { drawing.line(grid, colour: ChartStyle.grid, width: 75) }
        drawing.line(marks, colour: ChartStyle.frame, width: 75)
    }

    /// Space beneath the data that ticks and labels take.
    static let height = 19_00

    /// The label, with the unit behind the last one.
    private func text(of tick: Tick) -> String {
        tick.value == ticks.last?.value ? "\(tick.label)\u{a0}\(unit)" : tick.label
    }

    /// How far the last label beneath the data stands out at the right.
    func overhang() -> Int {
        ticks.last.map { Lettering.width(text(of: $0), size: ChartStyle.smallTextSize) / 2 } ?? 0
    }

    /// Width of the widest label without the unit.
    func labelWidth() -> Int {
        ticks.map { Lettering.width($0.label, size: ChartStyle.smallTextSize) }.max() ?? 0
    }
}
