// SPDX-License-Identifier: Apache-2.0
import Glibc
import Timekeeping

/// The compiled zone data of the system: a folder with one file a zone (RFC 9636).
struct ZoneFiles {
    /// Where the files are, without a slash at the end.
    var folder: String

    /// Where Linux distributions put them (package `tzdata`).
    static let system = ZoneFiles(folder: "/usr/share/zoneinfo")

    /// Octets of a zone's name; the longest of tzdata has 32 (chosen).
    static let longestName = 64

    /// The zones of Kazakhstan, which has had one time since 2024-03-01.
    static let zonesOfKazakhstan: Set<String> = [
        "Asia/Almaty", "Asia/Aqtau", "Asia/Aqtobe", "Asia/Atyrau", "Asia/Oral", "Asia/Qostanay",
        "Asia/Qyzylorda",
    ]
    /// The first version of tzdata that knows of it.
    static let firstVersionForKazakhstan = "2024a"

    /// The rules of the zone that IANA calls `name`, and the version of the data.
    ///
    /// `UTC` needs no file. Data whose version is not known are refused, because a report must
    /// name it; so are data of Kazakhstan that do not know its present time.
    func rules(named name: String) throws(ZoneFileFault) -> ZoneRules {
        if name == "UTC" || name == "Etc/UTC" { return .utc }
        guard ZoneFiles.isName(name), let octets = octets(of: name, limit: ZoneRules.largestFile)
        else { throw .unknownZone(name) }
        let version = try version()
        let rules: ZoneRules
        do throws(ZoneFault) {
            rules = try ZoneRules.parse(name: name, version: version, tzif: octets.span)
        } catch {
            throw .damaged(path: "\(folder)/\(name)", error)
        }
        if ZoneFiles.zonesOfKazakhstan.contains(name) {
            guard ZoneFiles.isVersion(version, from: ZoneFiles.firstVersionForKazakhstan),
                rules.offset(at: Instant(nanoseconds: 1_709_251_200_000_000_000)) == 18_000
            else { throw .tooOld(name, version: version) }
        }
        return rules
    }

    /// The version of tzdata in the folder, such as `2024a`.
    func version() throws(ZoneFileFault) -> String {
        // Its first line is `# version 2024a`; some distributions have `+VERSION` instead.
        let heads = [("tzdata.zi", "# version "), ("+VERSION", "")]
        for (file, prefix) in heads {
            guard let octets = octets(of: file, limit: 64, isWhole: false) else { continue }
            let line = octets.prefix { $0 != UInt8(ascii: "\n") }
            let text = String(decoding: line, as: UTF8.self)
            guard text.hasPrefix(prefix) else { continue }
            let version = String(text.dropFirst(prefix.count))
            if ZoneFiles.isVersion(version, from: "") { return version }
        }
        throw .noVersion(folder: folder)
    }

    /// Whether `name` can be that of a zone: parts of letters, digits, `_`, `+` and `-`, the first
    /// letter large.
    ///
    /// So it can lead nowhere else, be it by `..`, by a leading slash, or to the copies in `right/`
    /// and `posix/`.
    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= longestName,
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
        else { return false }
        return name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { octet in
                        let scalar = Unicode.Scalar(octet)
                        return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                            || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "+"
                            || scalar == "-"
                    }
            }
    }

    /// Whether `version` is a year and letters behind it, and not before `first`.
    static func isVersion(_ version: String, from first: String) -> Bool {
        let octets = Array(version.utf8)
        guard (5...8).contains(octets.count),
            octets.prefix(4).allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            octets.dropFirst(4).allSatisfy({
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            })
        else { return false }
        return !octets.lexicographicallyPrecedes(Array(first.utf8))
    }

    /// The first `limit` octets of a file; nil if it cannot be read, or if it must be read whole
    /// and is longer.
    private func octets(of file: String, limit: Int, isWhole: Bool = true) -> [UInt8]? {
        guard let handle = unsafe fopen("\(folder)/\(file)", "rbe") else { return nil }
        defer { unsafe fclose(handle) }
        var octets = [UInt8](repeating: 0, count: limit + 1)
        let count = unsafe fread(&octets, 1, octets.count, handle)
        // A folder opens, and fails to be read.
        guard unsafe ferror(handle) == 0, !isWhole || count <= limit else { return nil }
        return Array(octets.prefix(min(count, limit)))
    }
}

/// Why there are no rules of a zone.
enum ZoneFileFault: Error, Hashable {
    /// The folder has no zone of this name, or this cannot be a name.
    case unknownZone(String)
    /// The folder does not tell the version of its data.
    case noVersion(folder: String)
    /// The file is no zone data.
    case damaged(path: String, ZoneFault)
    /// The data are from before what is known to have changed.
    case tooOld(String, version: String)
}

extension ZoneFileFault: CustomStringConvertible {
    /// One sentence: what is wrong, and what was expected.
    var description: String {
        switch self {
        case .unknownZone(let name):
            "unknown zone \(ZoneFileFault.shown(name)); expected an IANA name such as Asia/Almaty"
        case .noVersion(let folder):
            "zone data without a version in \(folder); expected tzdata.zi or +VERSION there, as the "
                + "package tzdata brings them"
        case .damaged(let path, let fault): "\(path): \(fault)"
        case .tooOld(let name, let version):
            "zone data too old for \(name) (got tzdata \(version); expected "
                + "\(ZoneFiles.firstVersionForKazakhstan) or later, which know the time of "
                + "Kazakhstan since 2024-03-01)"
        }
    }

    /// The name in quotes, what is not printable ASCII escaped, at most 64 characters of it.
    private static func shown(_ name: String) -> String {
        let head = name.unicodeScalars.prefix(ZoneFiles.longestName)
        let text = head.map { $0.escaped(asASCII: true) }.joined()
        return "\"\(text)\(head.count < name.unicodeScalars.count ? "…" : "")\""
    }
}
