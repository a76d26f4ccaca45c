// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Registry
import Settings
import Simulation
import Testing
import Timekeeping

@testable import kuzet

/// Six captures, each with one fault, from the capture to the report that names it with its clause.
@Suite struct ReplayCommandTests {
    static let cameras = [
        ("cam-fps12", "12 frames a second", "rtsp://192.168.10.11:8554/fps12"),
        ("cam-hd720", "720 lines", "rtsp://192.168.10.11:8554/hd720"),
        ("cam-h264", "stands still, clock wrong", "rtsp://192.168.10.11:8554/h264"),
        ("cam-mpeg4", "a quarter lost", "rtsp://192.168.10.11:8554/mpeg4"),
        ("cam-cut", "network cut", "10.64.0.1"),
    ]

    /// A folder with the registry, gone with the test.
    final class Lab {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "kuzet-\(UUID().uuidString)").path
        var registry: String { folder + "/registry" }
        var ledger: String { folder + "/ledger" }

        init() throws {
            try FileManager.default.createDirectory(
                atPath: registry, withIntermediateDirectories: true)
            let files = [
                "parties.yaml": """
                parties:
                  - {id: coordinator, name: Coordinator, role: coordinator, language: ru}
                  - {id: tech, name: Centre, role: technical-operator, language: ru}
                  - {id: carrier, name: Carrier, role: network-operator, language: ru}
                  - {id: owner, name: Owner, role: subscriber, language: ru}
                """,
                "sites.yaml": """
                sites:
                  - {id: yard, name: Yard, subscriber: owner, object_class: other, \
                time_zone: Asia/Almaty}
                """,
                "channels.yaml": """
                channels:
                  - {id: line, name: Line, operator: carrier, medium: fibre, role: main, \
                encrypted: false, sites: [yard]}
                """,
                "agreements.yaml": "agreements: []",
                "cameras.csv": "id,name,site,channel,kind,stream\n"
                    + ReplayCommandTests.cameras.map { id, name, stream in
                        "\(id),\(name.replacing(",", with: " ")),yard,line,outdoor-overview,\(stream)"
                    }.joined(separator: "\n"),
            ]
            for (name, text) in files {
                try (text + "\n").write(
                    toFile: registry + "/" + name, atomically: true, encoding: .utf8)
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func replay(_ files: [String]) throws {
            let command = try ReplayCommand.parse(
                files + ["--registry", registry, "--ledger", ledger])
            try command.run()
        }

        /// The files of the report of a day.
        func report(_ day: String) throws -> [String: String] {
            let request = try ReportRequest(
                .init(
                    period: day, recipient: "coordinator", language: "ru", formats: "html,csv",
                    out: folder + "/out", ledger: ledger, registry: registry))
            let now = Instant(nanoseconds: 1_796_000_000_000_000_000)
            let outcome = try ReportRun(request: request, now: now).run()
            var files: [String: String] = [:]
            for name in [
                "report.html", "criteria.csv", "cameras.csv", "outages.csv", "intervals.csv",
                "stalls.csv",
            ] {
                files[name] = try String(
                    contentsOfFile: outcome.folder + "/" + name, encoding: .utf8)
            }
            return files
        }

        /// Two minutes of a camera of which everything of thirty seconds was lost.
        func writeCut(to path: String) throws {
            var options = SyntheticCapture.Options()
            options.extent = .nanoseconds(130_000_000_000)
            options.snapLength = 96
            // 2026-11-22T12:30:00Z, beside the captures that were made on a network.
            options.start = Instant(nanoseconds: 1_795_350_600_000_000_000)
            var capture = SyntheticCapture(options)
            let file = Simulation.CaptureFile(snapLength: options.snapLength)
            var octets: [UInt8] = []
            file.appendHeader(to: &octets)
            while true {
                let begin = file.beginRecord(in: &octets)
                guard let record = capture.next(into: &octets) else {
                    file.cancelRecord(at: begin, in: &octets)
                    break
                }
                let second = record.time.nanoseconds(since: options.start) / 1_000_000_000
                if (35..<65).contains(second) {
                    file.cancelRecord(at: begin, in: &octets)
                } else {
                    file.finishRecord(
                        at: begin, time: record.time, originalLength: record.originalLength,
                        in: &octets)
                }
            }
            try Data(octets).write(to: URL(filePath: path))
        }
    }

    static func fixture(_ name: String) -> String {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(folder)/Fixtures/captures/\(name)"
    }

    /// The fields of the one line of a CSV file that begins with `start`.
    static func line(_ file: String?, _ start: String) throws -> [String: String] {
        let lines = try #require(file).split(separator: "\r\n").map(String.init)
        let names = try #require(lines.first).split(separator: ",").map(String.init)
        let found = try #require(lines.first { $0.hasPrefix(start) }, "\(start)")
        let fields = found.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return Dictionary(uniqueKeysWithValues: zip(names, fields))
    }

    @Test func `a report of six captures names each fault with its clause`() throws {
        let lab = try Lab()
        try lab.writeCut(to: lab.folder + "/cut.pcap")
        try lab.replay(
            [
                "viol_fps12.pcapng.gz", "dscp_af41_then_cs0.pcapng.gz",
                "clock_plus3200ms.pcapng.gz", "stall_freeze_6s.pcapng.gz",
                "loss25pct_mpeg4.pcap.gz",
            ].map(Self.fixture) + [lab.folder + "/cut.pcap"])
        let files = try lab.report("2026-11-22")
        for (camera, criterion, clause) in [
            ("cam-fps12", "frame-rate", "A2.1.3"), ("cam-hd720", "resolution", "A2.1.1"),
            ("cam-h264", "clock-offset", "A2.6.2"), ("cam-mpeg4", "loss", "A2.1.4"),
        ] {
            let found = try Self.line(files["criteria.csv"], "\(camera),\(criterion),")
            #expect(found["clause"] == clause)
            #expect(found["verdict"] == "breached", "\(camera) \(criterion)")
        }
        // A sender that stood still for 6 s: too short for downtime, and told as what it is.
        let camera = try Self.line(files["cameras.csv"], "cam-h264,")
        #expect(try #require(Double(camera["largest_gap_s"] ?? "")) > 6.03)
        let stalled = try Self.line(files["stalls.csv"], "cam-h264,")
        #expect(stalled["clause"] == "A2.7.2")
        #expect((6.0...6.1).contains(try #require(Double(stalled["stall_s"] ?? ""))))
        let stalls = try #require(files["stalls.csv"]).split(separator: "\r\n").dropFirst()
        #expect(stalls.allSatisfy { $0.hasPrefix("cam-h264,") }, "\(stalls)")
        let cut = try Self.line(files["outages.csv"], "camera,cam-cut,")
        #expect(cut["cause"] == "silence")
        let lost = try #require(Double(cut["in_period_s"] ?? ""))
        // The cut lasted 30 s; what went missing in it is no loss of the time after it.
        #expect((29.9...30.2).contains(lost))
        let downtime = try Self.line(files["criteria.csv"], "cam-cut,downtime,")
        #expect(downtime["clause"] == "A2.7.5" && downtime["breaches"] == "1")
        let page = try #require(files["report.html"]).replacing("\u{a0}", with: " ")
        for words in [
            "скорость преобразования видеосигнала (приложение 2, п. 1, подп. 3) – ",
            "разрешающая способность (приложение 2, п. 1, подп. 1) – ",
            "потери пакетов (приложение 2, п. 1, подп. 4) – ",
            "отклонение часов от точного времени (приложение 2, п. 6, подп. 2) – ",
            "Наибольший разрыв (приложение 2, п. 7, подп. 2)",
            "Остановки изображения (приложение 2, п. 7, подп. 2))",
            "Остановка изображения: 6,05",
            "Данные не поступали <span class=\"soft\">(приложение 2, п. 7, подп. 5)",
        ] {
            #expect(page.contains(words), "\(words)")
        }
    }

    @Test func `what follows the end of somebody else's session is unknown, and says why`() throws {
        let lab = try Lab()
        try lab.replay([Self.fixture("stall_freeze_6s.pcapng.gz")])
        let files = try lab.report("2026-11-22")
        // TEARDOWN after 15 s of a capture of 161 s.
        let released = try #require(files["intervals.csv"]).split(separator: "\r\n")
            .filter { $0.hasPrefix("cam-h264,") && $0.contains(",unknown,released,") }
        #expect(released.count == 1)
        let length = released.first?.split(separator: ",")[3]
        #expect(try #require(Double(length ?? "")) > 140)
        let outages = try #require(files["outages.csv"]).split(separator: "\r\n")
        #expect(outages.count == 1, "none")
        let page = try #require(files["report.html"])
        #expect(page.contains("сеанс завершён получателем (TEARDOWN)"))
    }
}
