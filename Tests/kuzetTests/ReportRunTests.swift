// SPDX-License-Identifier: Apache-2.0
import Agreements
import Foundation
import Ledger
import Measurements
import Registry
import Reports
import Settings
import Testing
import Timekeeping

@testable import kuzet

/// A ledger of three cameras in October 2026 and a folder for reports, gone with the test.
final class ReportLab {
    let folder: String
    let key: String
    /// 2026-10-01T00:00:00+05:00.
    static let october = Instant(nanoseconds: 1_790_794_800_000_000_000)
    static let hour: Int64 = 3_600_000_000_000
    static let december = october.advanced(byNanoseconds: 61 * 24 * hour)

    init() throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "kuzet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        folder = path.path
        let (privateKey, publicKey) = SigningKey.generate()
        key = privateKey
        try publicKey.write(toFile: folder + "/key.pub", atomically: true, encoding: .utf8)
        let ledger = try Ledger.open(folder + "/l", access: .readWrite)
        for camera in Self.registry.cameras {
            try change(camera.id, in: ledger, down: 3)
        }
        try ledger.close()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func id<ID: RegistryIdentifier>(_ text: String) -> ID {
        guard let id = ID(text) else { preconditionFailure("\(text) is no identity") }
        return id
    }

    static let registry: Registry = {
        func drafted<Value>(_ values: [Value]) -> [Drafted<Value>] {
            values.map { Drafted($0, at: SourcePlace(file: "made-up")) }
        }
        var drafts = RegistryDrafts()
        drafts.parties = drafted([
            Party(id: id("net"), name: "Net", role: .networkOperator),
            Party(id: id("school"), name: "School", role: .subscriber, language: .russian),
        ])
        drafts.sites = drafted([Site(id: id("yard"), name: "Yard", subscriber: id("school"))])
        drafts.channels = drafted([
            Channel(id: id("fo"), name: "Fibre", operator: id("net"), sites: [id("yard")])
        ])
        drafts.cameras = drafted(
            (1...3).map {
                Camera(
                    id: id("cam-\($0)"), name: "Camera \($0)", site: id("yard"), channel: id("fo"))
            })
        guard let registry = Registry.make(drafts).registry else {
            preconditionFailure("the made-up registry is wrong")
        }
        return registry
    }()

    /// Sets a camera's October: up, but for `down` hours from the 5th on.
    func change(_ camera: CameraID, in ledger: Ledger, down: Int64) throws {
        let month = TimeRange(start: Self.october, nanoseconds: 31 * 24 * Self.hour)
        let trouble = TimeRange(
            start: Self.october.advanced(byNanoseconds: 4 * 24 * Self.hour),
            nanoseconds: down * Self.hour)
        let spans = [
            (TimeRange(start: month.start, end: trouble.start), Condition.up),
            (trouble, .down(.silence)), (TimeRange(start: trouble.end, end: month.end), .up),
        ].compactMap { range, condition in
            range.map { ConditionSpan(range: $0, condition: condition) }
        }
        try ledger.replaceConditions(of: camera, in: month, with: spans, checkpoints: [])
    }

    func words(_ change: (inout ReportRequest.Words) -> Void = { _ in }) -> ReportRequest.Words {
        var words = ReportRequest.Words(
            period: "2026-10", recipient: "coordinator", language: "en", formats: "html,csv,json",
            out: folder + "/out", ledger: folder + "/l")
        change(&words)
        return words
    }

    func run(
        now: Instant = december, software: String = "1.0.0", printer: WeasyPrint = WeasyPrint(),
        _ change: (inout ReportRequest.Words) -> Void = { _ in }
    ) throws -> ReportRun.Outcome {
        let zone = try ZoneRules.almaty
        let request = try ReportRequest(
            words(change), registry: Self.registry, zone: zone, key: Array(key.utf8))
        return try ReportRun(request: request, now: now, software: software, printer: printer)
            .run()
    }

    /// Has late data of a camera come.
    func correct(_ camera: String, down: Int64) throws {
        let ledger = try Ledger.open(folder + "/l", access: .readWrite)
        try change(Self.id(camera), in: ledger, down: down)
        try ledger.close()
    }

    /// How many reports the journal tells of.
    func issued() throws -> Int {
        try Ledger.open(folder + "/l", access: .readOnly).issuedReports().count
    }

    func files(_ folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            files[name] = FileManager.default.contents(atPath: folder + "/" + name)
        }
        return files
    }
}

extension ZoneRules {
    static var almaty: ZoneRules { get throws { try ZoneFiles.rules("Asia/Almaty") } }
}

