// SPDX-License-Identifier: Apache-2.0
import Ledger
import Measurements
import Registry
import Reports
import Timekeeping

/// Makes one issue of a report: decides its revision, writes its files, and enters it into the
/// journal.
///
/// A **revision** is what is said: the next one begins when what was measured, judged or entered
/// differs from the last. An **issue** of a revision is how it is said: another version of the
/// program, of the style or of the PDF's maker writes other octets about the same, and that is the
/// revision's next issue, in a folder of its own; what was issued before is never overwritten by
/// other octets. Asking for further forms of the last issue adds files to it.
///
/// Files are written into a folder beside the place where they belong and moved there at the end:
/// either a whole report is there or none.
struct ReportRun {
    let request: ReportRequest
    let now: Instant
    /// The version that the report names as its maker's.
    var software = SoftwareVersion.number
    /// Makes the PDF.
    var printer = WeasyPrint()
    /// How long a process that writes the ledger may take to enter the issue, ms (chosen: a node
    /// looks each second, and a busy one may close an hour in between).
    var patience = 15_000

    /// What became of it.
    struct Outcome: Equatable {
        /// The folder with the files.
        var folder: String
        var revision: Int
        /// Which issue of the revision.
        var issue: Int
        /// Whether the same had been issued before.
        var isUnchanged: Bool
        var isSigned: Bool
    }

    func run() throws(ReportFault) -> Outcome {
        let isNewFolder = !ReportFiles.exists(request.out)
        guard isNewFolder || ReportFiles.isFolder(request.out) else {
            throw ReportFault("\(request.out): is no folder (expected the one for reports)")
        }
        let statement = Statement.make(try sources())
        let history = IssueHistory(try issues())
        try ReportFiles.makeFolder(request.out)
        let fresh = "\(request.out)/\(folderName(1, 1)).new"
        ReportFiles.removeFolder(fresh)
        do throws(ReportFault) {
            try ReportFiles.makeFolder(fresh)
            let outcome = try run(statement, history, in: fresh)
            ReportFiles.removeFolder(fresh)
            return outcome
        } catch {
            ReportFiles.removeFolder(fresh)
            if isNewFolder { ReportFiles.removeFolder(request.out) }
            throw error
        }
    }

    private func run(
        _ statement: Statement, _ history: IssueHistory, in fresh: String
    ) throws(ReportFault) -> Outcome {
        var statement = statement
        var draft = Draft(
            content: ReportRun.digest { statement.writeContent(to: $0) },
            figures: ReportRun.digest { StatementFigures(statement).write(to: $0) },
            formats: request.formats)
        let last = history.last
        let isSaid = last.map { draft.saysTheSame(as: $0.report) } ?? false
        statement.header.revision = (last?.report.revision ?? 0) + (isSaid ? 0 : 1)
        statement.differences = try differences(statement, history, isSaid ? last : nil)
        draft.differences = statement.differences.flatMap(\.rowsDigest)
        guard isSaid, let last else {
            return try issue(statement, draft, in: fresh)
        }
        statement.header.issue = last.issue
        // What was issued in other forms comes along, so that one manifest covers all.
        draft.formats.formUnion(last.report.formats)
        var files = try write(statement, draft.formats, in: fresh)
        guard last.report.agrees(with: files) else {
            return try issueNext(statement, draft, in: fresh)
        }
        let place = "\(request.out)/\(folderName(statement.header))"
        if isWhole(place, last.report) {
            return Outcome(
                folder: place, revision: statement.header.revision, issue: last.issue,
                isUnchanged: true, isSigned: request.key != nil)
        }
        try print(statement, draft.formats, &files, in: fresh)
        guard last.report.agrees(with: files) else {
            return try issueNext(statement, draft, in: fresh)
        }
        return try enter(statement, draft, files, last, in: fresh)
    }

    /// Issues the same in its new form.
    private func issueNext(
        _ statement: Statement, _ draft: Draft, in fresh: String
    ) throws(ReportFault) -> Outcome {
        var next = statement
        next.header.issue += 1
        return try issue(next, draft, in: fresh)
    }

    /// Issues what was not issued before.
    private func issue(
        _ statement: Statement, _ draft: Draft, in fresh: String
    ) throws(ReportFault) -> Outcome {
        let place = "\(request.out)/\(folderName(statement.header))"
        guard !ReportFiles.exists(place) else {
            throw ReportFault(
                "\(place): is there already, and is no report that the journal of "
                    + "\(request.ledger) tells of; move it away, or give another --out")
        }
        var files = try write(statement, draft.formats, in: fresh)
        try print(statement, draft.formats, &files, in: fresh)
        return try enter(statement, draft, files, nil, in: fresh)
    }

    // MARK: - What was issued before

