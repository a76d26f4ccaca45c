// SPDX-License-Identifier: Apache-2.0
import Ledger
import Measurements
import Registry
import Reports
import Timekeeping

/// Makes one issue of a report: decides its revision, writes its files, and enters it into the
/// journal.
///
/// Files are written into a folder beside the place where they belong and moved there at the end:
/// either a whole report is there or none.
struct ReportRun {
    let request: ReportRequest
    let now: Instant

    /// What became of it.
    struct Outcome: Equatable {
        /// The folder with the files.
        var folder: String
        var revision: Int
        /// Whether the same had been issued before.
        var isUnchanged: Bool
        var isSigned: Bool
    }

    func run() throws(ReportFault) -> Outcome {
        var statement = Statement.make(try sources())
        let content = ReportRun.digest(of: statement.content)
        let history = try issues()
        let last = history.last
        let isKnown = last?.report.digests["content"] == content
        statement.header.revision = (last?.report.revision ?? 0) + (isKnown ? 0 : 1)
        let revision = statement.header.revision
        if revision > 1 {
            statement.differences = try differences(
                statement, history.last { $0.report.revision == revision - 1 })
        }
        let place = "\(request.out)/\(folderName(revision))"
        if isKnown, let last, isWhole(place, last.report) {
            return Outcome(
                folder: place, revision: revision, isUnchanged: true, isSigned: request.key != nil)
        }
        let known = isKnown ? last : nil
        let fresh = place + ".new"
        let isNewFolder = !ReportFiles.exists(request.out)
        try ReportFiles.makeFolder(request.out)
        ReportFiles.removeFolder(fresh)
        try ReportFiles.makeFolder(fresh)
        do throws(ReportFault) {
            try issue(statement, content, known, in: fresh)
            try ReportFiles.replace(place, with: fresh)
        } catch {
            ReportFiles.removeFolder(fresh)
            if isNewFolder { ReportFiles.removeFolder(request.out) }
            throw error
        }
        return Outcome(
            folder: place, revision: revision, isUnchanged: isKnown,
            isSigned: request.key != nil)
    }

    // MARK: - What was issued before

    /// A report in the journal, and the head of the journal when it was made.
    struct Issue {
        var report: IssuedReport
        var head: Checkpoint
    }

    private func issues() throws(ReportFault) -> [Issue] {
        try reading { ledger throws(LedgerFault) in
            var issues: [Issue] = []
            var before: JournalEntry?
            for entry in try ledger.entries() {
                if case .reportIssued(let report) = entry.event, isOurs(report), let before {
                    let head = Checkpoint(
                        node: ledger.node.text, entries: before.index, hash: before.hash)
                    issues.append(Issue(report: report, head: head))
                }
                before = entry
            }
            return issues
        }
    }

    private func isOurs(_ report: IssuedReport) -> Bool {
        report.period == request.periodName && report.recipient == request.recipient.description
            && report.language == request.language.rawValue
    }

    private func sources() throws(ReportFault) -> StatementSources {
        guard ReportFiles.exists(request.ledger) else {
            throw ReportFault("\(request.ledger): no such ledger")
        }
        let ledger = try open(.readOnly)
        return try ReportSources(ledger: ledger, request: request, now: now).sources()
    }

    private func reading<Value>(
        _ body: (Ledger) throws(LedgerFault) -> Value
    ) throws(ReportFault) -> Value {
        let ledger = try open(.readOnly)
        do throws(LedgerFault) { return try body(ledger) } catch { throw ReportFault("\(error)") }
    }

    private func open(_ access: Ledger.Access) throws(ReportFault) -> Ledger {
        do throws(LedgerFault) { return try Ledger.open(request.ledger, access: access) } catch {
            throw ReportFault("\(error)")
        }
    }

    /// What changed since the revision before, if its figures are still in its folder.
    private func differences(
        _ statement: Statement, _ previous: Issue?
    ) throws(ReportFault) -> Statement.Differences? {
        guard let previous else { return nil }
        let path = "\(request.out)/\(folderName(previous.report.revision))/\(ReportRun.figuresName)"
        var rows: [StatementDifference]?
        if ReportFiles.exists(path) {
            let octets = try ReportFiles.read(path, limit: StatementFigures.largestFile)
            if ReportFiles.digest(octets) == previous.report.digests[ReportRun.figuresName],
                let figures = StatementFigures(parsing: String(decoding: octets, as: UTF8.self))
            {
                rows = StatementFigures(statement).differences(from: figures)
            }
        }
        return Statement.Differences(
            previousRevision: previous.report.revision,
            previousDigest: previous.report.digests["content"] ?? "", rows: rows)
    }

    static let figuresName = "figures.tsv"

    private func folderName(_ revision: Int) -> String {
        ReportManifest.folderName(
            period: request.periodName, recipient: request.recipient.description,
            language: request.language.rawValue, revision: revision)
    }

    static func digest(of statement: Statement) -> String {
        var hash = RunningDigest()
        let sink = DocumentSink { hash.update($0) }
        statement.writeJSON(to: sink)
        sink.flush()
        return hash.finish()
    }

