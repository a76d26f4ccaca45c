// SPDX-License-Identifier: Apache-2.0
import Agreements
import ArgumentParser
import Glibc
import Ledger
import Measurements
import Registry
import Settings
import Simulation
import Timekeeping

/// `kuzet simulate history`: a seeded stretch of a whole system's life, and the truth about it.
struct SimulateHistory: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Writes the ledger of a simulated system whose true history is known.",
        discussion: """
            Cameras fail, lose packets, slow down and lose the time; channels are cut and worked \
            on; sites lose power; probes go dark, and deliver late and twice. All of it follows \
            from the seed. `kuzet account --against` holds the account against the truth.
            """)

    @Option(help: "Cameras of the system.")
    var cameras = 100

    @Option(help: "The calendar year in the system's zone.")
    var year = 2026

    @Option(help: "Only so many days from the year's start.")
    var days: Int?

    @Option(help: "Decides everything random.")
    var seed: UInt64 = 1

    @Option(help: "The ledger to write; it must not exist.")
    var ledger: String

    @Option(help: "The folder to write the registry to.")
    var registry: String

    @Option(help: "The file to write the truth to.")
    var truth: String

    func validate() throws {
        guard (1...HistoryOptions.greatestCameras).contains(cameras) else {
            throw ValidationError("--cameras must be 1 to \(HistoryOptions.greatestCameras).")
        }
        guard Period(year: year) != nil, (1...366).contains(days ?? 1) else {
            throw ValidationError("--year must be 1970 to 2261, --days 1 to 366.")
        }
    }

    func run() throws {
        try Messages.refusing {
            guard unsafe access(ledger, F_OK) != 0 else {
                throw Refusal("\(ledger) exists already: a history begins with an empty ledger")
            }
            let zone = try ZoneFiles.rules(KuzetSettings.defaultZone)
            guard var range = Period(year: year)?.range(in: zone) else { return }
            if let days {
                range = TimeRange(
                    start: range.start, nanoseconds: min(range.nanoseconds, Int64(days) * Self.day))
            }
            let plan = HistoryPlan(HistoryOptions(cameras: cameras, range: range, seed: seed))
            let names = HistoryRegistry(plan.layout)
            guard let registry = Registry.make(names.drafts).registry else {
                preconditionFailure("the simulated registry holds together")
            }
            try RegistryFiles.write(registry, to: self.registry)
            try write(TruthFile(plan).text, to: truth)
            try HistoryWriter(plan, names, registry, ledger).write()
        }
    }

    private static let day: Int64 = 86_400_000_000_000

    private func write(_ text: String, to path: String) throws {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Refusal("\(path): cannot be written") }
        let sink = ByteSink(descriptor: descriptor)
        sink.write(text)
        sink.flush()
        close(descriptor)
    }
}

/// Plays a simulated history into a ledger, by the road that real measurements take.
private struct HistoryWriter {
    let plan: HistoryPlan
    let names: HistoryRegistry
    let registry: Registry
    let path: String

    init(_ plan: HistoryPlan, _ names: HistoryRegistry, _ registry: Registry, _ path: String) {
        self.plan = plan
        self.names = names
        self.registry = registry
        self.path = path
    }

    func write() throws {
        guard let node = NodeID("hub"), let vantages = vantages() else { return }
        // The ledger's own events are dated inside the history: then it is the same every time.
        let end = plan.options.range.end
        let ledger = try Ledger.open(path, access: .readWrite, node: node, clock: { end })
        try enterDecisions(ledger)
        let keeper = Bookkeeper(ledger, registry)
        var feed = HistoryFeed(plan)
        var (kept, repeats, day) = (0, 0, 0)
        let started = MonotonicClock.now
        while let batch = feed.next() {
            let epoch = Epoch(high: plan.options.seed, low: UInt64(batch.probe))
            let records = batch.records.map { record in
                KeptObservation(
                    identity: RecordIdentity(
                        node: vantages[batch.probe].0, epoch: epoch, sequence: record.sequence),
                    camera: names.camera(record.camera), vantage: vantages[batch.probe].1,
                    observation: record.observation)
            }
            let acceptance = try keeper.accept(records)
            kept += acceptance.new
            repeats += acceptance.known
            if batch.day >= day + 7 {
                day = batch.day
                try closeHours(ledger, until: day)
            }
        }
        try closeHours(ledger, until: feed.days)
        try ledger.close()
        let seconds = Double(MonotonicClock.now - started) / 1e9
        Messages.say(
            "\(kept) measurements kept, \(repeats) known before, \(keeper.judged) judged,"
                + " \(keeper.rejudged) cameras judged again, \(DecimalText.fixed(seconds, decimals: 1)) s"
        )
    }

    private func closeHours(_ ledger: Ledger, until day: Int) throws {
        let start = plan.options.range.start.nanoseconds
        let bound = Instant(nanoseconds: start + Int64(day) * 86_400_000_000_000)
        _ = try ledger.closeHours(before: bound) { camera, instant in
            registry.thresholds(for: camera, at: instant).maximumLoss
        }
    }

    private func vantages() -> [(NodeID, VantageID)]? {
        var vantages: [(NodeID, VantageID)] = []
        for probe in 0..<plan.layout.probes {
            guard let node = NodeID("probe-\(probe + 1)"),
                let vantage = VantageID("probe-\(probe + 1)/eth0")
            else { return nil }
            vantages.append((node, vantage))
        }
        return vantages
    }

    /// Enters the planned works and exclusions in the order in which they were entered.
    private func enterDecisions(_ ledger: Ledger) throws {
        var events: [(at: Instant, by: String, event: JournalEvent)] = []
        for (index, work) in plan.works.enumerated() {
            let by = names.operator(ofChannel: work.channel).text
            let planned = PlannedWork(
                id: "work-\(index + 1)", scope: .channel(names.channel(work.channel)),
                range: work.range, what: "жоспарлы жұмыстар", enteredBy: by,
                enteredAt: work.enteredAt)
            events.append((work.enteredAt, by, .workAdded(planned)))
        }
        for (index, entry) in plan.exclusions.enumerated() {
            let by = "technical-operator"
            let exclusion = Exclusion(
                id: "exclusion-\(index + 1)", scope: .site(names.site(entry.site)),
                range: entry.range, reason: "заңда көзделген ажырату (¶18.2)",
                document: "№ \(100 + index)", enteredBy: by, enteredAt: entry.enteredAt)
            events.append((entry.enteredAt, by, .exclusionAdded(exclusion)))
        }
        events.sort { $0.at < $1.at }
        for event in events { _ = try ledger.append(event.event, by: event.by, at: event.at) }
    }
}
