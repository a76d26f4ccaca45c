// SPDX-License-Identifier: Apache-2.0
import Agreements
import ArgumentParser
import Glibc
import Ledger
import Registry
import Timekeeping

/// `kuzet account`: how every second of a period was spent, and what is left of the 50 hours.
struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Shows how every second of a period was spent, camera by camera.",
        discussion: """
            up, degraded, down, unknown and excluded add up to the period. The budget is that of \
            the calendar year (A2.7.5: 50 h); where time is unknown it is given as a range.

            Examples:
              kuzet account --settings kuzet.yaml --period 2026-10
              kuzet account --settings kuzet.yaml --period 2026 --camera cam-0042
              kuzet account --ledger l --registry r --period 2026 --against truth
            """)

    @OptionGroup var keeping: KeepingArguments

    @Option(help: "2026, 2026-10, 2026-Q3, 2026-W40, 2026-10-05 or FROM..TO.")
    var period: String

    @Option(help: "Show this camera's every stretch, its cause and who is responsible.")
    var camera: String?

    @Option(help: "Cameras to list, worst first.")
    var worst = 20

    @Option(help: "Compare with the truth of a simulated history.", completion: .file())
    var against: String?

    func run() throws {
        try Messages.refusing {
            let (registry, zone, _) = try keeping.open()
            let range: TimeRange
            do {
                range = try Period(parsing: period, zone: zone).range(in: zone)
            } catch {
                throw Refusal("--period: \(error)")
            }
            let ledger = try keeping.openLedger(.readOnly)
            let reading = try AccountReading(ledger, registry, zone)
            let account = try reading.account(of: range)
            if let against {
                try compare(account, with: against)
            } else if let camera {
                try show(camera, of: account, zone)
            } else {
                show(account, zone)
            }
        }
    }

    /// Holds the account against a file of the truth; the last line says how it ended.
    private func compare(_ account: Account, with path: String) throws {
        let truth = try TruthFile(path: path, text: try read(path))
        guard truth.period == account.period else {
            throw Refusal(
                "\(path): tells of \(truth.period.start) to \(truth.period.end), the account of"
                    + " \(account.period.start) to \(account.period.end)")
        }
        let comparison = TruthComparison(
            truth: truth.lines, account: TruthFile.lines(of: account))
        let shown = 20
        for line in comparison.missing.prefix(shown) {
            Decision.tell("truth only:   \(line.shown)")
        }
        for line in comparison.surplus.prefix(shown) {
            Decision.tell("account only: \(line.shown)")
        }
        let total = account.cameras.reduce(into: StateTotals()) { $0.add($1.totals) }
        let isWhole =
            total.total == Int128(account.accounted.nanoseconds) * Int128(account.cameras.count)
        guard comparison.agrees, isWhole, account.cameras.count == truth.cameras else {
            Decision.tell(
                "\(comparison.agreed) intervals agree, \(comparison.missing.count) are missing,"
                    + " \(comparison.surplus.count) are too many: the account is not the truth")
            throw ExitCode(1)
        }
        Decision.tell(
            "all \(comparison.agreed) intervals of \(account.cameras.count) cameras, their"
                + " channels and sites agree: the account is the truth")
    }

    private func read(_ path: String) throws -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Refusal("\(path): cannot be read") }
        defer { close(descriptor) }
        var octets: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { break }
            octets += piece[..<count]
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
