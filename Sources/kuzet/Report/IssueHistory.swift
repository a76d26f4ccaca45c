// SPDX-License-Identifier: Apache-2.0
import Ledger
import Reports

/// The reports of one period, reader and language that the journal has, in their order.
struct IssueHistory {
    /// A report in the journal, and the head of the journal when it was made.
    struct Entry {
        var report: IssuedReport
        var head: Checkpoint
        /// Counts from 1 within the revision.
        var issue = 1
    }

    private let entries: [Entry]

    /// Counts the issues of each revision: an entry whose files are other octets than those of the
    /// entry before it begins the next issue, one that only has further files goes on with it.
    init(_ found: [Entry]) {
        var entries: [Entry] = []
        for var entry in found {
            if let last = entries.last, last.report.revision == entry.report.revision {
                entry.issue = last.issue + (last.report.agrees(with: entry.report) ? 0 : 1)
            }
            entries.append(entry)
        }
        self.entries = entries
    }

    /// What was issued last.
    var last: Entry? { entries.last }

    /// The last issue of a revision.
    func last(of revision: Int) -> Entry? { entries.last { $0.report.revision == revision } }
}

/// What is to be issued, as far as it is compared with what was.
struct Draft {
    /// SHA-256 of what the report says, whatever its form.
    var content: String
    /// SHA-256 of `figures.tsv`.
    var figures: String
    /// SHA-256 of the table of differences; nil without one.
    var differences: String?
    var formats: Set<ReportRequest.Format>

    /// Keys of an issue's digests that are no names of files.
    static let contentKey = "says"
    static let manifestKey = "manifest"
    static let differencesKey = "differences"
    /// What earlier builds kept in the place of `contentKey`: the SHA-256 of their JSON.
    static let formerContentKey = "content"
    static let keys: Set<String> = [contentKey, manifestKey, differencesKey, formerContentKey]

    /// What the journal keeps of it besides the files.
    var digests: [String: String] {
        var digests = [Draft.contentKey: content]
        digests[Draft.differencesKey] = differences
        return digests
    }

    /// Whether an issue said the same; one of an earlier build is known by its figures alone.
    func saysTheSame(as report: IssuedReport) -> Bool {
        report.digests[Draft.contentKey].map { $0 == content }
            ?? (report.digests[ReportRun.figuresName] == figures)
    }
}

extension IssuedReport {
    /// SHA-256 of what it says.
    var content: String {
        digests[Draft.contentKey] ?? digests[Draft.formerContentKey] ?? ""
    }

    /// The forms that it was issued in.
    var formats: Set<ReportRequest.Format> {
        Set(
            ReportRequest.Format.allCases.filter { format in
                format.fileNames.contains { digests[$0] != nil }
            })
    }

    /// Whether no file is other octets than those issued; further files do not matter.
    func agrees(with files: [ReportManifest.File]) -> Bool {
        files.allSatisfy { file in digests[file.name].map { $0 == file.digest } ?? true }
    }

    /// Whether the files that both have are the same octets.
    func agrees(with other: IssuedReport) -> Bool {
        digests.allSatisfy { name, digest in
            Draft.keys.contains(name) || (other.digests[name].map { $0 == digest } ?? true)
        }
    }
}

extension ReportRequest.Format {
    /// The files of a report in this form.
    var fileNames: [String] {
        switch self {
        case .html, .pdf, .json: ["report." + rawValue]
        case .csv: StatementTable.allCases.map(\.fileName)
        }
    }
}

extension Statement.Differences {
    /// SHA-256 of the table's rows; nil if there is no table.
    var rowsDigest: String? {
        guard isTableKnown else { return nil }
        return ReportRun.digest { sink in
            for row in rows {
                sink.write("\(row.subject)\t\(row.figure)\t\(row.from ?? "")\t\(row.to ?? "")\n")
            }
        }
    }
}