    /// Whether every file asked for lies there as it was issued, and signed if there is a key.
    private func isWhole(_ place: String, _ report: IssuedReport) -> Bool {
        guard
            let octets = try? ReportFiles.read(
                "\(place)/\(ReportManifest.fileName)", limit: ReportManifest.largestFile),
            ReportFiles.digest(octets) == report.digests["manifest"],
            let manifest = ReportManifest(parsing: String(decoding: octets, as: UTF8.self)),
            request.key == nil || ReportFiles.exists("\(place)/\(ReportManifest.signatureName)")
        else { return false }
        let names = Set(manifest.files.map(\.name))
        let isComplete = request.formats.allSatisfy { names.isSuperset(of: fileNames(of: $0)) }
        return isComplete
            && manifest.files.allSatisfy { file in
                guard let octets = try? ReportFiles.read("\(place)/\(file.name)") else {
                    return false
                }
                return octets.count == file.octets && ReportFiles.digest(octets) == file.digest
            }
    }

    private func fileNames(of format: ReportRequest.Format) -> [String] {
        switch format {
        case .html, .pdf, .json: ["report." + format.rawValue]
        case .csv: StatementTable.allCases.map(\.fileName)
        }
    }

    // MARK: - Writing

    private func issue(
        _ statement: Statement, _ content: String, _ known: Issue?, in folder: String
    ) throws(ReportFault) {
        // What was issued in other forms comes along, so that one manifest covers all.
        var formats = request.formats
        if let known {
            for format in ReportRequest.Format.allCases
            where fileNames(of: format).contains(where: { known.report.digests[$0] != nil }) {
                formats.insert(format)
            }
        }
        let files = try write(statement, formats, in: folder)
        let digests = Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.digest) })
        if let known { try compare(digests, known.report) }
        let isSame = known.map { Set($0.report.digests.keys).isSuperset(of: digests.keys) } ?? false
        let ledger = isSame ? nil : try open(.readWrite)
        var head = known?.head
        if let ledger { head = try self.head(of: ledger) }
        let manifest = ReportManifest(
            header: statement.header, language: request.language.rawValue, content: content,
            journal: head?.description ?? "", files: files)
        let text = Array(manifest.text.utf8)
        try sign(text, in: folder)
        guard let ledger else { return }
        let all = digests.merging(["content": content, "manifest": ReportFiles.digest(text)]) { $1 }
        do throws(LedgerFault) {
            let report = IssuedReport(
                number: try ledger.issuedReports().count + 1, period: request.periodName,
                recipient: request.recipient.description, language: request.language.rawValue,
                revision: statement.header.revision, digests: all)
            try ledger.append(.reportIssued(report), by: Ledger.program, at: now)
            try ledger.close()
        } catch {
            throw ReportFault("\(error)")
        }
    }

    /// The journal's head, once every entry was looked at: a report vouches for it.
    private func head(of ledger: Ledger) throws(ReportFault) -> Checkpoint? {
        let verdict: JournalVerdict
        do throws(LedgerFault) { verdict = try ledger.verify() } catch {
            throw ReportFault("\(error)")
        }
        guard verdict.isSound else {
            throw ReportFault(
                "\(request.ledger): entry \(verdict.firstBad ?? 0) of the journal "
                    + "\(verdict.reason); no report is issued on a journal that was changed")
        }
        return verdict.head
    }

    private func sign(_ manifest: [UInt8], in folder: String) throws(ReportFault) {
        try ReportFiles.write(manifest, to: "\(folder)/\(ReportManifest.fileName)")
        guard let key = request.key else { return }
        guard let signature = SigningKey.signature(of: manifest, privateKey: key) else {
            throw ReportFault("the private key cannot sign")
        }
        try ReportFiles.write(signature, to: "\(folder)/\(ReportManifest.signatureName)")
    }

    /// That what was issued can be made again to the octet; the PDF is another program's.
    private func compare(
        _ digests: [String: String], _ report: IssuedReport
    ) throws(ReportFault) {
        let other = digests.filter { name, digest in
            name != "report.pdf" && report.digests[name].map { $0 != digest } ?? false
        }.keys.sorted()
        guard other.isEmpty else {
            throw ReportFault(
                "revision \(report.revision) cannot be made again: \(other.joined(separator: ", ")) "
                    + "would differ; give --out with the folder of revision "
                    + "\(report.revision - 1) in it")
        }
    }

    private func write(
        _ statement: Statement, _ formats: Set<ReportRequest.Format>, in folder: String
    ) throws(ReportFault) -> [ReportManifest.File] {
        var files: [ReportManifest.File] = []
        func add(_ name: String, _ body: (DocumentSink) -> Void) throws(ReportFault) {
            let file = try WrittenFile("\(folder)/\(name)")
            let sink = DocumentSink { file.write($0) }
            body(sink)
            sink.flush()
            files.append(.init(name: name, octets: file.octets, digest: try file.finish()))
        }
        try add(ReportRun.figuresName) { StatementFigures(statement).write(to: $0) }
        if formats.contains(.json) {
            try add("report.json") { statement.writeJSON(to: $0) }
        }
        if formats.contains(.csv) {
            for table in StatementTable.allCases {
                try add(table.fileName) {
                    statement.writeCSV(table, to: $0, marksEncoding: request.marksEncoding)
                }
            }
        }
        guard formats.contains(.html) || formats.contains(.pdf) else { return files }
        try add("report.html") { statement.writeHTML(in: request.language, to: $0) }
        guard formats.contains(.pdf) else { return files }
        let pdf = "\(folder)/report.pdf"
        try WeasyPrint.run(
            html: "\(folder)/report.html", pdf: pdf,
            epoch: statement.header.period.end.nanoseconds / 1_000_000_000)
        let octets = try ReportFiles.read(pdf)
        files.append(
            .init(name: "report.pdf", octets: octets.count, digest: ReportFiles.digest(octets)))
        return files
    }
}
