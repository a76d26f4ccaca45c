// SPDX-License-Identifier: Apache-2.0
import Agreements
import Glibc
import Ledger
import Measurements
import Registry
import Settings
import Simulation
import Testing
import Timekeeping

@testable import kuzet

/// A folder of a test's own, gone when the test is over.
final class ScratchFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/kuzet-test-XXXXXX\0".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { buffer -> Bool in
            guard let base = buffer.baseAddress else { return false }
            return unsafe mkdtemp(base) != nil
        }
        guard made else { throw Refusal("no folder for a test") }
        path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    deinit {
        for name in ["l", "l-wal", "l-shm", "l.lock"] { unsafe unlink(path + "/" + name) }
        unsafe rmdir(path)
    }
}

@Suite struct BookkeeperTests {
    private static let plan = HistoryPlan(
        HistoryOptions(
            cameras: 16,
            range: TimeRange(
                start: Instant(nanoseconds: 1_767_207_600_000_000_000),
                nanoseconds: 45 * 86_400_000_000_000), seed: 12))

    /// Plays the history into a ledger, batches in the order that `order` gives, and accounts.
    private func lines(
        _ order: ([HistoryBatch]) -> [HistoryBatch]
    ) throws -> (lines: [TruthFile.Line], rejudged: Int) {
        let names = HistoryRegistry(Self.plan.layout)
        let registry = try #require(Registry.make(names.drafts).registry)
        let folder = try ScratchFolder()
        let ledger = try Ledger.open(folder.path + "/l", access: .readWrite)
        var events: [JournalEvent] = []
        for (index, work) in Self.plan.works.enumerated() {
            events.append(
                .workAdded(
                    PlannedWork(
                        id: "work-\(index)", scope: .channel(names.channel(work.channel)),
                        range: work.range, what: "w", enteredBy: "o", enteredAt: work.enteredAt)))
        }
        for (index, entry) in Self.plan.exclusions.enumerated() {
            events.append(
                .exclusionAdded(
                    Exclusion(
                        id: "exclusion-\(index)", scope: .site(names.site(entry.site)),
                        range: entry.range, reason: "r", document: "d", enteredBy: "o",
                        enteredAt: entry.enteredAt)))
        }
        for event in events { _ = try ledger.append(event, by: "test") }
        let keeper = Bookkeeper(ledger, registry)
        var feed = HistoryFeed(Self.plan)
        var batches: [HistoryBatch] = []
        while let batch = feed.next() { batches.append(batch) }
        let node = try #require(NodeID("probe-1"))
        let vantage = try #require(VantageID("probe-1/eth0"))
        for batch in order(batches) {
            let records = batch.records.map {
                KeptObservation(
                    identity: RecordIdentity(
                        node: node, epoch: Epoch(high: 1, low: UInt64(batch.probe)),
                        sequence: $0.sequence),
                    camera: names.camera($0.camera), vantage: vantage, observation: $0.observation)
            }
            _ = try keeper.accept(records)
        }
        let zone = try ZoneFiles.rules("Asia/Almaty")
        let reading = try AccountReading(ledger, registry, zone)
        let account = try reading.account(
            of: Self.plan.options.range, wallClock: Self.plan.options.range.end)
        try ledger.close()
        return (TruthFile.lines(of: account), keeper.rejudged)
    }

    @Test func `the account of a simulated history is the truth`() throws {
        let account = try lines { $0 }
        let comparison = TruthComparison(
            truth: TruthFile(Self.plan).lines, account: account.lines)
        #expect(comparison.missing.map(\.text) == [])
        #expect(comparison.surplus.map(\.text) == [])
        #expect(comparison.agreed > 30)
    }

    @Test func `whole days that come in another order give the same account`() throws {
        let shuffled = try lines { batches in
            var random = SplitMix64(seed: 99)
            var rest = batches
            // Within a fortnight, as a probe with a long backlog delivers.
            for index in rest.indices {
                let other = min(rest.count - 1, index + random.below(14))
                rest.swapAt(index, other)
            }
            return rest
        }
        #expect(shuffled.rejudged > 0)
        let comparison = TruthComparison(
            truth: TruthFile(Self.plan).lines, account: shuffled.lines)
        #expect(comparison.missing.map(\.text) == [])
        #expect(comparison.surplus.map(\.text) == [])
    }
}