@Suite struct ReportRunTests {
    @Test func `a report is a folder with a manifest, a signature and every file asked for`() throws
    {
        let lab = try ReportLab()
        let outcome = try lab.run()
        #expect(outcome.revision == 1 && !outcome.isUnchanged && outcome.isSigned)
        let names = Set(try lab.files(outcome.folder).keys)
        #expect(
            names.isSuperset(of: [
                "report.html", "report.json", "cameras.csv", "figures.tsv", "manifest.txt",
                "manifest.txt.sig",
            ]))
        let manifest = try ReportVerification(
            place: outcome.folder, publicKey: lab.folder + "/key.pub"
        ).run()
        #expect(manifest.files.count == names.count - 2)
        #expect(manifest.journal.hasPrefix("kuzet-journal "))
        #expect(outcome.folder.hasSuffix("/out/kuzet-2026-10-coordinator-en-r1"))
    }

    @Test func `a second report of the same is the same to the octet, in its place and elsewhere`()
        throws
    {
        let lab = try ReportLab()
        let first = try lab.run()
        let files = try lab.files(first.folder)
        let again = try lab.run()
        #expect(again.isUnchanged && again.revision == 1)
        #expect(try lab.files(again.folder) == files)
        let elsewhere = try lab.run { $0.out = lab.folder + "/other" }
        #expect(elsewhere.isUnchanged && elsewhere.folder != first.folder)
        var copies = try lab.files(elsewhere.folder)
        var originals = files
        // Two signatures of one text may differ; each is good.
        copies["manifest.txt.sig"] = nil
        originals["manifest.txt.sig"] = nil
        #expect(copies == originals)
        _ = try ReportVerification(
            place: elsewhere.folder, publicKey: lab.folder + "/key.pub"
        ).run()
    }

    @Test func `late data make the next revision with what changed, and the first still verifies`()
        throws
    {
        let lab = try ReportLab()
        let first = try lab.run()
        try lab.correct("cam-2", down: 5)
        let second = try lab.run()
        #expect(second.revision == 2 && !second.isUnchanged)
        let page = String(
            decoding: try #require(try lab.files(second.folder)["report.html"]), as: UTF8.self)
        #expect(page.contains("cam-2") && page.contains(">Down: failure</td>"))
        for folder in [first.folder, second.folder] {
            _ = try ReportVerification(place: folder, publicKey: lab.folder + "/key.pub").run()
        }
        #expect(try lab.run().revision == 2)
    }

    @Test func `another form of the same joins the revision`() throws {
        let lab = try ReportLab()
        _ = try lab.run { $0.formats = "json" }
        let both = try lab.run { $0.formats = "html" }
        #expect(both.revision == 1)
        let names = Set(try lab.files(both.folder).keys)
        #expect(names.isSuperset(of: ["report.json", "report.html"]))
        #expect(try lab.run { $0.formats = "html,json" }.isUnchanged)
    }

    @Test func `any change of any file, of the manifest or of the signature is found`() throws {
        let lab = try ReportLab()
        let outcome = try lab.run()
        for (name, data) in try lab.files(outcome.folder) where !data.isEmpty {
            var damaged = data
            damaged[damaged.count / 2] ^= 1
            let path = outcome.folder + "/" + name
            try damaged.write(to: URL(filePath: path))
            #expect(throws: ReportFault.self, "\(name)") {
                try ReportVerification(
                    place: outcome.folder, publicKey: lab.folder + "/key.pub"
                ).run()
            }
            try data.write(to: URL(filePath: path))
        }
    }

    @Test func `what cannot be made changes nothing and says all that is wrong`() throws {
        let lab = try ReportLab()
        let journal = try Ledger.open(lab.folder + "/l", access: .readOnly).entries().count
        let wrong: [((inout ReportRequest.Words) -> Void, String)] = [
            ({ $0.period = "2027-10" }, "lies in the future"),
            ({ $0.period = "2026-10-05..2026-10-01" }, "--period"),
            ({ $0.period = "2026-13" }, "--period"),
            ({ $0.recipient = "subscriber:nobody" }, "school"),
            ({ $0.recipient = "network-operator:school" }, "network-operator"),
            ({ $0.recipient = "king" }, "coordinator, technical-operator"),
            ({ $0.language = "fr" }, "kk, ru or en"),
            ({ $0.formats = "html,docx" }, "html,pdf,csv,json"),
            ({ $0.ledger = lab.folder + "/none" }, "no such ledger"),
            ({ $0.ledger = lab.folder + "/key.pub" }, "is no ledger of Kuzet"),
            ({ $0.ledger = lab.folder }, "is a folder (expected the ledger's file)"),
            ({ $0.out = lab.folder + "/key.pub" }, "is no folder"),
            ({ $0.out = lab.folder + "/none/none" }, "whose own must be there"),
        ]
        for (change, expected) in wrong {
            do {
                _ = try lab.run(change)
                Issue.record("\(expected) was let through")
            } catch let fault as ReportFault {
                #expect(fault.description.contains(expected), "\(fault)")
            }
        }
        #expect(!FileManager.default.fileExists(atPath: lab.folder + "/out"))
        #expect(!FileManager.default.fileExists(atPath: lab.folder + "/none"))
        #expect(
            try Ledger.open(lab.folder + "/l", access: .readOnly).entries().count == journal)
    }

    @Test func `where the registry is and what the zone is called is looked at first`() throws {
        let lab = try ReportLab()
        let wrong: [((inout ReportRequest.Words) -> Void, String)] = [
            ({ $0.registry = lab.folder + "/none" }, "no such folder (expected that of"),
            (
                {
                    $0.registry = lab.folder
                    $0.zone = "Mars/Base"
                }, "--zone: unknown zone (got \"Mars/Base\"; expected an IANA name"
            ),
        ]
        for (change, expected) in wrong {
            do throws(ReportFault) {
                _ = try ReportRequest(lab.words(change))
                Issue.record("\(expected) was let through")
            } catch {
                #expect(error.description.contains(expected), "\(error)")
            }
        }
    }

    @Test func `the reader's language is taken where none is named`() throws {
        let lab = try ReportLab()
        let outcome = try lab.run {
            $0.recipient = "subscriber:school"
            $0.language = nil
        }
        #expect(outcome.folder.hasSuffix("kuzet-2026-10-subscriber-school-ru-r1"))
    }
}
