// SPDX-License-Identifier: Apache-2.0

/// An SVG picture in the making: shapes and texts in the order in which they were added.
///
/// All lengths are hundredths of a user unit (a CSS pixel), integers, written with at most two
/// decimals: the same calls give the same bytes on any machine. One element a line. There is no style sheet, no
/// script, no font and no picture from elsewhere; looks are attributes, so that many drawings can
/// stand in one page. Identifiers begin with the prefix, which must differ within a page.
struct Drawing {
    /// Where a text's place lies in it.
    enum Anchor: String {
        case start, middle, end
    }

    /// How a text looks.
    struct TextLook {
        var size = ChartStyle.textSize
        var colour = ChartStyle.ink
        var anchor = Anchor.start
        var isBold = false
    }

    private let prefix: String
    private var body = ""

    /// Begins a drawing whose identifiers all begin with `prefix`, `[A-Za-z][A-Za-z0-9_-]*`.
    init(prefix: String) {
        precondition(Drawing.isPrefix(prefix), "an identifier of XML begins with a letter")
        self.prefix = prefix
    }

    /// Whether `text` can begin an identifier of XML and of a style sheet.
    static func isPrefix(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { octet in
            isLetter(octet) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
                || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_")
        }
    }

    private static func isLetter(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet | 0x20)
    }

    /// Adds a rectangle, with a thin frame if one is asked for.
    mutating func rectangle(_ place: Box, paint: Paint?, frame: Colour? = nil) {
        if let paint { boxes([place], paint: paint) }
        guard let frame else { return }
        body += "<path d=\"\(place.path)\" fill=\"none\" stroke=\"\(frame.text)\""
        body += " stroke-width=\".75\"/>\n"
    }

    /// Adds rectangles of one look, with their hatch.
    mutating func boxes(_ boxes: [Box], paint: Paint) {
        guard !boxes.isEmpty else { return }
        area(boxes.map(\.path).joined(), colour: paint.colour)
        guard let hatching = paint.hatching else { return }
        let lines = boxes.map { hatching.path(in: $0) }.joined()
        if !lines.isEmpty { line(lines, colour: hatching.colour, width: 1_00) }
    }

    /// Adds the upper right corners of `boxes` as triangles of that size, hatched.
    mutating func corners(_ boxes: [Box], _ size: Int, paint: Paint) {
        guard !boxes.isEmpty else { return }
        let triangles = boxes.map { box in
            "M\(number(box.end)) \(number(box.y))v\(number(size))"
                + "l\(number(-size)) \(number(-size))z"
        }
        area(triangles.joined(), colour: paint.colour)
        guard let hatching = paint.hatching else { return }
        let lines = boxes.map { Hatching.corner(of: $0, size) }
        line(lines.joined(), colour: hatching.colour, width: 1_00)
    }

    /// Adds an area bounded by `path`.
    mutating func area(_ path: String, colour: Colour) {
        body += "<path d=\"\(path)\" fill=\"\(colour.text)\"/>\n"
    }

    /// Adds a line along `path`; `width` in hundredths.
    mutating func line(_ path: String, colour: Colour, width: Int, dashes: String? = nil) {
        body += "<path d=\"\(path)\" fill=\"none\" stroke=\"\(colour.text)\""
        if width != 1_00 { body += " stroke-width=\"\(number(width))\"" }
        if let dashes { body += " stroke-dasharray=\"\(dashes)\"" }
        body += "/>\n"
    }

    /// Adds a line of text whose base line is at `y`.
    mutating func text(_ text: String, x: Int, y: Int, _ look: TextLook = TextLook()) {
        body += "<text x=\"\(number(x))\" y=\"\(number(y))\"\(attributes(look))>"
        body += "\(escaped(text))</text>\n"
    }

    /// Adds many short texts of one look in fewer octets than one by one.
    mutating func texts(_ texts: [(text: String, x: Int, y: Int)], _ look: TextLook) {
        guard !texts.isEmpty else { return }
        body += "<g\(attributes(look))>"
        for one in texts {
            body += "<text x=\"\(number(one.x))\" y=\"\(number(one.y))\">"
            body += "\(escaped(one.text))</text>"
        }
        body += "</g>\n"
    }

    private func attributes(_ look: TextLook) -> String {
        var text = ""
        if look.size != ChartStyle.textSize { text += " font-size=\"\(number(look.size))\"" }
        if look.colour != ChartStyle.ink { text += " fill=\"\(look.colour.text)\"" }
        if look.anchor != .start { text += " text-anchor=\"\(look.anchor.rawValue)\"" }
        if look.isBold { text += " font-weight=\"bold\"" }
        return text
    }

    /// The whole picture: an `<svg>` element with the two texts that are read aloud in its place.
    func finished(width: Int, height: Int, title: String, summary: String) -> String {
        let size = "\(number(width))\" height=\"\(number(height))"
        var text = "<svg xmlns=\"http://www.w3.org/2000/svg\""
        text += " viewBox=\"0 0 \(number(width)) \(number(height))\" width=\"\(size)\""
        text += " role=\"img\" aria-labelledby=\"\(prefix)-t \(prefix)-d\""
        text += " font-family=\"sans-serif\" font-size=\"\(number(ChartStyle.textSize))\""
        text += " fill=\"\(ChartStyle.ink.text)\">\n"
        text += "<title id=\"\(prefix)-t\">\(escaped(title))</title>\n"
        text += "<desc id=\"\(prefix)-d\">\(escaped(summary))</desc>\n"
        return text + body + "</svg>\n"
    }
}

/// A place on a drawing, in hundredths of a pixel.
struct Box: Hashable, Sendable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    /// The right edge.
    var end: Int { x + width }
    /// The lower edge.
    var bottom: Int { y + height }
    /// The outline, for a path.
    var path: String {
        "M\(number(x)) \(number(y))h\(number(width))v\(number(height))h\(number(-width))z"
    }
}

/// Hundredths as SVG writes a number: as few characters as will do (`12`, `-.5`, `3.07`).
func number(_ hundredths: Int) -> String {
    let (whole, part) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    var text = hundredths < 0 ? "-" : ""
    if whole > 0 || part == 0 { text += String(whole) }
    if part > 0 {
        text += part < 10 ? ".0" : "."
        text += String(part % 10 == 0 ? part / 10 : part)
    }
    return text
}

/// `text` with the signs of XML as entities; what XML 1.0 cannot carry becomes U+FFFD.
func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        case "\u{0}"..."\u{8}", "\u{b}", "\u{c}", "\u{e}"..."\u{1f}", "\u{fffe}", "\u{ffff}":
            result += "\u{fffd}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
