// SPDX-License-Identifier: Apache-2.0

/// An element of XML: its local name, its text, and what it holds.
///
/// Namespaces are not resolved: devices spell prefixes as they like, and the names asked for here
/// are unambiguous without.
struct XMLElement: Hashable {
    var name: String
    var attributes: [String: String] = [:]
    /// The text directly inside, pieces joined, without blanks at its ends.
    var text = ""
    var children: [XMLElement] = []

    /// The first child of that name.
    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The element at the end of a path of names.
    func at(_ path: String...) -> XMLElement? {
        var place: XMLElement? = self
        for name in path { place = place?[name] }
        return place
    }

    /// All children of that name.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The first element of that name anywhere inside, this one counted.
    func first(_ name: String) -> XMLElement? {
        if self.name == name { return self }
        for child in children {
            if let found = child.first(name) { return found }
        }
        return nil
    }
}

/// Why a text is refused as XML.
struct XMLFault: Error, Hashable {
    enum Kind: String {
        case tooLong = "longer than 512 KiB"
        case encoding = "neither UTF-8 nor UTF-16"
        case declaration = "a document type or other declaration"
        case entity = "an entity that is none of the five"
        case tooDeep = "elements more than 32 deep"
        case tooMany = "more than 20000 elements"
        case tooManyAttributes = "more than 64 attributes"
        case longValue = "a value longer than 64 KiB"
        case malformed = "not well formed"
    }

    var kind: Kind
    /// Which octet, of the text as UTF-8.
    var offset: Int
}

/// Reads a small document of XML 1.0 into elements, within bounds.
///
/// No document type, so no entities but the five, so nothing is ever fetched or multiplied.
struct XMLReader {
    static let lengthLimit = 512 * 1024
    static let depthLimit = 32
    static let elementLimit = 20_000
    static let attributeLimit = 64
    static let valueLimit = 65_536

    private let octets: [UInt8]
    private var position = 0
    private var elements = 0

    /// Reads the one element of a document.
    static func read(_ octets: [UInt8]) throws(XMLFault) -> XMLElement {
        guard octets.count <= lengthLimit else {
            throw XMLFault(kind: .tooLong, offset: lengthLimit)
        }
        var reader = XMLReader(octets: try utf8(octets))
        return try reader.document()
    }

    private init(octets: [UInt8]) { self.octets = octets }

    private static func utf8(_ octets: [UInt8]) throws(XMLFault) -> [UInt8] {
        if octets.starts(with: [0xfe, 0xff]) || octets.starts(with: [0xff, 0xfe]) {
            let isBig = octets[0] == 0xfe
            var units: [UInt16] = []
            for index in stride(from: 2, to: octets.count - 1, by: 2) {
                let (first, second) = (UInt16(octets[index]), UInt16(octets[index + 1]))
                units.append(isBig ? first << 8 | second : second << 8 | first)
            }
            return Array(String(decoding: units, as: UTF16.self).utf8)
        }
        let rest = octets.starts(with: [0xef, 0xbb, 0xbf]) ? Array(octets.dropFirst(3)) : octets
        guard String(validating: rest, as: UTF8.self) != nil, !rest.contains(0) else {
            throw XMLFault(kind: .encoding, offset: 0)
        }
        return rest
    }

    private func fault(_ kind: XMLFault.Kind) -> XMLFault { XMLFault(kind: kind, offset: position) }

    private func has(_ text: StaticString) -> Bool {
        octets[position...].starts(with: text.description.utf8)
    }

    private mutating func skipBlanks() {
        while position < octets.count, [0x20, 0x09, 0x0a, 0x0d].contains(octets[position]) {
            position += 1
        }
    }

    /// Steps over what lies between here and the end of `mark`.
    private mutating func skip(past mark: StaticString) throws(XMLFault) -> Range<Int> {
        let start = position
        let wanted = Array(mark.description.utf8)
        while position + wanted.count <= octets.count {
            if octets[position..<(position + wanted.count)].elementsEqual(wanted) {
                defer { position += wanted.count }
                return start..<position
            }
            position += 1
        }
        throw fault(.malformed)
    }

    /// Steps over instructions and comments; refuses declarations.
    private mutating func skipMisc() throws(XMLFault) {
        while true {
            skipBlanks()
            if has("<?") {
                let range = try skip(past: "?>")
                let text = String(decoding: octets[range], as: UTF8.self).lowercased()
                if range.lowerBound == 0, let place = text.firstRange(of: "encoding=") {
                    let name = text[place.upperBound...].prefix(10)
                    guard name.contains("utf-8") || name.contains("utf-16") else {
                        throw XMLFault(kind: .encoding, offset: range.lowerBound)
                    }
                }
            } else if has("<!--") {
                _ = try skip(past: "-->")
            } else if has("<!") {
                throw fault(.declaration)
            } else {
                return
            }
        }
    }

