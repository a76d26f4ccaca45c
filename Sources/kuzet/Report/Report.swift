// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc
import Ledger
import Reports
import Settings

/// `kuzet report`: what the coordinator reads.
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes and verifies reports on functioning (¶16.2, ¶17.2).",
        subcommands: [ReportIssue.self, ReportVerify.self, ReportKeygen.self],
        defaultSubcommand: ReportIssue.self)

    /// Prints what is wrong and ends with status 2; nothing was changed.
    static func failing(_ body: () throws(ReportFault) -> Void) throws {
        do throws(ReportFault) { try body() } catch {
            let messages = ByteSink(descriptor: STDERR_FILENO)
            for line in error.lines { messages.write(line + "\n") }
            messages.flush()
            throw ExitCode(2)
        }
    }

    static func say(_ line: String) {
        let sink = ByteSink(descriptor: STDOUT_FILENO)
        sink.write(line + "\n")
        sink.flush()
    }
}

/// `kuzet report issue`, or without the word: one report of one period for one reader.
struct ReportIssue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Writes a report of a period.",
        discussion: """
            Writes the folder kuzet-PERIOD-RECIPIENT-LANGUAGE-rREVISION into --out, with \
            manifest.txt, which has the SHA-256 of every file, and its signature. A new revision \
            is made only if what it says differs from the one before.

            Examples:
              kuzet report --settings kuzet.yaml --period 2026-10 --for coordinator --out reports
              kuzet report --ledger L.sqlite --registry DIR --period 2026-Q3 \
            --for subscriber:school-board --language ru --format html,csv --out reports

            Ends with 0 when the report is there, with 2 when none could be made: then nothing \
            was written.
            """)

    @Option(help: "Such as 2026-10, 2026-Q3, 2026-W40, 2026, 2026-10-05 or FROM..TO.")
    var period: String

    @Option(
        name: .customLong("for"),
        help: "coordinator, technical-operator, network-operator:ID or subscriber:ID.")
    var recipient: String

    @Option(help: "kk, ru or en; that of the reader by default.")
    var language: String?

    @Option(help: "Forms, separated by commas.")
    var format = "html,pdf,csv,json"

    @Option(help: "The folder that reports are put into.", completion: .directory)
    var out: String

    @Option(help: "The settings, which name the ledger and the registry.", completion: .file())
    var settings: String?

    @Option(help: "The ledger, if not that of the settings.", completion: .file())
    var ledger: String?

    @Option(help: "The folder of the registry, without settings.", completion: .directory)
    var registry: String?

    @Option(help: "The system's time zone, without settings.")
    var zone = KuzetSettings.defaultZone

    @Option(help: "The private key to sign with (Ed25519, PEM).", completion: .file())
    var key: String?

    @Flag(help: "Begin CSV files with a byte order mark, as some spreadsheets want it.")
    var bom = false

    func validate() throws {
        if settings == nil, ledger == nil || registry == nil {
            throw ValidationError("Give --settings, or --ledger and --registry.")
        }
        if settings != nil, registry != nil {
            throw ValidationError("--registry goes without --settings, which name one.")
        }
    }

    func run() throws {
        try Report.failing { () throws(ReportFault) in
            let request = try ReportRequest(
                .init(
                    period: period, recipient: recipient, language: language, formats: format,
                    marksEncoding: bom, out: out, settings: settings, ledger: ledger,
                    registry: registry, zone: zone, key: key))
            let outcome = try ReportRun(request: request, now: Ledger.wallClock()).run()
            let what =
                outcome.isUnchanged
                ? "the same as issued before"
                : outcome.issue > 1 ? "the same figures in another form" : "new"
            let issue = outcome.issue > 1 ? ", issue \(outcome.issue)" : ""
            let signed = outcome.isSigned ? "signed" : "not signed: no key was given"
            Report.say(
                "\(outcome.folder): revision \(outcome.revision)\(issue), \(what), \(signed)")
        }
    }
}

/// `kuzet report verify`: whether a report is as it was issued, by the public key alone.
struct ReportVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks a report's signature and files; needs no ledger and no network.",
        discussion: "Ends with 0 if all is as it was issued, with 2 if anything is not.")

    @Argument(help: "The folder of a report, or its manifest.txt.", completion: .file())
    var place: String

    @Option(help: "The public key of who issued it (Ed25519, PEM).", completion: .file())
    var publicKey: String

    func run() throws {
        try Report.failing { () throws(ReportFault) in
            let manifest = try ReportVerification(place: place, publicKey: publicKey).run()
            Report.say(
                "\(manifest.folderName): revision \(manifest.revision) is as it was issued, "
                    + "\(manifest.files.count) files; signature good")
        }
    }
}

/// `kuzet report keygen`: a key pair to sign reports with.
struct ReportKeygen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Makes a key pair to sign reports with: NAME.key and NAME.pub.",
        discussion: """
            Keep NAME.key where its owner alone may read it, and hand NAME.pub to whoever \
            receives reports. Files that exist are not overwritten.
            """)

    @Argument(help: "The files' name, such as reports.")
    var name: String

    func run() throws {
        try Report.failing { () throws(ReportFault) in
            let (privateKey, publicKey) = SigningKey.generate()
            for path in [name + ".key", name + ".pub"] where ReportFiles.exists(path) {
                throw ReportFault("\(path): exists already; nothing was written")
            }
            try ReportFiles.write(Array(privateKey.utf8), to: name + ".key", mode: 0o600)
            try ReportFiles.write(Array(publicKey.utf8), to: name + ".pub")
            Report.say("\(name).key (keep it), \(name).pub (hand it out)")
        }
    }
}
