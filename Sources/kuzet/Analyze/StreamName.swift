// SPDX-License-Identifier: Apache-2.0
import Measurements

/// What people call a stream: its URL without scheme and usual port, else its sender.
enum StreamName {
    /// The name of the report's stream, as it came.
    static func of(_ report: StreamReport) -> String {
        guard let url = report.medium.url, !url.isEmpty else { return report.identity.source }
        return short(url)
    }

    private static func short(_ url: String) -> String {
        for (scheme, port) in [("rtsp://", ":554"), ("rtsps://", ":322"), ("http://", ":80")] {
            guard url.hasPrefix(scheme) else { continue }
            let rest = url.dropFirst(scheme.count)
            let host = rest.prefix { $0 != "/" }
            let path = rest.dropFirst(host.count)
            return String(host.hasSuffix(port) ? host.dropLast(port.count) : host) + path
        }
        return url
    }

    /// `name` in at most `limit` columns, cut where it tells least: the host and the end of the
    /// path tell cameras apart, the path's beginning is the same for all of one make.
    static func shortened(_ name: String, to limit: Int, ascii: Bool) -> String {
        guard PrintableText.width(name) > limit, let slash = name.firstIndex(of: "/") else {
            return PrintableText.shortened(name, to: limit, ascii: ascii)
        }
        let host = String(name[...slash])
        let mark = ascii ? ".." : "…"
        let room = limit - PrintableText.width(host) - PrintableText.width(mark)
        // Fewer letters of a path than these say nothing: then all is cut alike.
        guard room >= 4 else {
            return PrintableText.shortened(name, to: limit, ascii: ascii)
        }
        var tail = name[name.index(after: slash)...]
        while PrintableText.width(String(tail)) > room { tail.removeFirst() }
        return host + mark + tail
    }

    /// Whether `left` comes before `right` where numbers count as numbers, so that `10.0.0.9` comes
    /// before `10.0.0.10`.
    static func precedes(_ left: String, _ right: String) -> Bool {
        var left = Substring(left).utf8, right = Substring(right).utf8
        while let a = left.first, let b = right.first {
            if isDigit(a), isDigit(b) {
                let one = digits(&left), other = digits(&right)
                if one.count != other.count { return one.count < other.count }
                if one != other { return one.lexicographicallyPrecedes(other) }
            } else {
                if a != b { return a < b }
                left.removeFirst()
                right.removeFirst()
            }
        }
        return left.isEmpty && !right.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Takes the number that `text` begins with, without its leading zeros.
    private static func digits(_ text: inout Substring.UTF8View) -> [UInt8] {
        let number = text.prefix(while: isDigit)
        text = text.dropFirst(number.count)
        return Array(number.drop { $0 == 0x30 })
    }
}