    private mutating func document() throws(XMLFault) -> XMLElement {
        try skipMisc()
        guard has("<") else { throw fault(.malformed) }
        let root = try element(depth: 1)
        try skipMisc()
        guard position == octets.count else { throw fault(.malformed) }
        return root
    }

    private mutating func name() throws(XMLFault) -> String {
        let start = position
        while position < octets.count,
            ![0x20, 0x09, 0x0a, 0x0d, 0x2f, 0x3e, 0x3d, 0x3c, 0x22, 0x27, 0x26].contains(
                octets[position])
        {
            position += 1
        }
        guard position > start, position - start <= 256 else { throw fault(.malformed) }
        let whole = octets[start..<position]
        let local = whole.lastIndex(of: 0x3a).map { whole[($0 + 1)...] } ?? whole
        return String(decoding: local, as: UTF8.self)
    }

    private mutating func element(depth: Int) throws(XMLFault) -> XMLElement {
        guard depth <= Self.depthLimit else { throw fault(.tooDeep) }
        elements += 1
        guard elements <= Self.elementLimit else { throw fault(.tooMany) }
        position += 1
        var element = XMLElement(name: try name())
        while true {
            skipBlanks()
            if has("/>") {
                position += 2
                return element
            }
            if has(">") {
                position += 1
                break
            }
            guard element.attributes.count < Self.attributeLimit else {
                throw fault(.tooManyAttributes)
            }
            let key = try name()
            skipBlanks()
            guard has("=") else { throw fault(.malformed) }
            position += 1
            skipBlanks()
            element.attributes[key] = try value()
        }
        try content(of: &element, depth: depth)
        return element
    }

    private mutating func value() throws(XMLFault) -> String {
        guard has("\"") || has("'") else { throw fault(.malformed) }
        let quote = octets[position]
        position += 1
        let start = position
        while position < octets.count, octets[position] != quote {
            guard octets[position] != 0x3c else { throw fault(.malformed) }
            guard position - start <= Self.valueLimit else { throw fault(.longValue) }
            position += 1
        }
        guard position < octets.count else { throw fault(.malformed) }
        defer { position += 1 }
        return try unescaped(start..<position)
    }

    private mutating func content(
        of element: inout XMLElement, depth: Int
    ) throws(XMLFault) {
        var text = ""
        while true {
            let start = position
            while position < octets.count, octets[position] != 0x3c { position += 1 }
            guard position < octets.count else { throw fault(.malformed) }
            text += try unescaped(start..<position)
            guard text.utf8.count <= Self.valueLimit else { throw fault(.longValue) }
            if has("</") {
                position += 2
                guard try name() == element.name else { throw fault(.malformed) }
                skipBlanks()
                guard has(">") else { throw fault(.malformed) }
                position += 1
                element.text = XMLReader.trimmed(text)
                return
            }
            if has("<!--") {
                _ = try skip(past: "-->")
            } else if has("<![CDATA[") {
                position += 9
                let range = try skip(past: "]]>")
                text += String(decoding: octets[range], as: UTF8.self)
            } else if has("<!") {
                throw fault(.declaration)
            } else if has("<?") {
                _ = try skip(past: "?>")
            } else {
                element.children.append(try self.element(depth: depth + 1))
            }
        }
    }

    /// The text of a range with the five entities and numbers of characters resolved.
    private func unescaped(_ range: Range<Int>) throws(XMLFault) -> String {
        guard octets[range].contains(0x26) else {
            return String(decoding: octets[range], as: UTF8.self)
        }
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            guard octets[index] == 0x26 else {
                result.append(octets[index])
                index += 1
                continue
            }
            let end = octets[index..<min(range.upperBound, index + 12)].firstIndex(of: 0x3b)
            guard let end, let text = XMLReader.entity(octets[(index + 1)..<end]) else {
                throw XMLFault(kind: .entity, offset: index)
            }
            result += Array(text.utf8)
            index = end + 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func entity(_ name: ArraySlice<UInt8>) -> String? {
        switch String(decoding: name, as: UTF8.self) {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        case let text where text.hasPrefix("#"):
            let isHex = text.hasPrefix("#x")
            let number = UInt32(text.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10)
            // U+0000 and other controls are no characters of XML.
            guard let number, number >= 0x20 || [9, 10, 13].contains(number) else { return nil }
            return Unicode.Scalar(number).map { String($0) }
        default: return nil
        }
    }

    private static func trimmed(_ text: String) -> String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace }
        guard let first = text.firstIndex(where: { !isBlank($0) }),
            let last = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(text[first...last])
    }

    /// Text as it may stand in XML that we write: a device's token may hold anything.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
