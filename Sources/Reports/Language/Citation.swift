// SPDX-License-Identifier: Apache-2.0
public import Registry

/// A place in the order's Rules or in an annex to them, and how a document refers to it.
///
/// Code writes `A2.1.4` for annex 2, point 1, sub-point 4, and `¶17.2` for paragraph 17,
/// sub-paragraph 2; people read it as their language's legal texts put it.
public struct Citation: Hashable, Sendable {
    /// The annex, or nil for the Rules themselves.
    public let annex: Int?
    /// The point (of an annex) or paragraph (of the Rules).
    public let point: Int
    /// The sub-point, if one is meant.
    public let subpoint: Int?

    /// Makes a citation.
    public init(annex: Int? = nil, point: Int, subpoint: Int? = nil) {
        self.annex = annex
        self.point = point
        self.subpoint = subpoint
    }

    /// Reads `A2.1.4`, `A2.7`, `¶17.2` or `¶9`; nil for anything else.
    public init?(parsing text: String) {
        guard let sign = text.first, sign == "A" || sign == "¶" else { return nil }
        let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            // A sign or a fourth digit is none of the order's numbers.
            part.utf8.count <= 3 && part.first?.isNumber == true ? Int(part) : nil
        }
        guard numbers.count == parts.count, !numbers.isEmpty else { return nil }
        switch (sign, numbers.count) {
        case ("A", 2): self.init(annex: numbers[0], point: numbers[1])
        case ("A", 3): self.init(annex: numbers[0], point: numbers[1], subpoint: numbers[2])
        case ("¶", 1): self.init(point: numbers[0])
        case ("¶", 2): self.init(point: numbers[0], subpoint: numbers[1])
        default: return nil
        }
    }

    /// As code and the other papers of this program write it: `A2.1.4`, `¶17.2`.
    public var code: String {
        let tail = subpoint.map { "\(point).\($0)" } ?? "\(point)"
        return annex.map { "A\($0).\(tail)" } ?? "¶\(tail)"
    }

    /// As a report cites it: `2-қосымша, 1-тармақ, 4) тармақша`; `приложение 2, п. 1, подп. 4)`;
    /// `annex 2, point 1, sub-point 4`.
    public func text(_ language: Language) -> String {
        var parts: [String] = []
        switch language {
        case .kazakh:
            if let annex { parts.append("\(annex)-қосымша") }
            parts.append("\(point)-тармақ")
            if let subpoint { parts.append("\(subpoint))\u{a0}тармақша") }
        case .russian:
            if let annex { parts.append("приложение\u{a0}\(annex)") }
            parts.append("п.\u{a0}\(point)")
            if let subpoint { parts.append("подп.\u{a0}\(subpoint))") }
        case .english:
            if let annex { parts.append("annex\u{a0}\(annex)") }
            parts.append(annex == nil ? "paragraph\u{a0}\(point)" : "point\u{a0}\(point)")
            if let subpoint {
                parts.append(
                    annex == nil
                        ? "sub-paragraph\u{a0}\(subpoint)" : "sub-point\u{a0}\(subpoint)")
            }
        }
        return parts.joined(separator: ", ")
    }
}