    private func issues() throws(ReportFault) -> [IssueHistory.Entry] {
        try reading { ledger throws(LedgerFault) in
            var issues: [IssueHistory.Entry] = []
            var before: JournalEntry?
            for entry in try ledger.entries() {
                if case .reportIssued(let report) = entry.event, isOurs(report), let before {
                    let head =
                        report.head
                        ?? Checkpoint(
                            node: ledger.node.text, entries: before.index, hash: before.hash)
                    issues.append(IssueHistory.Entry(report: report, head: head))
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
        guard !ReportFiles.isFolder(request.ledger) else {
            throw ReportFault("\(request.ledger): is a folder (expected the ledger's file)")
        }
        let ledger = try open()
        return try ReportSources(
            ledger: ledger, request: request, now: now, software: software
        ).sources()
    }

    private func reading<Value>(
        _ body: (Ledger) throws(LedgerFault) -> Value
    ) throws(ReportFault) -> Value {
        let ledger = try open()
        do throws(LedgerFault) { return try body(ledger) } catch { throw ReportFault("\(error)") }
    }

    private func open() throws(ReportFault) -> Ledger {
        do throws(LedgerFault) { return try Ledger.open(request.ledger, access: .readOnly) } catch {
            throw ReportFault("\(error)")
        }
    }

    /// What changed since the revision before, if its figures are still in its folder.
    ///
    /// What was issued with such a table is not made again without it, nor the other way round.
    private func differences(
        _ statement: Statement, _ history: IssueHistory, _ last: IssueHistory.Entry?
    ) throws(ReportFault) -> Statement.Differences? {
        let before = statement.header.revision - 1
        guard before > 0, let previous = history.last(of: before) else { return nil }
        let folder = folderName(before, previous.issue)
        let path = "\(request.out)/\(folder)/\(ReportRun.figuresName)"
        var rows: [StatementDifference]?
        let isWanted = last.map { $0.report.digests[Draft.differencesKey] != nil } ?? true
        if isWanted, ReportFiles.exists(path) {
            let octets = try ReportFiles.read(path, limit: StatementFigures.largestFile)
            if ReportFiles.digest(octets) == previous.report.digests[ReportRun.figuresName],
                let figures = StatementFigures(parsing: String(decoding: octets, as: UTF8.self))
            {
                rows = StatementFigures(statement).differences(from: figures)
            }
        }
        if isWanted, last != nil, rows == nil {
            throw ReportFault(
                "\(path): not there as it was issued; revision \(before + 1) tells what changed "
                    + "since revision \(before) and cannot be made again without it; give --out "
                    + "the folder that has \(folder)")
        }
        return Statement.Differences(
            previousRevision: before, previousDigest: previous.report.content, rows: rows)
    }

    static let figuresName = "figures.tsv"

    private func folderName(_ header: Statement.Header) -> String {
        folderName(header.revision, header.issue)
    }

    private func folderName(_ revision: Int, _ issue: Int) -> String {
        ReportManifest.folderName(
            period: request.periodName, recipient: request.recipient.description,
            language: request.language.rawValue, revision: revision, issue: issue)
    }

    static func digest(_ body: (DocumentSink) -> Void) -> String {
        var hash = RunningDigest()
        let sink = DocumentSink { hash.update($0) }
        body(sink)
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
        let isComplete = request.formats.allSatisfy { names.isSuperset(of: $0.fileNames) }
        return isComplete
            && manifest.files.allSatisfy { file in
                guard let octets = try? ReportFiles.read("\(place)/\(file.name)") else {
                    return false
                }
                return octets.count == file.octets && ReportFiles.digest(octets) == file.digest
            }
    }

    // MARK: - Writing

    /// Writes manifest and signature, enters the issue into the journal, and puts it in its place.
    ///
    /// Of one that is known nothing is entered unless it has further forms.
    private func enter(
        _ statement: Statement, _ draft: Draft, _ files: [ReportManifest.File],
        _ known: IssueHistory.Entry?, in fresh: String
    ) throws(ReportFault) -> Outcome {
        let header = statement.header
        let place = "\(request.out)/\(folderName(header))"
        let digests = Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.digest) })
        let isSame = known.map { Set($0.report.digests.keys).isSuperset(of: digests.keys) } ?? false
        let head = try isSame ? known?.head : self.head()
        let manifest = ReportManifest(
            header: header, language: request.language.rawValue, content: draft.content,
            journal: head?.description ?? "", files: files)
        let text = Array(manifest.text.utf8)
        try sign(text, in: fresh)
        if !isSame {
            var all = digests.merging(draft.digests) { $1 }
            all[Draft.manifestKey] = ReportFiles.digest(text)
            try enter(
                IssuedReport(
                    period: request.periodName, recipient: request.recipient.description,
                    language: request.language.rawValue, revision: header.revision, digests: all,
                    head: head))
        }
        try ReportFiles.replace(place, with: fresh)
        return Outcome(
            folder: place, revision: header.revision, issue: header.issue,
            isUnchanged: known != nil, isSigned: request.key != nil)
    }

    /// Enters an issue into the journal, through the process that writes the ledger if one does.
    ///
    /// One that was not entered in time is withdrawn: no report is told of that nobody has.
    private func enter(_ report: IssuedReport) throws(ReportFault) {
        let now = now
        do throws(LedgerFault) {
            _ = try Ledger.enter(
                .reportIssued(report), by: Ledger.program, into: request.ledger, clock: { now },
                patience: patience, leavesRequest: false)
        } catch {
            throw ReportFault("\(error)")
        }
    }

    /// The journal's head, once every entry was looked at: a report vouches for it.
    private func head() throws(ReportFault) -> Checkpoint? {
        let verdict = try reading { ledger throws(LedgerFault) in try ledger.verify() }
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

    /// Writes every file but the PDF, and the page if a PDF is to be made of it.
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
        if formats.contains(.html) || formats.contains(.pdf) {
            try add("report.html") { statement.writeHTML(in: request.language, to: $0) }
        }
        return files
    }

    /// Makes the PDF of the page that is in the folder, if one is asked for.
    private func print(
        _ statement: Statement, _ formats: Set<ReportRequest.Format>,
        _ files: inout [ReportManifest.File], in folder: String
    ) throws(ReportFault) {
        guard formats.contains(.pdf) else { return }
        let pdf = "\(folder)/report.pdf"
        try printer.run(
            html: "\(folder)/report.html", pdf: pdf,
            epoch: statement.header.period.end.nanoseconds / 1_000_000_000)
        let octets = try ReportFiles.read(pdf, limit: printer.largestPDF)
        files.append(
            .init(name: "report.pdf", octets: octets.count, digest: ReportFiles.digest(octets)))
    }
}
