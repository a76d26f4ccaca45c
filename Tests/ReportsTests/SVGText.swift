// SPDX-License-Identifier: Apache-2.0

@testable import Reports

/// A text of a drawing with the room that it takes, read back from the markup.
struct SVGText {
    let text: String
    let box: Box

    /// All texts of `svg`, which is one of ours: attributes in double quotes, groups not nested.
    static func all(in svg: String) -> [SVGText] {
        var found: [SVGText] = []
        var group: [String: String] = [:]
        for element in svg.split(separator: "<") {
            if element.hasPrefix("g") { group = attributes(element) }
            if element.hasPrefix("/g") { group = [:] }
            guard element.hasPrefix("text ") else { continue }
            let own = group.merging(attributes(element)) { $1 }
            let content = element.split(separator: ">", omittingEmptySubsequences: false)
            let text = content.dropFirst().joined(separator: ">").replacing("&#39;", with: "'")
            let size = HatchingTests.hundredths(own["font-size"] ?? "11")
            let width = Lettering.width(text, size: size, isBold: own["font-weight"] == "bold")
            var x = HatchingTests.hundredths(own["x"] ?? "")
            if own["text-anchor"] == "middle" { x -= width / 2 }
            if own["text-anchor"] == "end" { x -= width }
            let base = HatchingTests.hundredths(own["y"] ?? "")
            // From the height of capitals to the base line; descenders may reach between lines.
            let box = Box(x: x, y: base - size * 3 / 4, width: width, height: size * 3 / 4)
            found.append(SVGText(text: text, box: box))
        }
        return found
    }

    static func attributes(_ element: Substring) -> [String: String] {
        var found: [String: String] = [:]
        let head = element.prefix { $0 != ">" }
        var rest = head.split(separator: " ").dropFirst()
        while let part = rest.popFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { found[String(pair[0])] = String(pair[1].filter { $0 != "\"" }) }
        }
        return found
    }

    func overlaps(_ other: SVGText) -> Bool {
        box.x < other.box.end && other.box.x < box.end && box.y < other.box.bottom
            && other.box.y < box.bottom
    }
}
