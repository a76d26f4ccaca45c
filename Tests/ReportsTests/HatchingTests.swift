// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct HatchingTests {
    static let colour = Colour(hex: 0)

    /// Numbers of a path in order, as hundredths.
    static func points(_ path: String) -> [(x: Int, y: Int)] {
        var points: [(Int, Int)] = []
        for stroke in path.split(separator: "M") {
            let numbers = stroke.split { "lh ".contains($0) }.map { hundredths(String($0)) }
            guard numbers.count >= 3 else { continue }
            points.append((numbers[0], numbers[1]))
            points.append(
                (numbers[0] + numbers[2], numbers[1] + (numbers.count > 3 ? numbers[3] : 0)))
        }
        return points
    }

    static func hundredths(_ text: String) -> Int {
        let isNegative = text.hasPrefix("-")
        let parts = (isNegative ? String(text.dropFirst()) : text)
            .split(separator: ".", omittingEmptySubsequences: false)
        let whole = (Int(parts[0]) ?? 0) * 100
        let part = parts.count > 1 ? Int((parts[1] + "00").prefix(2)) ?? 0 : 0
        return isNegative ? -(whole + part) : whole + part
    }

    @Test func `no line leaves its area`() {
        var random = SeededRandom(seed: 7)
        let kinds: [Hatching] = [
            .rising(Self.colour), .falling(Self.colour), .level(Self.colour), .dots(Self.colour),
        ]
        for _ in 0..<500 {
            let box = Box(
                x: .random(in: 0...500_00, using: &random),
                y: .random(in: 0...300_00, using: &random),
                width: .random(in: 0...90_00, using: &random),
                height: .random(in: 1_00...90_00, using: &random))
            for kind in kinds {
                for point in Self.points(kind.path(in: box)) {
                    #expect((box.x...box.end).contains(point.x), "\(kind) \(box)")
                    #expect((box.y...box.bottom).contains(point.y), "\(kind) \(box)")
                }
            }
        }
    }

    @Test func `lines run on from one area to its neighbour`() {
        let whole = Hatching.rising(Self.colour).path(
            in: Box(x: 0, y: 0, width: 40_00, height: 10_00))
        let right = Hatching.rising(Self.colour).path(
            in: Box(x: 20_00, y: 0, width: 20_00, height: 10_00))
        let sums = Set(Self.points(whole).map { $0.x + $0.y })
        #expect(Set(Self.points(right).map { $0.x + $0.y }).isSubset(of: sums))
    }

    @Test func `a sliver has no hatch`() {
        let sliver = Box(x: 0, y: 0, width: 2_99, height: 20_00)
        #expect(Hatching.falling(Self.colour).path(in: sliver).isEmpty)
    }
}
