// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

/// The system's time zones.
public enum ZoneFiles {
    static let folder = "/usr/share/zoneinfo"
    static let expected = "an IANA name such as Asia/Almaty"

    /// The rules of the zone `name`, with the version of the system's tzdata, or throws that there
    /// is no such zone.
    public static func rules(_ name: String) throws(ValueFault) -> ZoneRules {
        guard isName(name),
            let octets = try? InputFile.octets(
                of: folder + "/" + name, limit: ZoneRules.largestFile),
            octets.starts(with: "TZif".utf8)
        else {
            let near = NearestWord.nearest(to: name, in: names)
            throw ValueFault(
                .invalidValue, "unknown zone" + (near.map { ", did you mean `\($0)`?" } ?? ""),
                expected: expected)
        }
        let rules: ZoneRules
        do {
            rules = try ZoneRules.parse(name: name, version: version, tzif: octets.span)
        } catch {
            throw ValueFault(
                .invalidValue, "a zone whose file is damaged (\(error))", expected: expected)
        }
        // Kazakhstan has had one time since 2024-03-01: data that do not know it would count
        // days of the wrong length.
        if zonesOfKazakhstan.contains(name),
            rules.offset(at: Instant(nanoseconds: 1_709_251_200_000_000_000)) != 18_000
        {
            throw ValueFault(
                .invalidValue, "zone data too old for \(name) (tzdata \(version))",
                expected: "tzdata 2024a or later, which knows the time of Kazakhstan since then")
        }
        return rules
    }

    private static let zonesOfKazakhstan: Set<String> = [
        "Asia/Almaty", "Asia/Aqtau", "Asia/Aqtobe", "Asia/Atyrau", "Asia/Oral", "Asia/Qostanay",
        "Asia/Qyzylorda",
    ]

    /// The version of the system's tzdata, such as `2026a`; empty if it does not say.
    public static let version: String = {
        // The first line is `# version 2026a`.
        let octets = (try? InputFile.octets(of: folder + "/tzdata.zi", limit: 4 << 20)) ?? []
        let line = String(decoding: octets.prefix { $0 != 0x0a }, as: UTF8.self)
        let words = line.split(separator: " ")
        return words.count == 3 && words[1] == "version" ? String(words[2]) : ""
    }()

    /// Names of the zones that the system lists, for suggestions.
    private static let names: [String] = {
        let octets = (try? InputFile.octets(of: folder + "/zone.tab", limit: 1 << 20)) ?? []
        return octets.split(separator: 0x0a)
            .filter { $0.first != UInt8(ascii: "#") }
            .compactMap { line in
                let fields = line.split(separator: 0x09)
                return fields.count > 2 ? String(decoding: fields[2], as: UTF8.self) : nil
            }
    }()

    /// Whether `name` has the shape of a zone's name and leads to no other file.
    private static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isShaped =
            name.utf8.count <= 64
            && parts.allSatisfy { part in
                part.utf8.first.map { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a } ?? false
                    && part.utf8.allSatisfy {
                        ($0 >= 0x30 && $0 <= 0x39) || (($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a)
                            || [0x2b, 0x2d, 0x5f].contains($0)
                    }
            }
        // Copies with leap seconds, and what stands for another zone on each machine.
        return isShaped && !["right", "posix", "posixrules", "localtime"].contains(parts[0])
    }
}
