// SPDX-License-Identifier: Apache-2.0

/// What was issued: the files of one report with their SHA-256, and what they were made from.
///
/// One text form, `manifest.txt`, line by line and in one order, so that the same issue has the
/// same bytes; these are what the signature covers. Whoever has the files, the text, the signature
/// and the public key needs nothing else to check a report.
public struct ReportManifest: Hashable, Sendable {
    /// The name and version of the text form.
    public static let schema = "kuzet.manifest/1"
    /// The name of the file.
    public static let fileName = "manifest.txt"
    /// The name of the detached signature: the 64 octets of Ed25519 (RFC 8032) and nothing else.
    public static let signatureName = "manifest.txt.sig"
    /// Octets of a text form that are read at most (chosen; ours have about two thousand).
    public static let largestFile = 65_536
    /// Files that a report has at most (chosen; ours has sixteen).
    public static let fileLimit = 100

    /// One file of the report.
    public struct File: Hashable, Sendable {
        /// Its name, without a folder.
        public var name: String
        /// Its length in octets.
        public var octets: Int
        /// Its SHA-256, 64 hexadecimal digits.
        public var digest: String

        /// Makes a file's line.
        public init(name: String, octets: Int, digest: String) {
            self.name = name
            self.octets = octets
            self.digest = digest
        }
    }

    /// The period as it was asked for.
    public var period: String
    /// For whom, as `Statement.Recipient` writes it.
    public var recipient: String
    /// `kk`, `ru` or `en`.
    public var language: String
    /// Counts from 1.
    public var revision: Int
    /// Counts from 1 within a revision; the text form names it from 2 on.
    public var issue: Int
    /// Whether figures may still change.
    public var isProvisional: Bool
    /// SHA-256 of what the report says, whatever its revision and language.
    public var content: String
    /// The journal's head when the report was made; empty if there was none.
    public var journal: String
    /// Version of the time zone database.
    public var tzdata: String
    /// Version of the program.
    public var software: String
    /// The files, by name.
    public var files: [File]

    /// Makes the manifest of an issue; files are put in the order of their names.
    public init(
        header: Statement.Header, language: String, content: String, journal: String,
        files: [File]
    ) {
        period = header.periodName
        recipient = header.recipient.description
        self.language = language
        revision = header.revision
        issue = header.issue
        isProvisional = header.isProvisional
        self.content = content
        self.journal = journal
        tzdata = header.tzdataVersion
        software = header.softwareVersion
        self.files = files.sorted { $0.name < $1.name }
    }

    /// The text form.
    public var text: String {
        var lines = [
            ReportManifest.schema, "period: \(period)", "recipient: \(recipient)",
            "language: \(language)", "revision: \(revision)",
        ]
        if issue > 1 { lines.append("issue: \(issue)") }
        lines += [
            "provisional: \(isProvisional ? "yes" : "no")", "content: \(content)",
            "journal: \(journal)", "tzdata: \(tzdata)", "software: \(software)",
        ]
        lines += files.map { "file: \($0.digest) \($0.octets) \($0.name)" }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Reads the text form; nil for anything that `text` would not write just so.
    public init?(parsing text: String) {
        guard text.utf8.count <= ReportManifest.largestFile else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var issue = 1
        if lines.count > 5, lines[5].hasPrefix("issue: ") {
            guard let number = Int(lines.remove(at: 5).dropFirst(7)), number > 1 else { return nil }
            issue = number
        }
        guard lines.count >= 11, lines[0] == ReportManifest.schema, lines.last == "" else {
            return nil
        }
        func value(_ line: Int, _ key: String) -> String? {
            lines[line].hasPrefix(key + ": ") ? String(lines[line].dropFirst(key.count + 2)) : nil
        }
        guard let period = value(1, "period"), let recipient = value(2, "recipient"),
            let language = value(3, "language"),
            let revision = value(4, "revision").flatMap(Int.init),
            let provisional = value(5, "provisional"), let content = value(6, "content"),
            let journal = value(7, "journal"), let tzdata = value(8, "tzdata"),
            let software = value(9, "software"), revision > 0, ReportManifest.isDigest(content)
        else { return nil }
        let files = lines[10..<(lines.count - 1)].map(File.init(line:))
        guard files.count <= ReportManifest.fileLimit, !files.contains(nil) else { return nil }
        self.period = period
        self.recipient = recipient
        self.language = language
        self.revision = revision
        self.issue = issue
        isProvisional = provisional == "yes"
        self.content = content
        self.journal = journal
        self.tzdata = tzdata
        self.software = software
        self.files = files.compactMap { $0 }
        let names = self.files.map(\.name)
        guard zip(names, names.dropFirst()).allSatisfy({ $0 < $1 }), self.text == text else {
            return nil
        }
    }

    /// The folder of the issue, such as `kuzet-2026-10-coordinator-ru-r1`.
    public var folderName: String {
        ReportManifest.folderName(
            period: period, recipient: recipient, language: language, revision: revision,
            issue: issue)
    }

    /// The folder of an issue, with the issue's number from the second on; what a file system may not like becomes `_`.
    public static func folderName(
        period: String, recipient: String, language: String, revision: Int, issue: Int
    ) -> String {
        let tail = issue > 1 ? "-i\(issue)" : ""
        let name = "kuzet-\(period)-\(recipient)-\(language)-r\(revision)\(tail)"
        return String(
            name.unicodeScalars.map { scalar in
                let isPlain =
                    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                    || ("0"..."9").contains(scalar) || "-.+".unicodeScalars.contains(scalar)
                return isPlain ? Character(scalar) : scalar == ":" ? "-" : "_"
            })
    }

    static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    }
}

extension ReportManifest.File {
    /// Reads `file: DIGEST OCTETS NAME`; a name that leads out of the folder is none.
    fileprivate init?(line: String) {
        guard line.hasPrefix("file: ") else { return nil }
        let parts = line.dropFirst(6).split(
            separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, ReportManifest.isDigest(String(parts[0])),
            let octets = Int(parts[1]), octets >= 0
        else { return nil }
        let name = String(parts[2])
        let isName =
            !name.isEmpty && name.first != "."
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }
        guard isName else { return nil }
        self.init(name: name, octets: octets, digest: String(parts[0]))
    }
}
